//! Changing a comment that is there: a draft is saved, released or deleted; a released one is settled or opened again.

use axum::extract::State;
use axum::response::Response;

use super::comment_form::CommentForm;
use super::comments::{again, find, released};
use super::place::{self, Place};
use super::transcript::Trouble;
use crate::accounts::staff::Educator;
use crate::accounts::store::note;
use crate::app::App;
use crate::clock::Millis;
use crate::db::{Conn, Work};
use crate::practice::store::{SentAnyway, hold_of_cohort};
use crate::practice::{Attempt, AttemptId};
use crate::review::remark::Comment;
use crate::review::store;
use crate::web::form::{Form, Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/comments/{comment}", Who::Educator, change)]
}

async fn change(
    State(app): State<App>,
    Path((_cohort, comment)): Path<(String, String)>,
    educator: Educator,
    Form(form): Form<CommentForm>,
) -> Result<Response> {
    let (comment, place, attempt) = find(&app, &educator, &comment).await?;
    let what = What::read(&form.what()).ok_or(Error::Invalid)?;
    let field = format!("c-{}", comment.id.as_str());
    let mut anyway = None;
    if what.keeps_words() && comment.released_at.is_none() {
        anyway = match form.looked_through(&app, &field, &attempt) {
            Ok(anyway) => anyway,
            Err(trouble) => return again(&app, &educator, (&place, &attempt), *trouble).await,
        };
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let here = format!("{address}?saved=1#turn-{}", comment.number);
    let change = Change::new(&educator, &place, (comment, &attempt), what, &form, anyway);
    match change.make(&app).await? {
        Made::Yes => Ok(to(&here)),
        Made::Gone => Err(Error::NotFound),
        Made::Not(why, shown) => {
            let (typed, before) = (form.text.into_string(), form.beside.map(Text::into_string));
            let (typed, beside) = match shown {
                Shown::Typed => (typed, before),
                Shown::Stored(text) => (text, before),
                Shown::StoredBesideTyped(text) => {
                    let all = before.into_iter().chain([typed]).collect::<Vec<_>>();
                    (text, Some(all.join("\n\n")))
                }
            };
            let trouble = Trouble { field, text: why.to_owned(), typed, beside, ..Trouble::default() };
            again(&app, &educator, (&place, &attempt), trouble).await
        }
    }
}

/// Said where a draft was open while words of it were blacked out.
const BLACKED: &str = "While you had this page open, words were blacked out here. The box shows what your draft says \
                       now, and what you typed stands under it. Take over what you want to keep without those \
                       words, then save it again";

/// Said where such a draft was to be deleted.
const BLACKED_NOT_DELETED: &str = "While you had this page open, words were blacked out here and this draft changed, so \
                                   it was not deleted. Read what it says now. You can still delete it";

/// Said where a draft was saved from another page since this one was opened.
const CHANGED: &str = "While you had this page open, this draft was changed on another page of yours. What it says now \
                       stands above what you typed. Take over what you want to keep, then send it again";

/// Said where such a draft was to be deleted.
const CHANGED_NOT_DELETED: &str = "While you had this page open, this draft was changed on another page of yours, so it \
                                   was not deleted. Read what it says now. You can still delete it";

/// Said where a draft was released from another page since this one was opened, and something else was typed here.
const RELEASED: &str = "While you had this page open, this comment was released from another page of yours, and it \
                        stays as it is. What you typed is below it, not sent: you can send it as an answer";

/// Said where words were blacked out in it as well.
const RELEASED_BLACKED: &str = "While you had this page open, words were blacked out here and this comment was \
                                released from another page of yours. It stays as it is. What you typed stands under \
                                the box, not sent: take over what you want to answer, without those words";

/// Said where such a draft was to be deleted.
const RELEASED_NOT_DELETED: &str = "While you had this page open, this comment was released from another page of \
                                    yours, so it was not deleted";

/// Which button was pressed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum What {
    Save,
    Release,
    Delete,
    Resolve,
    Reopen,
}

impl What {
    fn read(text: &str) -> Option<Self> {
        Some(match text {
            "save" => Self::Save,
            "release" => Self::Release,
            "delete" => Self::Delete,
            "resolve" => Self::Resolve,
            "reopen" => Self::Reopen,
            _ => return None,
        })
    }

    const fn keeps_words(self) -> bool {
        matches!(self, Self::Save | Self::Release)
    }

    const fn is_of_draft(self) -> bool {
        matches!(self, Self::Save | Self::Release | Self::Delete)
    }
}

