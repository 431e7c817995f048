//! Taking one's practice along: everything recorded, as JSON or as a table.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;

use super::record::looked;
use crate::accounts::nurse::Nurse;
use crate::accounts::store::staff_names;
use crate::app::App;
use crate::clock::rfc3339;
use crate::cohorts::store::groups_of;
use crate::db::Conn;
use crate::practice::export::{AnswerOut, AttemptOut, COLUMNS, CommentOut, LookOut, LookingBackOut, rows};
use crate::practice::{Attempt, load, store};
use crate::review::store::hers;
use crate::web::Result;
use crate::web::route::{Route, Who, get};
use crate::web::table::{Kind, file, table};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/me/practice.json", Who::Nurse, json), get("/me/practice.csv", Who::Nurse, csv)]
}

/// Her attempts; and what she wrote when she looked back on work that is somebody else's by now.
async fn everything(app: &App, nurse: &Nurse) -> Result<(Vec<AttemptOut>, Vec<LookingBackOut>)> {
    let mut conn = app.db.read().await?;
    let mut reflections: BTreeMap<String, _> =
        store::reflections(&mut conn, nurse).await?.into_iter().collect();
    let attempts = load::attempts(&mut conn, &app.library, nurse, i64::MAX).await?;
    let groups = groups_of(&mut conn, nurse).await?;
    let mut comments = comments(&mut conn, nurse).await?;
    let out = |attempt: &Attempt| {
        let seat = attempt.assigned.as_ref().map(|assigned| &assigned.seat);
        let group = groups.iter().find(|group| Some(&group.seat) == seat);
        AttemptOut::new(attempt, reflections.remove(attempt.id.as_str())).in_group(
            group.map(|group| group.name.clone()),
            comments.remove(attempt.id.as_str()).unwrap_or_default(),
        )
    };
    let attempts = attempts.iter().map(out).collect();
    Ok((attempts, reflections.into_values().map(LookingBackOut::from).collect()))
}

/// What was said about her answers, by attempt, the oldest first.
async fn comments(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<BTreeMap<String, Vec<CommentOut>>> {
    let (found, answers) = (hers::comments(conn, nurse).await?, hers::answers(conn, nurse).await?);
    let names = staff_names(conn).await?;
    let name = |staff: &str| names.get(staff).cloned().unwrap_or_default();
    let mut comments: BTreeMap<String, Vec<CommentOut>> = BTreeMap::new();
    for comment in found.into_iter().rev() {
        let under = answers.iter().filter(|answer| answer.comment_id == comment.id);
        let answers = under.map(|answer| AnswerOut {
            by: answer.staff_id.as_deref().map_or_else(|| "you".to_owned(), name),
            at: rfc3339(answer.written_at),
            text: answer.text.clone(),
        });
        let out = CommentOut {
            turn: comment.turn_number,
            by: name(&comment.staff_id),
            at: rfc3339(comment.released_at),
            answers: answers.collect(),
            text: comment.text,
        };
        comments.entry(comment.attempt_id).or_default().push(out);
    }
    Ok(comments)
}

async fn json(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let (attempts, given_up) = everything(&app, &nurse).await?;
    let (looked, ..) = looked(&app, &nurse, i64::MAX).await?;
    let looked: Vec<LookOut> =
        looked.into_iter().map(|(at, what)| LookOut { at: rfc3339(at), what }).collect();
    let all = serde_json::json!({
        "attempts": attempts,
        "looking_back_on_work_that_is_anothers_now": given_up,
        "who_looked": looked,
    });
    let bytes = serde_json::to_vec_pretty(&all)?;
    Ok(file(Kind::Json, "my-practice", bytes))
}

async fn csv(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let (attempts, _) = everything(&app, &nurse).await?;
    Ok(file(Kind::Csv, "my-practice", table(&COLUMNS, rows(&attempts))?))
}
