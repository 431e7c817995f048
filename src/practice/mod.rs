//! One nurse going once through one scenario: where she is, what she may see, and how it went.

pub mod begin;
pub mod blacking;
pub mod export;
pub mod given;
pub mod guard;
pub mod load;
pub mod progress;
pub mod record;
pub mod store;
pub mod tally;
pub mod web;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::Millis;
use crate::cohorts::{AssignmentId, SeatId};
use crate::scenario::library::Revision;
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Verdict;
use crate::scenario::{Ending, Next, Person, Reply, Scenario, Turn};
pub use given::{Opening, OwnWords, Placement, Readiness, Response, Sureness};

/// An attempt's id: 36 characters, as in its address.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AttemptId(String);

impl AttemptId {
    /// The id that is written so. None where it can't be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        crate::clock::is_id(text).then(|| Self(text.to_owned()))
    }

    /// As it is stored and written in addresses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why an attempt was made; fixed at its start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// Her own practice: nobody else can read it.
    Practice,
    /// Set by an educator of her cohort, who can read it.
    Assigned,
}

impl Purpose {
    /// As it is stored.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Assigned => "assigned",
        }
    }

    /// The purpose stored under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Practice, Self::Assigned].into_iter().find(|purpose| purpose.stored() == text)
    }
}

/// What assigned work belongs to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Assigned {
    /// The nurse's place in the cohort.
    pub seat: SeatId,
    /// The assignment.
    pub assignment: AssignmentId,
}

/// One nurse going once through one revision, with everything recorded of it.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// What it goes through.
    pub revision: Arc<Revision>,
    /// The version of the local words it was started under.
    pub policy_version: i64,
    /// Those words.
    pub policy: Arc<Policy>,
    /// Why it was made.
    pub purpose: Purpose,
    /// Where it was assigned: the place in a cohort it belongs to, and the assignment.
    pub assigned: Option<Assigned>,
    /// When it was started.
    pub started_at: Millis,
    /// Openings by turn number, from 1.
    pub openings: BTreeMap<u32, Opening>,
    /// Responses by turn number, from 1.
    pub responses: BTreeMap<u32, Response>,
    /// Her own placements by turn number.
    pub placements: BTreeMap<u32, Placement>,
}

/// One turn she has come to.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// 1 for the first turn of the attempt.
    pub number: u32,
    /// The turn's id.
    pub turn_id: &'a str,
    /// The turn.
    pub turn: &'a Turn,
    /// Her own words and the replies' order, once committed or skipped.
    pub opening: Option<&'a Opening>,
    /// Her answer, once recorded.
    pub answer: Option<Answer<'a>>,
}

/// A recorded answer with the reply it chose.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The record.
    pub response: &'a Response,
    /// What was chosen.
    pub reply: &'a Reply,
    /// Where it sits.
    pub verdict: Verdict,
}

impl<'a> Step<'a> {
    /// The replies in the order they stand on the page; in the author's order where nothing is stored.
    #[must_use]
    pub fn replies(&self) -> Vec<&'a Reply> {
        let stored = self.opening.map(|opening| opening.reply_order.as_slice()).unwrap_or_default();
        let ordered: Vec<&Reply> = stored.iter().filter_map(|id| self.turn.reply(id)).collect();
        if ordered.len() == self.turn.replies.len() { ordered } else { self.turn.replies.iter().collect() }
    }

    /// Her own words here, or why there are none.
    #[must_use]
    pub fn own_words(&self) -> OwnWords {
        match self.opening {
            Some(opening) if opening.words_gone => OwnWords::Deleted,
            Some(opening) if self.turn.ask_own_words => {
                opening.own_words.clone().map_or(OwnWords::Skipped, OwnWords::Said)
            }
            _ => OwnWords::NotAsked,
        }
    }

    /// Who speaks at this turn.
    #[must_use]
    pub fn speaker(&self, scenario: &'a Scenario) -> Option<&'a Person> {
        scenario.speaker(self.turn.speaker.as_deref())
    }
}

/// The attempt played again from its records: every turn she came to, and the ending if she reached one.
#[derive(Clone, Debug, Default)]
pub struct Walk<'a> {
    /// The turns in order; the last one may be open.
    pub steps: Vec<Step<'a>>,
    /// The ending she reached.
    pub ending: Option<(&'a str, &'a Ending)>,
}