/// What became of a change.
#[derive(Debug)]
enum Made {
    /// It is so, now or from before.
    Yes,
    /// The comment is not there any more.
    Gone,
    /// Not made: why, and what is to stand in the field.
    Not(&'static str, Shown),
}

/// What stands in the field of a draft that was not changed.
#[derive(Debug)]
enum Shown {
    /// What was typed.
    Typed,
    /// What is stored.
    Stored(String),
    /// What is stored, with what was typed under it.
    StoredBesideTyped(String),
}

/// What is done with a comment that is there.
#[derive(Clone)]
struct Change {
    educator: Educator,
    place: Place,
    comment: Comment,
    attempt: AttemptId,
    what: What,
    anyway: Option<SentAnyway>,
    form: CommentForm,
}

impl Change {
    fn new(
        educator: &Educator,
        place: &Place,
        (comment, attempt): (Comment, &Attempt),
        what: What,
        form: &CommentForm,
        anyway: Option<SentAnyway>,
    ) -> Self {
        let (educator, place, attempt) = (educator.clone(), place.clone(), attempt.id.clone());
        Self { educator, place, comment, attempt, what, anyway, form: form.clone() }
    }

    fn text(&self) -> &str {
        self.form.text.as_str()
    }

    async fn make(self, app: &App) -> sqlx::Result<Made> {
        let (audit, now) = (app.clock.new_id(), app.clock.now());
        let making = app.db.write(move |conn| {
            let (mut change, audit) = (self.clone(), audit.clone());
            let work: Work<'_, Made, sqlx::Error> = Box::pin(async move {
                if change.what.is_of_draft() {
                    hold_of_cohort(conn, &change.educator, &change.attempt).await?;
                    // As it is now that nobody else can change it: also what another page of hers made of it.
                    match store::comment(conn, &change.educator, &change.comment.id).await? {
                        Some((comment, _)) => change.comment = comment,
                        None if change.what == What::Delete => return Ok(Made::Yes),
                        None => return Ok(Made::Gone),
                    }
                    if let Some(refused) = change.refused(conn).await? {
                        return Ok(refused);
                    }
                }
                change.write(conn, audit, now).await.map(|()| Made::Yes)
            });
            work
        });
        making.await
    }

    /// What stands in the way: the draft is not any more what the page showed. Kept as it was typed, it would bring
    /// blacked out words back, or undo what another page saved.
    async fn refused(&self, conn: &mut Conn) -> sqlx::Result<Option<Made>> {
        let stored = &self.comment.text;
        let is_same = self.form.of == self.comment.version();
        let overtaken = self.form.is_overtaken(conn, &self.educator, &self.attempt).await?;
        if self.comment.released_at.is_some() {
            return Ok(match self.what {
                What::Delete => Some(Made::Not(RELEASED_NOT_DELETED, Shown::Stored(String::new()))),
                _ if self.text() == stored => Some(Made::Yes),
                _ if overtaken => Some(Made::Not(RELEASED_BLACKED, Shown::StoredBesideTyped(String::new()))),
                _ => Some(Made::Not(RELEASED, Shown::Typed)),
            });
        }
        Ok(match self.what {
            What::Delete if is_same => None,
            // What another page saved since is in the same text: whoever deletes it looks at it first.
            What::Delete if overtaken => Some(Made::Not(BLACKED_NOT_DELETED, Shown::Stored(stored.clone()))),
            What::Delete => Some(Made::Not(CHANGED_NOT_DELETED, Shown::Stored(stored.clone()))),
            _ if self.text() == stored => None,
            _ if overtaken => Some(Made::Not(BLACKED, Shown::StoredBesideTyped(stored.clone()))),
            _ if is_same => None,
            _ => Some(Made::Not(CHANGED, Shown::Typed)),
        })
    }

    async fn write(&self, conn: &mut Conn, audit: String, now: Millis) -> sqlx::Result<()> {
        let (educator, id) = (&self.educator, &self.comment.id);
        match self.what {
            What::Save => {
                let saved = store::save_draft(conn, educator, id, self.text(), None).await?;
                self.noted(conn, saved).await
            }
            What::Release => {
                let saved = store::save_draft(conn, educator, id, self.text(), Some(now)).await?;
                if saved {
                    note(conn, &released(educator, &self.place, self.attempt.as_str(), audit, now)).await?;
                }
                self.noted(conn, saved).await
            }
            What::Delete => store::delete_draft(conn, educator, id).await,
            What::Resolve => {
                store::resolve(conn, educator, id, Some(now)).await?;
                store::read_answers(conn, educator, id, now).await
            }
            What::Reopen => store::resolve(conn, educator, id, None).await,
        }
    }

    /// Notes what was sent anyway, where something new was kept by it.
    async fn noted(&self, conn: &mut Conn, saved: bool) -> sqlx::Result<()> {
        match &self.anyway {
            Some(anyway) if saved && self.text() != self.comment.text => {
                let nurse = self.place.seat.nurse_id.as_deref();
                anyway.by_educator(conn, &self.educator, nurse, &self.attempt).await
            }
            _ => Ok(()),
        }
    }
}
