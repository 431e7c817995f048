//! Writing a comment, releasing it, answering under it, and settling it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::place::{self, Place, Sent, Typed, with_typed};
use super::transcript::{Trouble, page};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::cohorts;
use crate::practice::Attempt;
use crate::review::remark::{Comment, CommentId};
use crate::review::store::{self, NewComment};
use crate::token::token_hash;
use crate::web::form::{LONGEST_TEXT, Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        post("/cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments", Who::Educator, write),
        post("/cohorts/{cohort}/comments/{comment}", Who::Educator, change),
        post("/cohorts/{cohort}/comments/{comment}/answers", Who::Educator, answer),
    ]
}

/// What the forms of a comment send.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommentForm {
    #[serde(default)]
    text: Text,
    #[serde(default)]
    token: String,
    #[serde(default, rename = "do")]
    what: String,
}

impl Typed for CommentForm {
    fn typed(&self) -> &str {
        self.text.as_str()
    }
}

/// What stands in the way of keeping a text.
fn problem(text: &Text) -> Option<String> {
    match (text.is_empty(), text.excess()) {
        (true, _) => Some("Write something first".to_owned()),
        (false, 0) => None,
        (false, excess) => {
            Some(format!("This is too long by {excess} characters (the most is {LONGEST_TEXT})"))
        }
    }
}

/// The transcript again, with what was typed and what is to be done about it.
async fn again(
    app: &App,
    educator: &Educator,
    (place, attempt): (&Place, &Attempt),
    trouble: Trouble,
) -> Result<Response> {
    let page = page(app, educator, place, attempt, Some(trouble)).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn write(
    State(app): State<App>,
    Path((_cohort, seat, attempt, number)): Path<(String, String, String, u32)>,
    Sent { educator, form }: Sent<CommentForm>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let found = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await;
    drop(conn);
    let answered =
        |attempt: &Attempt| attempt.replay().step(number).is_some_and(|step| step.answer.is_some());
    let (place, attempt) = match found {
        // Whoever deleted what was hers is not there to read it.
        Ok(found) if answered(&found.1) && !found.0.seat.is_erased() => found,
        Ok(_) => return Ok(with_typed(Error::NotFound, form.typed())),
        Err(error) => return Ok(with_typed(error, form.typed())),
    };
    if let Some(text) = problem(&form.text) {
        let field = format!("comment-{number}");
        let trouble = Trouble { field, text, typed: form.text.into_string() };
        return again(&app, &educator, (&place, &attempt), trouble).await;
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let new = NewComment {
        id: app.clock.new_id(),
        attempt: attempt.id.clone(),
        number,
        text: form.text.as_str().to_owned(),
        token_hash: token_hash(&form.token),
        released: form.what == "release",
    };
    let (audit, now) = (app.clock.new_id(), app.clock.now());
    let stored = app
        .db
        .write(move |conn| {
            let (educator, place, new, audit) = (educator.clone(), place.clone(), new.clone(), audit.clone());
            Box::pin(async move {
                let written = store::insert_comment(conn, &educator, &new, now).await?;
                if written && new.released {
                    note(conn, &released(&educator, &place, new.attempt.as_str(), audit, now)).await?;
                }
                let seat = cohorts::store::seat(conn, educator.cohort(), &place.seat.id).await?;
                Ok::<bool, sqlx::Error>(written || seat.is_some_and(|seat| !seat.is_erased()))
            })
        })
        .await;
    match stored {
        Ok(true) => Ok(to(&format!("{address}?saved=1#turn-{number}"))),
        Ok(false) => Ok(with_typed(Error::NotFound, form.typed())),
        Err(error) => Ok(with_typed(error.into(), form.typed())),
    }
}

/// That a comment was released, as it is noted.
fn released<'a>(
    educator: &'a Educator,
    place: &'a Place,
    attempt: &'a str,
    id: String,
    at: crate::clock::Millis,
) -> AuditEntry<'a> {
    AuditEntry {
        nurse_id: place.seat.nurse_id.as_deref(),
        object_id: Some(attempt),
        ..AuditEntry::by_educator(id, at, Event::Commented, educator)
    }
}

