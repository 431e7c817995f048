//! Each nurse's path along the line, scenario by scenario; who has not begun; first attempts against latest ones.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use super::summary::{AtScenario, People};
use super::{Count, FEW, Given, Work};
use crate::cohorts::{Assignment, AssignmentId, Seat, SeatId};
use crate::practice::{Attempt, AttemptId, Readiness};
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
    pub paths: Vec<Option<&'a Path>>,
    /// What is between her and her educators.
    pub between: Between,
}

/// One attempt along the line.
#[derive(Clone, Debug)]
pub struct Path {
    /// The attempt.
    pub attempt: AttemptId,
    /// Where its answers sit, in order.
    pub places: Vec<Place>,
    /// Whether a danger was left unanswered.
    pub missed: bool,
}

impl Path {
    /// The path of an attempt.
    #[must_use]
    pub fn of(attempt: &Attempt) -> Self {
        let walk = attempt.replay();
        let missed = !walk.missed_red_flags().is_empty();
        Self { attempt: attempt.id.clone(), places: walk.path(), missed }
    }
}

/// The slugs that were set or worked on, in the order they were set; of one assignment only where `only` says so.
#[must_use]
pub fn scenarios<'a>(people: &'a People, only: Option<&AssignmentId>) -> Vec<&'a str> {
    let worked: HashSet<&str> =
        people.each().flat_map(|(_, summary)| &summary.scenarios).map(AtScenario::slug).collect();
    let mut slugs = Vec::new();
    for assignment in &people.assignments {
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
pub fn rows<'a>(people: &'a People, slugs: &[&str], between: &BTreeMap<SeatId, Between>) -> Vec<Row<'a>> {
    let mut rows = Vec::with_capacity(people.seats.len());
    for (seat, summary) in people.each() {
        let path = |slug: &&str| summary.at(slug)?.path.as_ref();
        let paths: Vec<Option<&Path>> = slugs.iter().map(path).collect();
        if seat.is_here() || paths.iter().any(Option::is_some) {
            rows.push(Row { seat, paths, between: between.get(&seat.id).cloned().unwrap_or_default() });
        }
    }
    rows.sort_by_key(|row| (row.between.asked.is_none(), row.between.unread == 0));
    rows
}

/// Who is in the cohort and has not begun an assignment that still stands.
#[must_use]
pub fn not_begun<'a>(
    people: &'a People,
    only: Option<&AssignmentId>,
) -> Vec<(&'a Assignment, Vec<&'a Seat>)> {
    let standing = people.assignments.iter().filter(|assignment| assignment.withdrawn_at.is_none());
    let wanted = standing.filter(|assignment| only.is_none_or(|only| assignment.id == *only));
    let missing = |assignment: &'a Assignment| {
        let here = people.each().filter(|(seat, _)| seat.is_here());
        let not_begun = here.filter(|(_, summary)| !summary.begun.contains(&assignment.id));
        (assignment, not_begun.map(|(seat, _)| seat).collect::<Vec<_>>())
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

/// The answers of one nurse's first attempt at a scenario and of her latest one, by her attempts in which something was
/// answered, oldest first; None where there are fewer than two.
#[must_use]
pub fn first_and_latest(work: &Work, attempts: &[&Attempt]) -> Option<(Count, Count)> {
    let (first, [.., latest]) = attempts.split_first()? else { return None };
    let count = |attempt: &Attempt| Count::of(work.answers_of(attempt).iter().map(Given::choice));
    Some((count(first), count(latest)))
}

/// First attempts against latest ones, scenario by scenario in the order they were set.
#[must_use]
pub fn changes(people: &People, slugs: &[&str]) -> Vec<Change> {
    let change = |slug: &&str| {
        let mut change: Option<Change> = None;
        let mut latest: Option<&AtScenario> = None;
        for at in people.each().filter_map(|(_, summary)| summary.at(slug)) {
            let Some((before, after)) = &at.change else { continue };
            let change = change.get_or_insert_with(|| Change {
                slug: (*slug).to_owned(),
                scenario: String::new(),
                nurses: 0,
                first: Count::default(),
                latest: Count::default(),
            });
            change.nurses += 1;
            change.first.join(before);
            change.latest.join(after);
            latest = latest.filter(|known| known.started_at > at.started_at).or(Some(at));
        }
        // The title is spoken as whoever worked last heard it.
        Some(Change { scenario: latest?.title(), ..change? })
    };
    slugs.iter().filter_map(change).collect()
}
