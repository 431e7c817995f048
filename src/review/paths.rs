//! Each nurse's path along the line, scenario by scenario; who has not begun; first attempts against latest ones.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::{Count, FEW, Work};
use crate::cohorts::{Assignment, AssignmentId, Seat, SeatId};
use crate::practice::{Attempt, Readiness};
use crate::scenario::rubric::Place;

/// What is between a nurse and her educators.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Between {
    /// She asked to talk; how ready she feels, where she said so.
    pub asked: Option<Option<Readiness>>,
    /// Somebody released a comment to her.
    pub commented: bool,
    /// How many of her answers to comments nobody has read.
    pub unread: usize,
}

/// One nurse's row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Her seat.
    pub seat: &'a Seat,
    /// Per scenario her first attempt that has an answer, in the order of [`scenarios`].
    pub paths: Vec<Option<Path<'a>>>,
    /// What is between her and her educators.
    pub between: Between,
}

/// One attempt along the line.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    /// The attempt.
    pub attempt: &'a Attempt,
    /// Where its answers sit, in order.
    pub places: Vec<Place>,
    /// Whether a danger was left unanswered.
    pub missed: bool,
}

/// The slugs that were set or worked on, in the order they were set; of one assignment only where `only` says so.
#[must_use]
pub fn scenarios<'a>(work: &'a Work, only: Option<&AssignmentId>) -> Vec<&'a str> {
    let worked: BTreeSet<&str> =
        work.attempts.iter().map(|attempt| attempt.revision.scenario.slug.as_str()).collect();
    let mut slugs = Vec::new();
    for assignment in &work.assignments {
        let wanted = only.is_none_or(|only| assignment.id == *only);
        let alive = assignment.withdrawn_at.is_none() || worked.contains(assignment.slug.as_str());
        if wanted && alive && !slugs.contains(&assignment.slug.as_str()) {
            slugs.push(assignment.slug.as_str());
        }
    }
    slugs
}

/// One row a nurse: those who asked to talk, then those whose answers nobody has read, then the rest; each by name,
/// never by how they did.
#[must_use]
pub fn rows<'a>(work: &'a Work, slugs: &[&str], between: &BTreeMap<SeatId, Between>) -> Vec<Row<'a>> {
    let mut firsts: HashMap<(&SeatId, &str), &'a Attempt> = HashMap::new();
    for (seat, attempt) in work.begun() {
        firsts.entry((seat, attempt.revision.scenario.slug.as_str())).or_insert(attempt);
    }
    let mut rows = Vec::new();
    for seat in &work.seats {
        let paths: Vec<Option<Path<'a>>> =
            slugs.iter().map(|slug| firsts.get(&(&seat.id, *slug)).map(|attempt| path(attempt))).collect();
        if seat.is_here() || paths.iter().any(Option::is_some) {
            rows.push(Row { seat, paths, between: between.get(&seat.id).cloned().unwrap_or_default() });
        }
    }
    rows.sort_by_key(|row| (row.between.asked.is_none(), row.between.unread == 0));
    rows
}

fn path(attempt: &Attempt) -> Path<'_> {
    let walk = attempt.replay();
    Path { attempt, places: walk.path(), missed: !walk.missed_red_flags().is_empty() }
}

/// Who is in the cohort and has not begun an assignment that still stands.
#[must_use]
pub fn not_begun<'a>(work: &'a Work, only: Option<&AssignmentId>) -> Vec<(&'a Assignment, Vec<&'a Seat>)> {
    let begun: BTreeSet<(&str, &str)> = work
        .attempts
        .iter()
        .filter_map(|attempt| attempt.assigned.as_ref())
        .map(|assigned| (assigned.assignment.as_str(), assigned.seat.as_str()))
        .collect();
    let standing = work.assignments.iter().filter(|assignment| assignment.withdrawn_at.is_none());
    let wanted = standing.filter(|assignment| only.is_none_or(|only| assignment.id == *only));
    let missing = |assignment: &'a Assignment| {
        let seats = work.here().filter(|seat| !begun.contains(&(assignment.id.as_str(), seat.id.as_str())));
        (assignment, seats.collect::<Vec<_>>())
    };
    wanted.map(missing).collect()
}

/// First attempts against latest ones at one scenario, of those who have made two or more.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// The scenario's slug.
    pub slug: String,
    /// Its title.
    pub scenario: String,
    /// How many nurses have made two or more attempts.
    pub nurses: usize,
    /// The answers of their first attempts.
    pub first: Count,
    /// The answers of their latest attempts.
    pub latest: Count,
}

impl Change {
    /// Whether so many made two attempts that it can be drawn.
    #[must_use]
    pub const fn drawn(&self) -> bool {
        self.nurses >= FEW
    }

    /// What the whole width of both bars stands for.
    #[must_use]
    pub fn scale(&self) -> usize {
        self.first.total().max(self.latest.total())
    }
}

/// First attempts against latest ones, scenario by scenario in the order they were set.
#[must_use]
pub fn changes(work: &Work, slugs: &[&str]) -> Vec<Change> {
    let mut attempts: BTreeMap<(&str, &str), Vec<&Attempt>> = BTreeMap::new();
    for (seat, attempt) in work.begun() {
        let key = (attempt.revision.scenario.slug.as_str(), seat.as_str());
        attempts.entry(key).or_default().push(attempt);
    }
    let mut changes: BTreeMap<&str, Change> = BTreeMap::new();
    for ((slug, _), hers) in &attempts {
        let (Some(first), Some(latest), true) = (hers.first(), hers.last(), hers.len() > 1) else { continue };
        let scenario = latest.policy.speak(&latest.revision.scenario.title);
        let change = changes.entry(slug).or_insert_with(|| Change {
            slug: (*slug).to_owned(),
            scenario,
            nurses: 0,
            first: Count::default(),
            latest: Count::default(),
        });
        change.nurses += 1;
        work.answers_of(first).iter().for_each(|given| change.first.add(given));
        work.answers_of(latest).iter().for_each(|given| change.latest.add(given));
    }
    slugs.iter().filter_map(|slug| changes.remove(slug)).collect()
}
