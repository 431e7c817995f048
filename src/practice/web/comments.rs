//! Answering what educators say about an answer, and saying that it was read.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::find;
use super::said::{Refused, Why, known};
use super::transcript::page;
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::clock::is_id;
use crate::db::Work;
use crate::practice::Attempt;
use crate::practice::guard::{Anyway, check, shown};
use crate::practice::store::{SentAnyway, hold_any, mark};
use crate::review::store::hers::{self, ReleasedComment};
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, LONGEST_TEXT, Path, Text};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/me/comments/{comment}", Who::Nurse, open),
        post("/me/comments/{comment}", Who::Nurse, answer),
        get("/me/comments/{comment}/read", Who::Nurse, open),
        post("/me/comments/{comment}/read", Who::Nurse, read),
    ]
}

/// The comment on an answer of hers that was released to her; anything else is not there.
async fn find_comment(app: &App, nurse: &Nurse, id: &str) -> Result<ReleasedComment> {
    if !is_id(id) {
        return Err(Error::NotFound);
    }
    hers::comment(&mut app.db.read().await?, nurse, id).await?.ok_or(Error::NotFound)
}

fn back(comment: &ReleasedComment, query: &str) -> Response {
    to(&format!("/attempts/{}/transcript{query}#comment-{}", comment.attempt_id, comment.id))
}

/// The comment where it stands: a browser opens this address where it was left on a page with a problem.
async fn open(State(app): State<App>, nurse: Nurse, Path(id): Path<String>) -> Result<Response> {
    Ok(back(&find_comment(&app, &nurse, &id).await?, ""))
}

/// What the form under a comment sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerForm {
    #[serde(default)]
    token: String,
    /// What was blacked out in the attempt when the form was made, as [`mark`] gives it.
    #[serde(default)]
    blacked: String,
    #[serde(default)]
    text: Text,
    /// "Keep it as it is": about which details it was asked.
    anyway: Option<String>,
    /// About which details its page had asked.
    asked: Option<String>,
}

/// Said where words were blacked out since the form was made.
const OVERTAKEN: &str = "While you had this page open, your educator blacked out words here, to protect a real person. \
                         Look whether they are in what you typed, and take them out. Then send it again.";

/// What became of an answer.
enum Sent {
    /// It stands there, now or from before.
    Stands,
    /// This form has sent another text before.
    Another,
    /// Words were blacked out since the form was made; they may be in it.
    Overtaken,
    /// The comment is not there any more.
    Gone,
}

async fn answer(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    let comment = find_comment(&app, &nurse, &id).await?;
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let attempt = find(&app, &nurse, &comment.attempt_id).await?;
    let mut is_overtaken = false;
    let why = match looked_through(&comment, &attempt, &form) {
        Err(why) => why,
        Ok(kinds) => {
            let anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
            match send(&app, &nurse, &id, &form, (&attempt, anyway)).await? {
                Sent::Stands => return Ok(back(&comment, &format!("?sent={}", comment.id))),
                Sent::Gone => return Err(Error::NotFound),
                Sent::Overtaken => {
                    is_overtaken = true;
                    Why::Problem(OVERTAKEN.to_owned())
                }
                Sent::Another => Why::Problem(
                    "An answer from this page stands there already. To add this one to it, send it again."
                        .to_owned(),
                ),
            }
        }
    };
    let (comment, typed) = (comment.id.clone(), form.text.as_str().to_owned());
    let blacked = (!is_overtaken).then(|| form.blacked.clone());
    let refused = Refused { comment, typed, blacked, why };
    let page = page(&app, &nurse, &attempt, Some(&refused), None).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Looks at an answer before it is kept: the kinds of what is sent anyway, or why it is not taken.
fn looked_through(
    comment: &ReleasedComment,
    attempt: &Attempt,
    form: &AnswerForm,
) -> std::result::Result<Option<String>, Why> {
    if form.text.is_empty() {
        return Err(Why::Problem("Write what you’d like to answer".to_owned()));
    }
    if form.text.excess() > 0 {
        return Err(Why::Problem(format!(
            "That is {} characters too long to send ({LONGEST_TEXT} is the most). Shorten it; everything you typed \
             is still here.",
            form.text.excess()
        )));
    }
    let field = format!("answer-{}", comment.id);
    let shown = || shown(&attempt.revision, &attempt.policy);
    let fields = [(field.as_str(), form.text.as_str())];
    let answer = Anyway::read(form.anyway.as_deref()).after(form.asked.as_deref());
    check(&fields, &answer, shown).kinds().map_err(Why::Ask)
}

/// Writes the answer; whoever answers a comment has read it.
async fn send(
    app: &App,
    nurse: &Nurse,
    comment: &str,
    form: &AnswerForm,
    (attempt, anyway): (&Attempt, Option<SentAnyway>),
) -> Result<Sent> {
    let token_hash = token_hash(&form.token);
    let (nurse, comment, text) = (nurse.clone(), comment.to_owned(), form.text.as_str().to_owned());
    let about = attempt.clone();
    let (id, now, blacked) = (app.clock.new_id(), app.clock.now(), form.blacked.clone());
    let sending = app.db.write(move |conn| {
        let (nurse, comment, text) = (nurse.clone(), comment.clone(), text.clone());
        let (id, token_hash, blacked) = (id.clone(), token_hash.clone(), blacked.clone());
        let (attempt, anyway) = (about.clone(), anyway.clone());
        let work: Work<'_, Sent, sqlx::Error> = Box::pin(async move {
            // A form that is sent twice at once, and words that are blacked out right now, come one after the other.
            if !hold_any(conn, &nurse, &attempt).await? {
                return Ok(Sent::Gone);
            }
            let Some(comment) = hers::comment(conn, &nurse, &comment).await? else { return Ok(Sent::Gone) };
            let before = hers::answered(conn, &comment, &token_hash).await?;
            if before.is_none() && mark(&known(conn, &attempt.id).await?) != blacked {
                return Ok(Sent::Overtaken);
            }
            if hers::insert_answer(conn, &comment, &id, &text, &token_hash, now).await? {
                hers::mark_read(conn, &comment, now).await?;
                if let Some(anyway) = anyway {
                    let seat = attempt.assigned.as_ref().map(|assigned| &assigned.seat);
                    anyway.by_nurse(conn, nurse.id(), &attempt.id, seat).await?;
                }
                return Ok(Sent::Stands);
            }
            Ok(if before.as_deref() == Some(text.as_str()) { Sent::Stands } else { Sent::Another })
        });
        work
    });
    Ok(sending.await?)
}

/// What the button "I've read this" sends: nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadForm {}

async fn read(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Form(ReadForm {}): Form<ReadForm>,
) -> Result<Response> {
    let comment = find_comment(&app, &nurse, &id).await?;
    let (read, now) = (comment.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let read = read.clone();
            Box::pin(async move { hers::mark_read(conn, &read, now).await })
        })
        .await?;
    Ok(back(&comment, ""))
}
