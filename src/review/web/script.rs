//! A transcript's turns, as they stand on the page: what was said and chosen, and the margin beside it.

use super::margin::{MarkForm, MarkingView, margin};
use super::margin_views::{CommentView, NewCommentView};
use super::place::{Place, took};
use super::transcript::{Forms, Said};
use crate::accounts::staff::Educator;
use crate::practice::progress::Repair;
use crate::practice::store::Talk;
use crate::practice::{Answer, Attempt, OwnWords, Readiness, Step, Walk};
use crate::scenario::policy::Policy;

/// What she wrote where she asked to talk.
#[derive(Clone, Debug)]
pub struct TalkView {
    pub(super) feeling: String,
    pub(super) aim: String,
    pub(super) readiness: Option<&'static str>,
}

impl TalkView {
    pub(super) fn of(talk: &Talk) -> Self {
        let readiness = talk.readiness.as_deref().and_then(Readiness::read);
        Self {
            feeling: talk.feeling.clone(),
            aim: talk.aim.clone(),
            readiness: readiness.map(Readiness::name),
        }
    }

    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self { feeling: "I froze.".to_owned(), aim: "To be kind.".to_owned(), readiness: Some("Nearly") }
    }
}

/// A reply as it stood on her page.
#[derive(Clone, Debug)]
pub struct ReplyView {
    pub(super) text: String,
    pub(super) class: &'static str,
    pub(super) place: &'static str,
    pub(super) chosen: bool,
}

/// Somebody who does or says something.
#[derive(Clone, Debug, Default)]
pub struct Speech {
    pub(super) name: String,
    pub(super) does: String,
    pub(super) says: String,
}

/// The reply she chose, and what became of it.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub(super) reply: ReplyView,
    pub(super) after: String,
    pub(super) missed: bool,
    pub(super) policy_decides: bool,
    pub(super) repair: Option<String>,
    pub(super) then: Speech,
}

/// One turn of a transcript with its margin.
#[derive(Clone, Debug)]
pub struct TurnView {
    pub(super) number: u32,
    pub(super) title: String,
    pub(super) red_flag: bool,
    pub(super) speech: Speech,
    pub(super) own: OwnWords,
    pub(super) chosen: Option<Chosen>,
    pub(super) replies: Vec<ReplyView>,
    pub(super) comments: Vec<CommentView>,
    pub(super) new: Option<NewCommentView>,
    pub(super) markings: Vec<MarkingView>,
    pub(super) mark: Option<MarkForm>,
}

impl TurnView {
    /// Two turns as they look on a sample page.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let reply =
            ReplyView { text: "“Maybe.”".to_owned(), class: "blurs", place: "Blurs", chosen: true };
        let speech =
            Speech { name: "Mr. Gate".to_owned(), does: "He leans.".to_owned(), says: "A lift?".to_owned() };
        let chosen = Chosen {
            reply: reply.clone(),
            after: "38 s".to_owned(),
            missed: true,
            policy_decides: true,
            repair: Some("Put right at the very next turn.".to_owned()),
            then: speech.clone(),
        };
        let first = Self {
            number: 1,
            title: "He asks".to_owned(),
            red_flag: true,
            speech: speech.clone(),
            own: OwnWords::Said("Um, no?".to_owned()),
            chosen: Some(chosen),
            replies: vec![reply],
            comments: CommentView::samples(),
            new: Some(NewCommentView::sample()),
            markings: vec![MarkingView::sample()],
            mark: Some(MarkForm::sample()),
        };
        let bare = Self {
            number: 2,
            own: OwnWords::Skipped,
            chosen: None,
            replies: Vec::new(),
            comments: Vec::new(),
            new: None,
            markings: Vec::new(),
            mark: None,
            red_flag: false,
            ..first.clone()
        };
        vec![first, bare]
    }
}

/// The turns of an attempt in order; the last one may be open.
pub(super) fn turns(forms: &Forms<'_>, educator: &Educator, place: &Place, said: &Said) -> Vec<TurnView> {
    let attempt = forms.attempt;
    let walk = attempt.replay();
    let turn = |step: &Step<'_>| {
        let margin = step.answer.map(|_| margin(forms, educator, place, step, said));
        let (comments, new, markings, mark) = margin.unwrap_or_default();
        TurnView {
            number: step.number,
            title: attempt.policy.speak(&step.turn.title),
            red_flag: step.turn.red_flag,
            speech: spoken(attempt, step),
            own: step.own_words(),
            chosen: step.answer.map(|answer| chosen(attempt, &walk, step, answer)),
            replies: if step.opening.is_some() { replies(&attempt.policy, step) } else { Vec::new() },
            comments,
            new,
            markings,
            mark,
        }
    };
    walk.steps.iter().map(turn).collect()
}

fn spoken(attempt: &Attempt, step: &Step<'_>) -> Speech {
    let policy = &attempt.policy;
    let person = step.speaker(&attempt.revision.scenario);
    Speech {
        name: person.map(|person| policy.speak(person.called())).unwrap_or_default(),
        does: policy.speak(&step.turn.does),
        says: policy.speak(&step.turn.says),
    }
}

fn replies(policy: &Policy, step: &Step<'_>) -> Vec<ReplyView> {
    let chosen = step.answer.map(|answer| answer.reply.id.as_str());
    let reply = |reply: &crate::scenario::Reply| {
        let place = step.turn.verdict(reply).place;
        ReplyView {
            text: policy.speak(&reply.text),
            class: place.class(),
            place: place.name(),
            chosen: chosen == Some(reply.id.as_str()),
        }
    };
    step.replies().into_iter().map(reply).collect()
}

fn chosen(attempt: &Attempt, walk: &Walk<'_>, step: &Step<'_>, answer: Answer<'_>) -> Chosen {
    let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
    let reaction = &answer.reply.reaction;
    let named = reaction.speaker.as_deref().map(|id| scenario.speaker(Some(id)));
    let speaker = named.unwrap_or_else(|| step.speaker(scenario));
    Chosen {
        reply: ReplyView {
            text: policy.speak(&answer.reply.text),
            class: answer.verdict.place.class(),
            place: answer.verdict.place.name(),
            chosen: true,
        },
        after: step
            .opening
            .map_or_else(String::new, |opening| took(answer.response.answered_at - opening.opened_at)),
        missed: answer.verdict.missed_red_flag,
        policy_decides: answer.reply.policy_dependent,
        repair: match walk.repair(step.number) {
            Repair::NotNeeded => None,
            Repair::After(1) => Some("Put right at the very next turn.".to_owned()),
            Repair::After(turns) => Some(format!("Put right {turns} turns later.")),
            Repair::Open => Some("Not put right in this conversation.".to_owned()),
        },
        then: Speech {
            name: speaker.map(|person| policy.speak(person.called())).unwrap_or_default(),
            does: policy.speak(&reaction.does),
            says: policy.speak(&reaction.says),
        },
    }
}
