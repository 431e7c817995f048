//! The margin of a transcript: comments with what was said under them, and what educators see in own words.

use super::margin_views::{AnswerView, CommentView, NewCommentView};
use super::place::Place;
use super::transcript::{Forms, Said, Trouble};
use crate::accounts::staff::Educator;
use crate::clock::day;
use crate::practice::Step;
use crate::review::remark::{Comment, Marking, Seen, stored};
use crate::review::store::CommentAnswer;
use crate::scenario::rubric::Element;

/// One element in a marking.
#[derive(Clone, Copy, Debug)]
pub struct SeenView {
    pub(super) element: &'static str,
    pub(super) class: &'static str,
    pub(super) seen: &'static str,
    pub(super) meaning: &'static str,
}

/// What one educator sees in the own words of a turn.
#[derive(Clone, Debug)]
pub struct MarkingView {
    pub(super) who: String,
    pub(super) released: bool,
    pub(super) seen: Vec<SeenView>,
}

impl MarkingView {
    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let seen = SeenView { element: "Warm", class: "keeps", seen: "keeps", meaning: "honors the feeling" };
        Self { who: "Ruth Reyes".to_owned(), released: true, seen: vec![seen] }
    }

    fn of(marking: &Marking, said: &Said) -> Self {
        let seen = marking.seen.iter().map(|(element, seen)| SeenView {
            element: element.name(),
            class: seen.class(),
            seen: seen.name(),
            meaning: seen.meaning(*element),
        });
        Self {
            who: said.names.get(&marking.staff_id).cloned().unwrap_or_default(),
            released: marking.released_at.is_some(),
            seen: seen.collect(),
        }
    }
}

/// One element to be judged: its name in the form, its name on the page, and what is chosen.
#[derive(Clone, Debug)]
pub struct MarkField {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) chosen: &'static str,
}

/// The form in which an educator says what she sees in own words.
#[derive(Clone, Debug)]
pub struct MarkForm {
    pub(super) action: String,
    pub(super) in_play: Vec<MarkField>,
    pub(super) others: Vec<MarkField>,
    pub(super) released: bool,
    pub(super) error: Option<String>,
    pub(super) name: String,
    pub(super) options: Vec<(&'static str, &'static str)>,
}

impl MarkForm {
    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let field =
            |element: Element| MarkField { name: stored(element), label: element.name(), chosen: "keeps" };
        Self {
            action: "/cohorts/c/people/s/a/1/marking".to_owned(),
            in_play: vec![field(Element::Warm)],
            others: vec![field(Element::Tell)],
            released: false,
            error: Some("Say what you see in one element at least".to_owned()),
            name: "Ana".to_owned(),
            options: options(),
        }
    }
}

fn options() -> Vec<(&'static str, &'static str)> {
    let seen = Seen::ALL.into_iter().map(|seen| (seen.stored(), seen.name()));
    std::iter::once(("", "no judgment")).chain(seen).collect()
}

type Margin = (Vec<CommentView>, Option<NewCommentView>, Vec<MarkingView>, Option<MarkForm>);

/// Everything that stands beside one answered turn.
pub(super) fn margin(
    forms: &Forms<'_>,
    educator: &Educator,
    place: &Place,
    step: &Step<'_>,
    said: &Said,
) -> Margin {
    let (app, trouble) = (forms.app, forms.trouble);
    let number = step.number;
    let name = place.seat.shown().to_owned();
    let turn = format!("{}/{number}", forms.address);
    let found = |field: &str| trouble.filter(|trouble| trouble.field == field);
    let new = found(&format!("comment-{number}"));
    let new = NewCommentView {
        action: format!("{turn}/comments"),
        token: app.clock.new_token(),
        blacked: new.and_then(|new| new.blacked.clone()).unwrap_or_else(|| forms.blacked.clone()),
        typed: new.map(|new| new.typed.clone()).unwrap_or_default(),
        error: new.and_then(problem),
        ask: new.and_then(|new| new.ask.clone()),
        name: name.clone(),
    };
    let comments = said.comments.iter().filter(|comment| comment.number == number);
    let comments = comments.map(|comment| view(forms, educator, comment, said, &name)).collect();
    let me = educator.staff().id().as_str();
    let markings = said.markings.iter().filter(|marking| marking.number == number);
    let mine = markings.clone().find(|marking| marking.staff_id == me);
    let has_words = step.opening.is_some_and(|opening| opening.own_words.is_some());
    let mark = has_words.then(|| {
        let field = |element: Element| MarkField {
            name: stored(element),
            label: element.name(),
            chosen: mine.and_then(|mine| mine.seen.get(&element)).map_or("", |seen| seen.stored()),
        };
        let scored =
            |element: &Element| step.turn.replies.iter().any(|reply| reply.scores.contains_key(element));
        MarkForm {
            action: format!("{turn}/marking"),
            in_play: Element::ALL.into_iter().filter(|element| scored(element)).map(field).collect(),
            others: Element::ALL.into_iter().filter(|element| !scored(element)).map(field).collect(),
            released: mine.is_some_and(|mine| mine.released_at.is_some()),
            error: found(&format!("mark-{number}")).map(|trouble| trouble.text.clone()),
            name,
            options: options(),
        }
    });
    let new = (!place.seat.is_erased()).then_some(new);
    (comments, new, markings.map(|marking| MarkingView::of(marking, said)).collect(), mark)
}

/// What is to be put right, where it is not a question.
fn problem(trouble: &Trouble) -> Option<String> {
    trouble.ask.is_none().then(|| trouble.text.clone())
}

fn view(forms: &Forms<'_>, educator: &Educator, comment: &Comment, said: &Said, name: &str) -> CommentView {
    let id = comment.id.as_str();
    let who = |staff: &Option<String>| {
        staff
            .as_ref()
            .map_or(Some(name), |id| said.names.get(id).map(String::as_str))
            .unwrap_or_default()
            .to_owned()
    };
    let answers = said.answers.iter().filter(|answer| answer.comment_id == id);
    let answer = |answer: &CommentAnswer| AnswerView {
        who: who(&answer.staff_id),
        date: day(answer.written_at),
        text: answer.text.clone(),
    };
    let trouble = forms.trouble.filter(|trouble| trouble.field == format!("c-{id}"));
    let released = comment.released_at.is_some();
    let draft = if released { String::new() } else { comment.text.clone() };
    CommentView {
        id: id.to_owned(),
        who: said.names.get(&comment.staff_id).cloned().unwrap_or_default(),
        date: day(comment.released_at.unwrap_or(comment.written_at)),
        text: comment.text.clone(),
        released,
        read: comment.read_at.is_some(),
        resolved: comment.resolved_at.is_some(),
        open: trouble.is_some(),
        answers: answers.map(answer).collect(),
        action: format!("/cohorts/{}/comments/{id}", educator.cohort().as_str()),
        token: forms.app.clock.new_token(),
        blacked: trouble.and_then(|it| it.blacked.clone()).unwrap_or_else(|| forms.blacked.clone()),
        of: trouble.and_then(|trouble| trouble.of.clone()).unwrap_or_else(|| comment.version()),
        typed: trouble.map_or(draft, |trouble| trouble.typed.clone()),
        beside: trouble.and_then(|trouble| trouble.beside.clone()),
        error: trouble.and_then(problem),
        ask: trouble.and_then(|trouble| trouble.ask.clone()),
        name: name.to_owned(),
    }
}
