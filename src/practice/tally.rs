//! A seat's assigned work in small: which attempts were started when, and which replies were chosen when. Facts only,
//! never a verdict: who is first or later, on which day, and what a reply is worth follow from it and the revision.

mod packing;

use super::{Attempt, AttemptId, Response};
use crate::clock::Millis;
use crate::cohorts::AssignmentId;
use crate::scenario::{Reply, Scenario, Turn};
pub use packing::Unreadable;

/// The assigned work of one seat.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// Oldest first: in the order of their ids.
    pub attempts: Vec<Tallied>,
}

/// One attempt at assigned work.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tallied {
    /// Its id.
    pub id: AttemptId,
    /// The assignment it belongs to.
    pub assignment: AssignmentId,
    /// The id of the revision it goes through.
    pub revision: String,
    /// The version of the local words it was started under.
    pub policy_version: i64,
    /// When it was started.
    pub started_at: Millis,
    /// Her answers to turn 1, 2 and so on of this attempt, without a gap.
    pub answers: Vec<TalliedAnswer>,
}

/// One recorded answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TalliedAnswer {
    /// The position of the turn among the turns of the scenario, from 0.
    pub turn: u32,
    /// The position of the reply among the replies of that turn, from 0.
    pub reply: u32,
    /// When.
    pub answered_at: Millis,
}

impl Tallied {
    /// An attempt as a tally holds it, with its answers up to the first that is missing. None for practice.
    #[must_use]
    pub fn of(attempt: &Attempt) -> Option<Self> {
        let scenario = &attempt.revision.scenario;
        let answer = |(_, given): (u32, &Response)| {
            TalliedAnswer::of(scenario, &given.turn_id, &given.reply_id, given.answered_at)
        };
        let given = attempt.responses.iter().map(|(number, response)| (*number, response));
        let in_order = (1..).zip(given).take_while(|(next, (number, _))| next == number);
        Some(Self {
            id: attempt.id.clone(),
            assignment: attempt.assigned.as_ref()?.assignment.clone(),
            revision: attempt.revision.id.clone(),
            policy_version: attempt.policy_version,
            started_at: attempt.started_at,
            answers: in_order.map_while(|(_, given)| answer(given)).collect(),
        })
    }
}

impl TalliedAnswer {
    /// The answer that chose this reply at this turn. None where the scenario has no such turn or reply.
    #[must_use]
    pub fn of(scenario: &Scenario, turn_id: &str, reply_id: &str, answered_at: Millis) -> Option<Self> {
        let (turn, _, Turn { replies, .. }) = scenario.turns.get_full(turn_id)?;
        let reply = replies.iter().position(|reply| reply.id == reply_id)?;
        Some(Self { turn: turn.try_into().ok()?, reply: reply.try_into().ok()?, answered_at })
    }

    /// The turn's id and the reply it speaks of. None where the scenario has no such turn or reply.
    #[must_use]
    pub fn given<'a>(&self, scenario: &'a Scenario) -> Option<(&'a str, &'a Reply)> {
        let (id, turn) = scenario.turns.get_index(self.turn.try_into().ok()?)?;
        Some((id, turn.replies.get(usize::try_from(self.reply).ok()?)?))
    }
}

impl Tally {
    /// Adds an attempt in its place. False where an attempt with this id is in it already, which stays as it is.
    pub fn start(&mut self, attempt: Tallied) -> bool {
        match self.place(&attempt.id) {
            Ok(_) => false,
            Err(place) => {
                self.attempts.insert(place, attempt);
                true
            }
        }
    }

    /// Adds the answer to the turn with this number, from 1. False where the answers before it are not all there, or
    /// the attempt is not: then this tally is not what the records say.
    pub fn answer(&mut self, attempt: &AttemptId, number: u32, answer: TalliedAnswer) -> bool {
        let found = self.place(attempt).ok().and_then(|place| self.attempts.get_mut(place));
        let Some(found) = found else { return false };
        let next = u32::try_from(found.answers.len()).is_ok_and(|given| given.checked_add(1) == Some(number));
        if next {
            found.answers.push(answer);
        }
        next
    }

    /// How many answers it holds.
    #[must_use]
    pub fn answers(&self) -> usize {
        self.attempts.iter().map(|attempt| attempt.answers.len()).sum()
    }

    fn place(&self, attempt: &AttemptId) -> Result<usize, usize> {
        self.attempts.binary_search_by(|known| known.id.as_str().cmp(attempt.as_str()))
    }
}