/// Something an attempt can show.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Page {
    /// Asking for own words at a turn.
    OwnWords(u32),
    /// The replies of a turn.
    Replies(u32),
    /// What a turn's answer did.
    Reaction(u32),
    /// The debrief.
    LookingBack,
}

impl Page {
    /// The page's address.
    #[must_use]
    pub fn address(self, attempt: &AttemptId) -> String {
        let id = attempt.as_str();
        match self {
            Self::OwnWords(number) => format!("/attempts/{id}/{number}"),
            Self::Replies(number) => format!("/attempts/{id}/{number}/replies"),
            Self::Reaction(number) => format!("/attempts/{id}/{number}/answer"),
            Self::LookingBack => format!("/attempts/{id}/looking-back"),
        }
    }
}

impl Attempt {
    /// An attempt that nobody makes, for looking through a conversation: it has no id and is never stored.
    #[must_use]
    pub fn nobodys(revision: Arc<Revision>, policy_version: i64, policy: Arc<Policy>) -> Self {
        Self {
            id: AttemptId(String::new()),
            revision,
            policy_version,
            policy,
            purpose: Purpose::Practice,
            assigned: None,
            started_at: 0,
            openings: BTreeMap::new(),
            responses: BTreeMap::new(),
            placements: BTreeMap::new(),
        }
    }

    /// Plays the attempt again from its records. The same records always give the same walk.
    #[must_use]
    pub fn replay(&self) -> Walk<'_> {
        replay(&self.revision.scenario, &self.openings, &self.responses)
    }
}

/// Plays a scenario from its start along these records; stops at the first turn without an answer.
#[must_use]
pub fn replay<'a>(
    scenario: &'a Scenario,
    openings: &'a BTreeMap<u32, Opening>,
    responses: &'a BTreeMap<u32, Response>,
) -> Walk<'a> {
    let mut walk = Walk::default();
    let mut next = scenario.next(&scenario.start);
    let mut number = 0;
    while let Some(Next::Turn(turn_id, turn)) = next {
        number += 1;
        let response = responses.get(&number).filter(|response| response.turn_id == turn_id);
        let answer = response.and_then(|response| {
            let reply = turn.reply(&response.reply_id)?;
            Some(Answer { response, reply, verdict: turn.verdict(reply) })
        });
        walk.steps.push(Step { number, turn_id, turn, opening: openings.get(&number), answer });
        next = answer.and_then(|answer| scenario.next(&answer.reply.next));
    }
    if let Some(Next::Ending(id, ending)) = next {
        walk.ending = Some((id, ending));
    }
    walk
}

impl<'a> Walk<'a> {
    /// The turn with this number, if she has come to it.
    #[must_use]
    pub fn step(&self, number: u32) -> Option<&Step<'a>> {
        self.steps.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The turns she has answered, with their answers.
    #[must_use]
    pub fn answered(&self) -> impl DoubleEndedIterator<Item = (&Step<'a>, Answer<'a>)> {
        self.steps.iter().filter_map(|step| Some((step, step.answer?)))
    }

    /// The page that is next for her.
    #[must_use]
    pub fn furthest(&self) -> Page {
        match (self.ending, self.steps.last()) {
            (Some(_), _) | (None, None) => Page::LookingBack,
            (None, Some(step)) if step.opening.is_some() => Page::Replies(step.number),
            (None, Some(step)) => Page::OwnWords(step.number),
        }
    }

    /// The page she may see when she asks for `page`: that one, or the one that is next for her.
    #[must_use]
    pub fn allowed(&self, page: Page) -> Page {
        let allowed = match page {
            Page::LookingBack => self.ending.is_some(),
            Page::OwnWords(number) => self.step(number).is_some_and(|step| step.opening.is_none()),
            Page::Replies(number) => self.step(number).is_some_and(|step| step.opening.is_some()),
            Page::Reaction(number) => self.step(number).is_some_and(|step| step.answer.is_some()),
        };
        match page {
            _ if allowed => page,
            Page::OwnWords(number) if self.allowed(Page::Replies(number)) == Page::Replies(number) => {
                Page::Replies(number)
            }
            _ => self.furthest(),
        }
    }
}
