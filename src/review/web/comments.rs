//! Writing a comment, and answering under it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::comment_form::CommentForm;
use super::place::{self, Place};
use super::transcript::{Trouble, page};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::clock::Millis;
use crate::db::Work;
use crate::practice::Attempt;
use crate::practice::store::{SentAnyway, hold_of_cohort};
use crate::review::remark::{Comment, CommentId};
use crate::review::store::{self, Answered, NewComment};
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        post("/cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments", Who::Educator, write),
        post("/cohorts/{cohort}/comments/{comment}/answers", Who::Educator, answer),
    ]
}

/// The transcript again, with what was typed and what is to be done about it.
pub(super) async fn again(
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
    educator: Educator,
    Form(form): Form<CommentForm>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await?;
    drop(conn);
    let answered = attempt.replay().step(number).is_some_and(|step| step.answer.is_some());
    // Whoever deleted what was hers is not there to read it.
    if !answered || place.seat.is_erased() {
        return Err(Error::NotFound);
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let field = format!("comment-{number}");
    let anyway = match form.looked_through(&app, &field, &attempt) {
        Ok(anyway) => anyway,
        Err(trouble) => return again(&app, &educator, (&place, &attempt), *trouble).await,
    };
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let new = NewComment {
        id: app.clock.new_id(),
        attempt: attempt.id.clone(),
        number,
        text: form.text.as_str().to_owned(),
        token_hash: token_hash(&form.token),
        released: form.what() == "release",
    };
    match send(&app, &educator, &place, new, (form.clone(), anyway)).await? {
        Sending::Stands => Ok(to(&format!("{address}?saved=1#turn-{number}"))),
        Sending::Refused(why) => again(&app, &educator, (&place, &attempt), trouble(why, field, form)).await,
        Sending::Gone => Err(Error::NotFound),
    }
}

/// Said where a form has sent another text before.
const ANOTHER: &str =
    "Something else was sent from this page before and stands there. To add this, send it again";

/// Said where words were blacked out since the form was made.
const OVERTAKEN: &str = "While you had this page open, words were blacked out here. Look whether they are in what you \
                         typed, take them out, then send it again";

/// Said where a form that was sent before is sent again, and words were blacked out since.
const STANDS_BLACKED: &str = "Something was sent from this page before and stands there, and words were blacked out here \
                              since. To add something, take those words out of what you typed, then send it again";

/// What became of a comment that was sent.
enum Sending {
    /// It stands there, now or from before.
    Stands,
    /// It is to be looked at once more, and why.
    Refused(&'static str),
    /// What it is about is not there any more, or the form was somebody else's.
    Gone,
}

/// The same as trouble with a field.
fn trouble(why: &str, field: String, form: CommentForm) -> Trouble {
    let beside = form.beside.map(Text::into_string);
    Trouble { beside, field, text: why.to_owned(), typed: form.text.into_string(), ..Trouble::default() }
}

async fn send(
    app: &App,
    educator: &Educator,
    place: &Place,
    new: NewComment,
    (form, anyway): (CommentForm, Option<SentAnyway>),
) -> sqlx::Result<Sending> {
    let (audit, now) = (app.clock.new_id(), app.clock.now());
    let (educator, place) = (educator.clone(), place.clone());
    let sending = app.db.write(move |conn| {
        let (educator, place, new, audit) = (educator.clone(), place.clone(), new.clone(), audit.clone());
        let (form, anyway) = (form.clone(), anyway.clone());
        let work: Work<'_, Sending, sqlx::Error> = Box::pin(async move {
            hold_of_cohort(conn, &educator, &new.attempt).await?;
            let sent = (new.attempt.as_str().to_owned(), i64::from(new.number), new.text.clone());
            if let Some(before) = store::comment_of_form(conn, &educator, &new.token_hash).await? {
                return Ok(if before == sent {
                    Sending::Stands
                } else if form.is_overtaken(conn, &educator, &new.attempt).await? {
                    Sending::Refused(STANDS_BLACKED)
                } else {
                    Sending::Refused(ANOTHER)
                });
            }
            if form.is_overtaken(conn, &educator, &new.attempt).await? {
                return Ok(Sending::Refused(OVERTAKEN));
            }
            if !store::insert_comment(conn, &educator, &new, now).await? {
                return Ok(Sending::Gone);
            }
            if new.released {
                note(conn, &released(&educator, &place, new.attempt.as_str(), audit, now)).await?;
            }
            if let Some(anyway) = anyway {
                let nurse = place.seat.nurse_id.as_deref();
                anyway.by_educator(conn, &educator, nurse, &new.attempt).await?;
            }
            Ok(Sending::Stands)
        });
        work
    });
    sending.await
}

