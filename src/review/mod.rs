//! Where a cohort slips, who needs help, and what was really said: assigned work, as its educators see it.

pub mod completion;
pub mod contents;
pub mod count;
pub mod export;
pub mod flow;
pub mod help;
pub mod layout;
pub mod load;
pub mod matrix;
pub mod memory;
pub mod moments;
pub mod overview;
pub mod paths;
pub mod remark;
pub mod replies;
pub mod store;
pub mod summary;
pub mod sweep;
pub mod turns;
pub mod viewed;
pub mod ways;
pub mod web;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use crate::clock::Millis;
use crate::cohorts::{Assignment, AssignmentId, Seat, SeatId};
use crate::practice::progress::Repair;
use crate::practice::{Answer, Attempt, Step};
use crate::scenario::Reply;
use crate::scenario::rubric::{Place, Verdict};

use contents::{Content, Contents, Turns};
pub use count::Count;
use turns::Spot;
pub use turns::{Met, by_turn};

/// Below this many people nothing is drawn and nothing is counted that could point at one of them.
pub const FEW: usize = 5;

/// Assigned work of one cohort: everybody's seats, everything that was set, and the attempts that pass the filter.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// Every seat, by name; also those that were left, and those of nurses who deleted what was theirs.
    pub seats: Vec<Seat>,
    /// Everything that was ever set, oldest first.
    pub assignments: Vec<Assignment>,
    /// The attempts, oldest first.
    pub attempts: Vec<Attempt>,
    /// What the turns of each revision say.
    contents: HashMap<String, Turns>,
}

/// A reply that was chosen and where it sits: all that is counted of an answer.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// The reply.
    pub reply: &'a Reply,
    /// Where it sits.
    pub verdict: Verdict,
}

impl Choice<'_> {
    /// Whether it is a slip. What local policy decides never is.
    #[must_use]
    pub fn slips(&self) -> bool {
        self.verdict.place != Place::Keeps && !self.reply.policy_dependent
    }

    /// Whether a danger was left unanswered. What local policy decides never counts.
    #[must_use]
    pub const fn missed_red_flag(&self) -> bool {
        self.verdict.missed_red_flag && !self.reply.policy_dependent
    }
}

/// One recorded answer of assigned work, with all that the pages say about it.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// The attempt it is part of.
    pub attempt: &'a Attempt,
    /// Whose place in the cohort.
    pub seat: &'a SeatId,
    /// The turn as she met it.
    pub step: Step<'a>,
    /// What she chose, and where that sits.
    pub answer: Answer<'a>,
    /// The turn's position in its author's order, from 0.
    pub position: usize,
    /// What the turn says: equal ones may be counted together.
    pub content: Content,
    /// The hash of what it says.
    pub hash: &'a str,
    /// Whether a slip was put right later in the same attempt.
    pub repair: Repair,
}

impl<'a> Given<'a> {
    /// Where it was given.
    #[must_use]
    pub fn spot(&self) -> Spot<'a> {
        Spot {
            revision: &self.attempt.revision,
            policy: &self.attempt.policy,
            position: self.position,
            content: self.content,
            number: self.step.number,
            answered_at: self.answer.response.answered_at,
        }
    }

    /// What is counted of it.
    #[must_use]
    pub const fn choice(&self) -> Choice<'a> {
        Choice { reply: self.answer.reply, verdict: self.answer.verdict }
    }

    /// Whether it is a slip. What local policy decides never is.
    #[must_use]
    pub fn slips(&self) -> bool {
        self.choice().slips()
    }

    /// Whether a danger was left unanswered. What local policy decides never counts.
    #[must_use]
    pub const fn missed_red_flag(&self) -> bool {
        self.choice().missed_red_flag()
    }

    /// Whether it is a slip that was not put right in this attempt.
    #[must_use]
    pub fn stays_open(&self) -> bool {
        self.slips() && self.repair == Repair::Open
    }

    /// The scenario's slug.
    #[must_use]
    pub fn slug(&self) -> &'a str {
        &self.attempt.revision.scenario.slug
    }

    /// A text of the scenario with the local words that this attempt was started under.
    #[must_use]
    pub fn speak(&self, text: &str) -> String {
        self.attempt.policy.speak(text)
    }
}

impl Work {
    /// Puts it together; `attempts` oldest first.
    #[must_use]
    pub fn new(
        known: &Contents,
        seats: Vec<Seat>,
        assignments: Vec<Assignment>,
        attempts: Vec<Attempt>,
    ) -> Self {
        let mut contents: HashMap<String, Turns> = HashMap::new();
        for attempt in &attempts {
            if !contents.contains_key(&attempt.revision.id) {
                contents.insert(attempt.revision.id.clone(), known.of(&attempt.revision));
            }
        }
        Self { seats, assignments, attempts, contents }
    }

