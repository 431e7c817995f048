//! Comments and the forms for them, as they stand in the margin of a transcript.

use crate::practice::guard::Ask;

/// Something said under a comment.
#[derive(Clone, Debug)]
pub struct AnswerView {
    pub(super) who: String,
    pub(super) date: String,
    pub(super) text: String,
}

/// A comment in the margin.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each decides about one line of the page")]
pub struct CommentView {
    pub(super) id: String,
    pub(super) who: String,
    pub(super) date: String,
    pub(super) text: String,
    pub(super) released: bool,
    pub(super) read: bool,
    pub(super) resolved: bool,
    pub(super) open: bool,
    pub(super) answers: Vec<AnswerView>,
    pub(super) action: String,
    pub(super) token: String,
    /// What is blacked out in the transcript, as `mark` gives it.
    pub(super) blacked: String,
    /// Of a draft: which text its form is made of.
    pub(super) of: String,
    pub(super) typed: String,
    /// What was typed, where the field shows something else.
    pub(super) beside: Option<String>,
    pub(super) error: Option<String>,
    pub(super) ask: Option<Ask>,
    pub(super) name: String,
}

impl CommentView {
    /// Whether saving the draft comes first: it was just asked for, or not all of it is in the field.
    pub(super) fn is_to_be_saved(&self) -> bool {
        self.beside.is_some() || self.ask.as_ref().is_some_and(Ask::keeps_a_draft)
    }

    /// A draft and a released comment as they look on a sample page.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let draft = Self {
            id: "d".to_owned(),
            who: "Ruth Reyes".to_owned(),
            date: "March 4, 2026".to_owned(),
            text: "I noticed …".to_owned(),
            released: false,
            read: false,
            resolved: false,
            open: false,
            answers: Vec::new(),
            action: "/cohorts/c/comments/d".to_owned(),
            token: "t".to_owned(),
            blacked: "m".to_owned(),
            of: "h".to_owned(),
            typed: "I noticed …".to_owned(),
            beside: Some("I noticed …".to_owned()),
            error: None,
            ask: None,
            name: "Ana".to_owned(),
        };
        let answer = AnswerView {
            who: "Ana".to_owned(),
            date: "March 5, 2026".to_owned(),
            text: "Thanks.".to_owned(),
        };
        let released = Self {
            id: "r".to_owned(),
            released: true,
            read: true,
            answers: vec![answer],
            typed: String::new(),
            error: Some("Write something first".to_owned()),
            ask: Some(Ask::sample("c-r")),
            ..draft.clone()
        };
        vec![draft, released]
    }
}

/// The form for a new comment on a turn.
#[derive(Clone, Debug)]
pub struct NewCommentView {
    pub(super) action: String,
    pub(super) token: String,
    /// What is blacked out in the transcript, as `mark` gives it.
    pub(super) blacked: String,
    pub(super) typed: String,
    pub(super) error: Option<String>,
    pub(super) ask: Option<Ask>,
    pub(super) name: String,
}

impl NewCommentView {
    pub(super) fn is_to_be_saved(&self) -> bool {
        self.ask.as_ref().is_some_and(Ask::keeps_a_draft)
    }

    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            action: "/cohorts/c/people/s/a/1/comments".to_owned(),
            token: "t".to_owned(),
            blacked: "m".to_owned(),
            typed: String::new(),
            error: Some("Write something first".to_owned()),
            ask: Some(Ask::sample("comment-1")),
            name: "Ana".to_owned(),
        }
    }
}