/// That a comment was released, as it is noted.
pub(super) fn released<'a>(
    educator: &'a Educator,
    place: &'a Place,
    attempt: &'a str,
    id: String,
    at: Millis,
) -> AuditEntry<'a> {
    AuditEntry {
        nurse_id: place.seat.nurse_id.as_deref(),
        object_id: Some(attempt),
        ..AuditEntry::by_educator(id, at, Event::Commented, educator)
    }
}

/// The comment of this address with the nurse and the attempt it is about.
pub(super) async fn find(app: &App, educator: &Educator, comment: &str) -> Result<(Comment, Place, Attempt)> {
    let id = CommentId::read(comment).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let (comment, seat) = store::comment(&mut conn, educator, &id).await?.ok_or(Error::NotFound)?;
    let (place, attempt) = place::attempt(app, &mut conn, educator, (&seat, &comment.attempt_id)).await?;
    Ok((comment, place, attempt))
}

async fn answer(
    State(app): State<App>,
    Path((_cohort, comment)): Path<(String, String)>,
    educator: Educator,
    Form(form): Form<CommentForm>,
) -> Result<Response> {
    let (comment, place, attempt) = find(&app, &educator, &comment).await?;
    if comment.released_at.is_none() {
        return Err(Error::NotFound);
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let field = format!("c-{}", comment.id.as_str());
    let anyway = match form.looked_through(&app, &field, &attempt) {
        Ok(anyway) => anyway,
        Err(trouble) => return again(&app, &educator, (&place, &attempt), *trouble).await,
    };
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let number = comment.number;
    let (id, text, token, now) =
        (app.clock.new_id(), form.text.as_str().to_owned(), token_hash(&form.token), app.clock.now());
    let (writer, on, about) = (educator.clone(), comment.id.clone(), attempt.id.clone());
    let (nurse, sent) = (place.seat.nurse_id.clone(), form.clone());
    let writing = app.db.write(move |conn| {
        let (educator, comment, about, nurse) = (writer.clone(), on.clone(), about.clone(), nurse.clone());
        let (id, text, token, anyway) = (id.clone(), text.clone(), token.clone(), anyway.clone());
        let form = sent.clone();
        let work: Work<'_, Option<&str>, sqlx::Error> = Box::pin(async move {
            hold_of_cohort(conn, &educator, &about).await?;
            let before = store::answer_of_form(conn, &educator, &comment, &token).await?;
            if before.as_ref() == Some(&text) {
                return Ok(None);
            }
            if form.is_overtaken(conn, &educator, &about).await? {
                return Ok(Some(if before.is_some() { STANDS_BLACKED } else { OVERTAKEN }));
            }
            let written = store::insert_answer(conn, &educator, &comment, (&id, &text, &token), now).await?;
            if let (Answered::Now, Some(anyway)) = (written, anyway) {
                anyway.by_educator(conn, &educator, nurse.as_deref(), &about).await?;
            }
            Ok((written == Answered::Otherwise).then_some(ANOTHER))
        });
        work
    });
    if let Some(why) = writing.await? {
        return again(&app, &educator, (&place, &attempt), trouble(why, field, form)).await;
    }
    Ok(to(&format!("{address}?saved=1#turn-{number}")))
}
