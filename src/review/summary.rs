//! Everything that the pages of a cohort count, seat by seat: worked out of one seat's answers, then put together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::contents::Content;
use super::help::{Reason, reason};
use super::paths::{Path, first_and_latest};
use super::turns::Spot;
use super::{Choice, Count, Given, Work};
use crate::clock::Millis;
use crate::cohorts::{Assignment, AssignmentId, Seat};
use crate::practice::Attempt;
use crate::practice::progress::Repair;
use crate::scenario::library::Revision;
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Verdict;

/// What is counted of one seat's assigned work. It holds no name and nobody's own words, and it is never stored: it
/// follows from the seat's answers.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// What was begun, also where nothing is answered yet.
    pub begun: Vec<AssignmentId>,
    /// The scenarios that were worked at, by slug.
    pub scenarios: Vec<AtScenario>,
    /// Every turn that was answered.
    pub turns: Vec<Turned>,
    /// How many first answers slipped, and how many of these were put right in the same attempt.
    pub slips: (usize, usize),
    /// The attempts that `turns` speak of.
    attempts: Vec<(Arc<Revision>, Arc<Policy>)>,
}

/// One scenario a nurse worked at.
#[derive(Clone, Debug)]
pub struct AtScenario {
    /// The revision of her latest attempt.
    revision: Arc<Revision>,
    /// Its local words.
    policy: Arc<Policy>,
    /// When it was started.
    pub started_at: Millis,
    /// Her first attempt that has an answer.
    pub path: Option<Path>,
    /// The answers of her first attempt and of her latest one, where there are two or more that have an answer.
    pub change: Option<(Count, Count)>,
    /// Why she needs help, where she does.
    pub needs: Option<Reason>,
}

impl AtScenario {
    /// The scenario's slug.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.revision.scenario.slug
    }

    /// Its title as her latest attempt spoke it.
    #[must_use]
    pub fn title(&self) -> String {
        self.policy.speak(&self.revision.scenario.title)
    }
}

/// One turn a nurse answered, by what it says.
#[derive(Clone, Copy, Debug)]
pub struct Turned {
    /// What it says.
    pub content: Content,
    /// Her earliest answer to it.
    pub first: Chosen,
    /// Her answer in her latest attempt at the scenario, where that came to this turn; of two the earlier one.
    pub latest: Option<Chosen>,
}

/// One answer of hers, small.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// Which of the attempts, as a position.
    pub attempt: u16,
    /// The turn's position in the revision.
    turn: u16,
    /// The reply's position in the turn.
    reply: u16,
    /// Which turn of the attempt it was, from 1.
    number: u32,
    answered_at: Millis,
    verdict: Verdict,
}

impl Summary {
    /// What is counted of this work, which is one seat's.
    #[must_use]
    pub fn of(work: &Work) -> Self {
        let mut summary = Self { scenarios: scenarios(work), ..Self::default() };
        for assigned in work.attempts.iter().filter_map(|attempt| attempt.assigned.as_ref()) {
            if !summary.begun.contains(&assigned.assignment) {
                summary.begun.push(assigned.assignment.clone());
            }
        }
        let mut met: Vec<&Attempt> = Vec::new();
        let first = work.first_answers();
        for given in &first {
            let slips = given.slips();
            summary.slips.0 += usize::from(slips);
            summary.slips.1 += usize::from(slips && matches!(given.repair, Repair::After(_)));
        }
        let mut latest: BTreeMap<Content, Chosen> = BTreeMap::new();
        for given in work.latest_answers() {
            latest.extend(chosen(&given, &mut met).map(|chosen| (given.content, chosen)));
        }
        summary.turns = first
            .iter()
            .filter_map(|given| {
                let first = chosen(given, &mut met)?;
                Some(Turned { content: given.content, first, latest: latest.get(&given.content).copied() })
            })
            .collect();
        let kept = |attempt: &&Attempt| (Arc::clone(&attempt.revision), Arc::clone(&attempt.policy));
        summary.attempts = met.iter().map(kept).collect();
        summary
    }