    /// The seat with this id.
    #[must_use]
    pub fn seat(&self, id: &SeatId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.id == *id)
    }

    /// The attempts in which something was answered, oldest first, each with whose it is.
    pub fn begun(&self) -> impl Iterator<Item = (&SeatId, &Attempt)> {
        let begun = self.attempts.iter().filter(|attempt| !attempt.responses.is_empty());
        begun.filter_map(|attempt| Some((&attempt.assigned.as_ref()?.seat, attempt)))
    }

    /// The answers of one attempt, in order.
    #[must_use]
    pub fn answers_of<'a>(&'a self, attempt: &'a Attempt) -> Vec<Given<'a>> {
        let Some(assigned) = &attempt.assigned else { return Vec::new() };
        let Some(contents) = self.contents.get(&attempt.revision.id) else { return Vec::new() };
        let walk = attempt.replay();
        let given = |(step, answer): (&Step<'a>, Answer<'a>)| {
            let position = attempt.revision.scenario.turns.get_index_of(step.turn_id)?;
            let (content, hash) = contents.get(position)?;
            let (seat, repair) = (&assigned.seat, walk.repair(step.number));
            Some(Given { attempt, seat, step: *step, answer, position, content: *content, hash, repair })
        };
        walk.answered().filter_map(given).collect()
    }

    /// Every answer, attempt by attempt, oldest attempt first.
    #[must_use]
    pub fn answers(&self) -> Vec<Given<'_>> {
        self.attempts.iter().flat_map(|attempt| self.answers_of(attempt)).collect()
    }

    /// Each nurse's first answer to each turn: her earliest response to that turn's content.
    #[must_use]
    pub fn first_answers(&self) -> Vec<Given<'_>> {
        earliest(self.answers())
    }

    /// Each nurse's latest attempt at each scenario that she has answered something in.
    #[must_use]
    pub fn latest_attempts(&self) -> Vec<&Attempt> {
        let mut latest: BTreeMap<(&SeatId, &str), &Attempt> = BTreeMap::new();
        for (seat, attempt) in self.begun() {
            latest.insert((seat, attempt.revision.scenario.slug.as_str()), attempt);
        }
        latest.into_values().collect()
    }

    /// The answers of the latest attempts; where an attempt came to a turn twice, the first of them.
    #[must_use]
    pub fn latest_answers(&self) -> Vec<Given<'_>> {
        let attempts = self.latest_attempts();
        earliest(attempts.into_iter().flat_map(|attempt| self.answers_of(attempt)).collect())
    }
}

/// Of several answers of one nurse to one turn's content the earliest; in the order they were given.
fn earliest(mut answers: Vec<Given<'_>>) -> Vec<Given<'_>> {
    answers.sort_by(|one, other| {
        let when = |given: &Given<'_>| (given.answer.response.answered_at, given.step.number);
        when(one).cmp(&when(other)).then_with(|| one.attempt.id.as_str().cmp(other.attempt.id.as_str()))
    });
    let mut seen = std::collections::HashSet::new();
    answers.retain(|given| seen.insert((given.seat, given.content)));
    answers
}

/// Which attempts a page looks at.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Filter {
    /// Only of this assignment.
    pub assignment: Option<AssignmentId>,
    /// Only begun on this day or later.
    pub since: Option<Date>,
    /// Only begun on this day or earlier.
    pub until: Option<Date>,
}

impl Filter {
    /// Whether everything passes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether work of this assignment, begun at `started_at`, passes. Days are those of the machine's zone.
    #[must_use]
    pub fn passes(&self, assignment: &AssignmentId, started_at: Millis) -> bool {
        let wanted = self.assignment.as_ref().is_none_or(|wanted| wanted == assignment);
        let day = crate::clock::date(started_at);
        let since = self.since.is_none_or(|since| since <= day);
        let until = self.until.is_none_or(|until| day <= until);
        wanted && since && until
    }

    /// The filter as a page's address ends with it: "" or "?assignment=…&since=…".
    #[must_use]
    pub fn query(&self) -> String {
        let parts = [
            self.assignment.as_ref().map(|assignment| format!("assignment={}", assignment.as_str())),
            self.since.map(|since| format!("since={since}")),
            self.until.map(|until| format!("until={until}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}
