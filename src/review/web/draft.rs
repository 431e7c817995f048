//! Changing a comment that is there: a draft is saved, released or deleted; a released one is settled or opened again.

use axum::extract::State;
use axum::response::Response;

use super::comment_form::CommentForm;
use super::comments::{again, find, released};
use super::place::{self, Place, Sent, Typed as _, with_typed};
use super::transcript::Trouble;
use crate::accounts::staff::Educator;
use crate::accounts::store::note;
use crate::app::App;
use crate::clock::Millis;
use crate::db::{Conn, Work};
use crate::practice::AttemptId;
use crate::practice::store::{SentAnyway, blacked, hold_of_cohort};
use crate::review::remark::Comment;
use crate::review::store;
use crate::web::form::Path;
use crate::web::route::{Route, Who, post};
use crate::web::{Result, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/comments/{comment}", Who::Educator, change)]
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
    let what = form.what();
    let mut anyway = None;
    if matches!(what.as_str(), "save" | "release") && comment.released_at.is_none() {
        let field = format!("c-{}", comment.id.as_str());
        anyway = match form.looked_through(&app, &field, &attempt) {
            Ok(anyway) => anyway,
            Err(trouble) => return again(&app, &educator, (&place, &attempt), *trouble).await,
        };
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let here = format!("{address}?saved=1#turn-{}", comment.number);
    let (field, blacked) = (format!("c-{}", comment.id.as_str()), form.blacked());
    let (id, text) = (attempt.id.clone(), form.text.into_string());
    let (typed, writer) = (text.clone(), educator.clone());
    let change = Change { educator, place: place.clone(), comment, attempt: id, text, what, anyway, blacked };
    if change.make(&app).await? {
        return Ok(to(&here));
    }
    let trouble = Trouble { field, text: BLACKED.to_owned(), typed, ..Trouble::default() };
    again(&app, &writer, (&place, &attempt), trouble).await
}

/// Said where a draft was open while words of it were blacked out.
const BLACKED: &str = "While you had this page open, words were blacked out in this draft. Take them out of what you \
                       typed, then save it again";

/// What is done with a comment that is there.
#[derive(Clone)]
struct Change {
    educator: Educator,
    place: Place,
    comment: Comment,
    attempt: AttemptId,
    text: String,
    what: String,
    anyway: Option<SentAnyway>,
    /// How many words of it were blacked out when the form was made.
    blacked: i64,
}

impl Change {
    /// False where words of the draft were blacked out since the form was made: kept as it is, they would come back.
    async fn make(self, app: &App) -> sqlx::Result<bool> {
        let (audit, now) = (app.clock.new_id(), app.clock.now());
        let making = app.db.write(move |conn| {
            let (change, audit) = (self.clone(), audit.clone());
            let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
                if !change.is_up_to_date(conn).await? {
                    return Ok(false);
                }
                change.write(conn, audit, now).await.map(|()| true)
            });
            work
        });
        making.await
    }

    async fn is_up_to_date(&self, conn: &mut Conn) -> sqlx::Result<bool> {
        if self.comment.released_at.is_some() || !matches!(self.what.as_str(), "save" | "release") {
            return Ok(true);
        }
        hold_of_cohort(conn, &self.educator, &self.attempt).await?;
        let place = self.comment.spot().stored();
        let blacked = blacked(conn, &self.attempt).await?;
        Ok(blacked.iter().find(|it| it.place == place).map_or(0, |it| it.words) == self.blacked)
    }

    async fn write(&self, conn: &mut Conn, audit: String, now: Millis) -> sqlx::Result<()> {
        let (educator, id) = (&self.educator, &self.comment.id);
        match self.what.as_str() {
            "save" => {
                let saved = store::save_draft(conn, educator, id, &self.text, None).await?;
                self.noted(conn, saved).await
            }
            "release" => {
                let saved = store::save_draft(conn, educator, id, &self.text, Some(now)).await?;
                if saved {
                    note(conn, &released(educator, &self.place, self.attempt.as_str(), audit, now)).await?;
                }
                self.noted(conn, saved).await
            }
            "delete" => store::delete_draft(conn, educator, id).await,
            "resolve" => {
                store::resolve(conn, educator, id, Some(now)).await?;
                store::read_answers(conn, educator, id, now).await
            }
            "reopen" => store::resolve(conn, educator, id, None).await,
            _ => Ok(()),
        }
    }

    /// Notes what was sent anyway, where something new was kept by it.
    async fn noted(&self, conn: &mut Conn, saved: bool) -> sqlx::Result<()> {
        match &self.anyway {
            Some(anyway) if saved && self.text != self.comment.text => {
                let nurse = self.place.seat.nurse_id.as_deref();
                anyway.by_educator(conn, &self.educator, nurse, &self.attempt).await
            }
            _ => Ok(()),
        }
    }
}