    /// Where one of these answers was given, and what it chose.
    #[must_use]
    pub fn look_up(&self, content: Content, chosen: &Chosen) -> Option<(Spot<'_>, Choice<'_>)> {
        let (revision, policy) = self.attempts.get(usize::from(chosen.attempt))?;
        let position = usize::from(chosen.turn);
        let (_, turn) = revision.scenario.turns.get_index(position)?;
        let reply = turn.replies.get(usize::from(chosen.reply))?;
        let (number, answered_at) = (chosen.number, chosen.answered_at);
        let spot = Spot { revision, policy, position, content, number, answered_at };
        Some((spot, Choice { reply, verdict: chosen.verdict }))
    }

    /// What she did at the scenario with this slug.
    #[must_use]
    pub fn at(&self, slug: &str) -> Option<&AtScenario> {
        self.scenarios.iter().find(|at| at.slug() == slug)
    }

    /// Whether anything was answered.
    #[must_use]
    pub const fn has_answers(&self) -> bool {
        !self.turns.is_empty()
    }

    /// How many bytes it takes, more or less.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let at = |at: &AtScenario| {
            let path = at.path.as_ref().map_or(0, |path| 36 + path.places.len());
            let needs = at.needs.as_ref().map_or(0, |needs| 36 + needs.scenario.len() + needs.words.len());
            size_of::<AtScenario>() + path + needs
        };
        let scenarios: usize = self.scenarios.iter().map(at).sum();
        let turns = self.turns.len() * size_of::<Turned>();
        size_of::<Self>() + scenarios + turns + self.begun.len() * 60 + self.attempts.len() * 16
    }
}

/// One answer as it is kept; nothing where a position is beyond all bounds.
fn chosen<'a>(given: &Given<'a>, met: &mut Vec<&'a Attempt>) -> Option<Chosen> {
    let known = met.iter().position(|attempt| std::ptr::eq(*attempt, given.attempt));
    let attempt = known.unwrap_or_else(|| {
        met.push(given.attempt);
        met.len() - 1
    });
    let mut replies = given.step.turn.replies.iter();
    let reply = replies.position(|reply| reply.id == given.answer.reply.id)?;
    Some(Chosen {
        attempt: attempt.try_into().ok()?,
        turn: given.position.try_into().ok()?,
        reply: reply.try_into().ok()?,
        number: given.step.number,
        answered_at: given.answer.response.answered_at,
        verdict: given.answer.verdict,
    })
}

/// What one nurse did at each scenario, by slug.
fn scenarios(work: &Work) -> Vec<AtScenario> {
    let mut attempts: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    for attempt in &work.attempts {
        attempts.entry(&attempt.revision.scenario.slug).or_default().push(attempt);
    }
    let at = |attempts: Vec<&Attempt>| {
        let latest = *attempts.last()?;
        let begun: Vec<&Attempt> =
            attempts.into_iter().filter(|attempt| !attempt.responses.is_empty()).collect();
        Some(AtScenario {
            revision: Arc::clone(&latest.revision),
            policy: Arc::clone(&latest.policy),
            started_at: latest.started_at,
            path: begun.first().map(|first| Path::of(first)),
            change: first_and_latest(work, &begun),
            needs: reason(work, &begun),
        })
    };
    attempts.into_values().filter_map(at).collect()
}

/// Everybody of a cohort, with what is counted of the work that passed the filter.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// Every seat, by name; also those that were left, and those of nurses who deleted what was theirs.
    pub seats: Vec<Seat>,
    /// For each of them what is counted.
    pub summaries: Vec<Arc<Summary>>,
    /// Everything that was ever set, oldest first.
    pub assignments: Vec<Assignment>,
}

impl People {
    /// Each seat with what is counted of it.
    pub fn each(&self) -> impl Iterator<Item = (&Seat, &Summary)> {
        self.seats.iter().zip(self.summaries.iter().map(AsRef::as_ref))
    }

    /// The seats that something was answered in.
    pub fn answered(&self) -> impl Iterator<Item = &Seat> {
        self.each().filter(|(_, summary)| summary.has_answers()).map(|(seat, _)| seat)
    }
}
