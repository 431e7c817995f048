//! What educators say about a nurse's answers, as she reads it: comments with what was said under them, and what they
//! saw in her own words.

use std::collections::HashMap;

use crate::accounts::keeping::counted;
use crate::accounts::nurse::Nurse;
use crate::accounts::store::staff_names;
use crate::app::App;
use crate::clock::day;
use crate::db::Conn;
use crate::practice::blacking::{Spot, may_know};
use crate::practice::guard::Ask;
use crate::practice::store::{Blacked, blacked, mark};
use crate::practice::{Attempt, AttemptId};
use crate::review::remark::{Marking, Seen};
use crate::review::store::CommentAnswer;
use crate::review::store::hers::{self, ReleasedComment};
use crate::scenario::rubric::Element;
use crate::web::Result;

/// What one educator saw in her own words.
#[derive(Clone, Debug)]
pub struct Marked {
    pub(super) name: String,
    pub(super) day: String,
    /// The element, the class of its mark (empty where it is not there), and what that means.
    pub(super) lines: Vec<(&'static str, &'static str, &'static str)>,
}

/// One comment with what was said under it, and the form to answer it.
#[derive(Clone, Debug)]
pub struct Remark {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) day: String,
    pub(super) text: String,
    pub(super) unread: bool,
    /// Who, when, what, and what was blacked out of it.
    pub(super) answers: Vec<(String, String, String, Option<String>)>,
    pub(super) token: String,
    /// What is blacked out in the attempt, as `mark` gives it.
    pub(super) blacked: String,
    pub(super) typed: String,
    pub(super) problem: Option<String>,
    pub(super) ask: Option<Ask>,
    pub(super) just_sent: bool,
}

/// Something she typed that could not be kept as it is: under which comment, what, and why.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) comment: String,
    pub(super) typed: String,
    /// What was blacked out when it was typed, where that was not told to her.
    pub(super) blacked: Option<String>,
    pub(super) why: Why,
}

/// Why it could not be kept.
#[derive(Clone, Debug)]
pub(super) enum Why {
    /// Something is to be put right.
    Problem(String),
    /// Something in it is to be asked about first.
    Ask(Ask),
}

impl Refused {
    pub(super) fn problem(&self) -> Option<String> {
        match &self.why {
            Why::Problem(problem) => Some(problem.clone()),
            Why::Ask(_) => None,
        }
    }

    pub(super) fn ask(&self) -> Option<Ask> {
        match &self.why {
            Why::Problem(_) => None,
            Why::Ask(ask) => Some(ask.clone()),
        }
    }
}

/// What is said about her answers, with the names of those who said it.
pub(super) struct Said {
    pub(super) comments: Vec<ReleasedComment>,
    answers: Vec<CommentAnswer>,
    markings: Vec<Marking>,
    names: HashMap<String, String>,
    blacked: HashMap<String, i64>,
    mark: String,
}

/// What is blacked out in an attempt of hers, but for drafts that nobody showed her.
pub(super) async fn known(conn: &mut Conn, attempt: &AttemptId) -> sqlx::Result<Vec<Blacked>> {
    let mut known = blacked(conn, attempt).await?;
    known.retain(|it| may_know(&it.place, None));
    Ok(known)
}

impl Said {
    pub(super) async fn load(app: &App, nurse: &Nurse, attempt: &Attempt) -> Result<Self> {
        let mut conn = app.db.read().await?;
        // Before the texts: what is blacked out in between is then more than a form knows of.
        let known = known(&mut conn, &attempt.id).await?;
        let mut said = Self {
            comments: hers::comments(&mut conn, nurse).await?,
            answers: hers::answers(&mut conn, nurse).await?,
            markings: hers::markings(&mut conn, nurse, &attempt.id).await?,
            names: staff_names(&mut conn).await?,
            mark: mark(&known),
            blacked: known.into_iter().map(|blacked| (blacked.place, blacked.words)).collect(),
        };
        said.comments.retain(|comment| comment.attempt_id == attempt.id.as_str());
        said.comments.reverse();
        Ok(said)
    }

    fn name(&self, staff: &str) -> String {
        self.names.get(staff).cloned().unwrap_or_else(|| "An educator".to_owned())
    }

    pub(super) fn remarks(
        &self,
        app: &App,
        number: u32,
        refused: Option<&Refused>,
        sent: Option<&str>,
    ) -> Vec<Remark> {
        let here = self.comments.iter().filter(|comment| comment.turn_number == i64::from(number));
        here.map(|comment| self.remark(app, comment, refused, sent)).collect()
    }

    fn remark(
        &self,
        app: &App,
        comment: &ReleasedComment,
        refused: Option<&Refused>,
        sent: Option<&str>,
    ) -> Remark {
        let under = || self.answers.iter().filter(|answer| answer.comment_id == comment.id);
        let who = |answer: &CommentAnswer| {
            answer.staff_id.as_deref().map_or_else(|| "You".to_owned(), |staff| self.name(staff))
        };
        let refused = refused.filter(|refused| refused.comment == comment.id);
        Remark {
            id: comment.id.clone(),
            name: self.name(&comment.staff_id),
            day: day(comment.released_at),
            text: comment.text.clone(),
            unread: is_unread(comment, &self.answers),
            answers: under()
                .map(|answer| {
                    (
                        who(answer),
                        day(answer.written_at),
                        answer.text.clone(),
                        answer
                            .staff_id
                            .is_none()
                            .then(|| self.black(&Spot::Answer(answer.id.clone())))
                            .flatten(),
                    )
                })
                .collect(),
            token: app.clock.new_token(),
            blacked: refused.and_then(|it| it.blacked.clone()).unwrap_or_else(|| self.mark.clone()),
            typed: refused.map(|refused| refused.typed.clone()).unwrap_or_default(),
            problem: refused.and_then(Refused::problem),
            ask: refused.and_then(Refused::ask),
            just_sent: sent == Some(comment.id.as_str()),
        }
    }

    /// That words of hers were blacked out at this place, in a sentence.
    pub(super) fn black(&self, spot: &Spot) -> Option<String> {
        self.blacked.get(&spot.stored()).map(|words| blacked_in_words(*words))
    }

    pub(super) fn marked(&self, number: u32) -> Vec<Marked> {
        let here = self.markings.iter().filter(|marking| marking.number == number);
        let marked = |marking: &Marking| Marked {
            name: self.name(&marking.staff_id),
            day: day(marking.released_at.unwrap_or(marking.marked_at)),
            lines: marking.seen.iter().map(line).collect(),
        };
        here.map(marked).collect()
    }
}

/// That so many words were blacked out, as she reads it.
#[must_use]
pub fn blacked_in_words(words: i64) -> String {
    format!(
        "Your educator blacked out {} here, to protect a real person. It is no mark against you.",
        counted(words, "word")
    )
}

/// What an educator saw of one element: its name, the class of its mark, what that means.
fn line((element, seen): (&Element, &Seen)) -> (&'static str, &'static str, &'static str) {
    (element.name(), seen.class(), seen.meaning(*element))
}

/// Whether a comment, or something the staff said under it, waits to be read.
#[must_use]
pub fn is_unread(comment: &ReleasedComment, answers: &[CommentAnswer]) -> bool {
    let mut under = answers.iter().filter(|answer| answer.comment_id == comment.id);
    comment.read_at.is_none() || under.any(|answer| answer.staff_id.is_some() && answer.read_at.is_none())
}
