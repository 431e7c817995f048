//! Everything a nurse has recorded, in shapes she can take along: one JSON document, one table.

use serde::Serialize;

use super::progress::Repair;
use super::store::Reflection;
use super::{Attempt, Placement, Sureness};
use crate::clock::rfc3339;

/// One attempt with everything recorded of it.
#[derive(Debug, Serialize)]
pub struct AttemptOut {
    attempt: String,
    purpose: &'static str,
    scenario: String,
    title: String,
    revision: i64,
    policy_version: i64,
    started_at: String,
    ending: Option<String>,
    turns: Vec<TurnOut>,
    looking_back: Option<LookingBackOut>,
    group: Option<String>,
    comments: Vec<CommentOut>,
}

/// What an educator said about one of her answers, and what was said under it.
#[derive(Clone, Debug, Serialize)]
pub struct CommentOut {
    /// The turn it is about, from 1.
    pub turn: i64,
    /// Who said it.
    pub by: String,
    /// When she could read it.
    pub at: String,
    /// What it says.
    pub text: String,
    /// What was said under it, the oldest first.
    pub answers: Vec<AnswerOut>,
}

/// Something said under a comment.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerOut {
    /// Who said it; "you" where she did.
    pub by: String,
    /// When.
    pub at: String,
    /// What was said.
    pub text: String,
}

/// An entry of "What happened to my record".
#[derive(Clone, Debug, Serialize)]
pub struct LookOut {
    /// When.
    pub at: String,
    /// Who did what, in a sentence.
    pub what: String,
}

/// One turn of it.
#[derive(Debug, Serialize)]
pub struct TurnOut {
    number: u32,
    turn: String,
    title: String,
    says: String,
    own_words: Option<String>,
    opened_at: Option<String>,
    replies_as_shown: Vec<String>,
    reply: Option<String>,
    place: Option<&'static str>,
    missed_red_flag: bool,
    put_right: Option<&'static str>,
    how_sure: Option<&'static str>,
    own_words_placed: Option<&'static str>,
    answered_at: Option<String>,
    own_words_deleted: bool,
}

/// What she wrote when she looked back.
#[derive(Debug, Serialize)]
pub struct LookingBackOut {
    feeling: String,
    aim: String,
    readiness: Option<String>,
    if_asked: String,
    then_say: String,
    wants_to_talk: bool,
}

impl From<Reflection> for LookingBackOut {
    fn from(reflection: Reflection) -> Self {
        Self {
            feeling: reflection.feeling,
            aim: reflection.aim,
            readiness: reflection.readiness,
            if_asked: reflection.if_asked,
            then_say: reflection.then_say,
            wants_to_talk: reflection.wants_talk,
        }
    }
}

impl AttemptOut {
    /// The same, with the group it was assigned in and what was said about it there.
    #[must_use]
    pub fn in_group(self, group: Option<String>, comments: Vec<CommentOut>) -> Self {
        Self { group, comments, ..self }
    }

    /// The attempt as it is exported.
    #[must_use]
    pub fn new(attempt: &Attempt, reflection: Option<Reflection>) -> Self {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let walk = attempt.replay();
        let turns = walk.steps.iter().map(|step| TurnOut {
            number: step.number,
            turn: step.turn_id.to_owned(),
            title: policy.speak(&step.turn.title),
            says: policy.speak(&step.turn.says),
            own_words: step.opening.and_then(|opening| opening.own_words.clone()),
            opened_at: step.opening.map(|opening| rfc3339(opening.opened_at)),
            replies_as_shown: step
                .opening
                .map(|_| step.replies().into_iter().map(|reply| policy.speak(&reply.text)).collect())
                .unwrap_or_default(),
            reply: step.answer.map(|answer| policy.speak(&answer.reply.text)),
            place: step.answer.map(|answer| answer.verdict.place.class()),
            missed_red_flag: step.answer.is_some_and(|answer| answer.verdict.missed_red_flag),
            put_right: match walk.repair(step.number) {
                Repair::NotNeeded => None,
                Repair::After(_) => Some("yes"),
                Repair::Open => Some("no"),
            },
            how_sure: step.answer.and_then(|answer| answer.response.sureness).map(Sureness::stored),
            own_words_placed: attempt.placements.get(&step.number).copied().map(Placement::stored),
            answered_at: step.answer.map(|answer| rfc3339(answer.response.answered_at)),
            own_words_deleted: step.opening.is_some_and(|opening| opening.words_gone),
        });
        Self {
            attempt: attempt.id.as_str().to_owned(),
            purpose: attempt.purpose.stored(),
            scenario: scenario.slug.clone(),
            title: policy.speak(&scenario.title),
            revision: attempt.revision.number,
            policy_version: attempt.policy_version,
            started_at: rfc3339(attempt.started_at),
            ending: walk.ending.map(|(_, ending)| policy.speak(&ending.title)),
            turns: turns.collect(),
            looking_back: reflection.map(LookingBackOut::from),
            group: None,
            comments: Vec::new(),
        }
    }
}

/// The columns of the table, one row a turn.
pub const COLUMNS: [&str; 17] = [
    "attempt",
    "purpose",
    "scenario",
    "title",
    "revision",
    "started_at",
    "turn_number",
    "turn_title",
    "own_words",
    "reply",
    "place",
    "missed_red_flag",
    "how_sure",
    "own_words_placed",
    "opened_at",
    "answered_at",
    "group",
];

/// One row a turn, in the order of [`COLUMNS`].
pub fn rows(attempts: &[AttemptOut]) -> impl Iterator<Item = [String; COLUMNS.len()]> {
    attempts.iter().flat_map(|attempt| attempt.turns.iter().map(|turn| row(attempt, turn)))
}

fn row(attempt: &AttemptOut, turn: &TurnOut) -> [String; COLUMNS.len()] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        attempt.attempt.clone(),
        attempt.purpose.to_owned(),
        attempt.scenario.clone(),
        attempt.title.clone(),
        attempt.revision.to_string(),
        attempt.started_at.clone(),
        turn.number.to_string(),
        turn.title.clone(),
        or_empty(&turn.own_words),
        or_empty(&turn.reply),
        turn.place.unwrap_or_default().to_owned(),
        if turn.missed_red_flag { "yes" } else { "no" }.to_owned(),
        turn.how_sure.unwrap_or_default().to_owned(),
        turn.own_words_placed.unwrap_or_default().to_owned(),
        or_empty(&turn.opened_at),
        or_empty(&turn.answered_at),
        or_empty(&attempt.group),
    ]
}