/// The comment of this address with the nurse and the attempt it is about.
async fn find(app: &App, educator: &Educator, comment: &str) -> Result<(Comment, Place, Attempt)> {
    let id = CommentId::read(comment).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let (comment, seat) = store::comment(&mut conn, educator, &id).await?.ok_or(Error::NotFound)?;
    let (place, attempt) = place::attempt(app, &mut conn, educator, (&seat, &comment.attempt_id)).await?;
    Ok((comment, place, attempt))
}

async fn change(
    State(app): State<App>,
    Path((_cohort, comment)): Path<(String, String)>,
    Sent { educator, form }: Sent<CommentForm>,
) -> Result<Response> {
    let (comment, place, attempt) = match find(&app, &educator, &comment).await {
        Ok(found) => found,
        Err(error) => return Ok(with_typed(error, form.typed())),
    };
    let writes = matches!(form.what.as_str(), "save" | "release");
    if let (true, Some(text)) = (writes && comment.released_at.is_none(), problem(&form.text)) {
        let field = format!("c-{}", comment.id.as_str());
        let trouble = Trouble { field, text, typed: form.text.into_string() };
        return again(&app, &educator, (&place, &attempt), trouble).await;
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let (number, text, what) = (comment.number, form.text.into_string(), form.what);
    let (audit, now) = (app.clock.new_id(), app.clock.now());
    app.db
        .write(move |conn| {
            let (educator, place, id, text) =
                (educator.clone(), place.clone(), comment.id.clone(), text.clone());
            let (what, attempt, audit) = (what.clone(), comment.attempt_id.clone(), audit.clone());
            Box::pin(async move {
                match what.as_str() {
                    "save" => store::save_draft(conn, &educator, &id, &text, None).await.map(drop),
                    "release" => {
                        if store::save_draft(conn, &educator, &id, &text, Some(now)).await? {
                            note(conn, &released(&educator, &place, &attempt, audit, now)).await?;
                        }
                        Ok(())
                    }
                    "delete" => store::delete_draft(conn, &educator, &id).await,
                    "resolve" => {
                        store::resolve(conn, &educator, &id, Some(now)).await?;
                        store::read_answers(conn, &educator, &id, now).await
                    }
                    "reopen" => store::resolve(conn, &educator, &id, None).await,
                    _ => Ok(()),
                }
            })
        })
        .await?;
    Ok(to(&format!("{address}?saved=1#turn-{number}")))
}

async fn answer(
    State(app): State<App>,
    Path((_cohort, comment)): Path<(String, String)>,
    Sent { educator, form }: Sent<CommentForm>,
) -> Result<Response> {
    let (comment, place, attempt) = match find(&app, &educator, &comment).await {
        Ok(found) if found.0.released_at.is_some() => found,
        Ok(_) => return Ok(with_typed(Error::NotFound, form.typed())),
        Err(error) => return Ok(with_typed(error, form.typed())),
    };
    if let Some(text) = problem(&form.text) {
        let field = format!("c-{}", comment.id.as_str());
        let trouble = Trouble { field, text, typed: form.text.into_string() };
        return again(&app, &educator, (&place, &attempt), trouble).await;
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let number = comment.number;
    let (id, text, token, now) =
        (app.clock.new_id(), form.text.into_string(), token_hash(&form.token), app.clock.now());
    app.db
        .write(move |conn| {
            let (educator, comment) = (educator.clone(), comment.id.clone());
            let (id, text, token) = (id.clone(), text.clone(), token.clone());
            Box::pin(async move {
                store::insert_answer(conn, &educator, &comment, (&id, &text, &token), now).await
            })
        })
        .await?;
    Ok(to(&format!("{address}?saved=1#turn-{number}")))
}
