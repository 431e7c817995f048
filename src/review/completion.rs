//! Who has completed what, and on which day: everything that a manager sees.

use std::collections::HashMap;

use crate::clock::Millis;
use crate::cohorts::{Assignment, Seat};

/// One nurse's row.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Her seat.
    pub seat: &'a Seat,
    /// When she completed each of the assignments, in their order.
    pub done: Vec<Option<Millis>>,
}

/// The whole table.
#[derive(Clone, Debug)]
pub struct Completion<'a> {
    /// What was set and still stands, or was completed before it was taken back; oldest first.
    pub assignments: Vec<&'a Assignment>,
    /// Everybody in the cohort, and those who left after they completed something; by name.
    pub rows: Vec<Row<'a>>,
}

impl Completion<'_> {
    /// How many completed each assignment.
    #[must_use]
    pub fn totals(&self) -> Vec<usize> {
        let done = |place: usize| {
            self.rows.iter().filter(|row| row.done.get(place).is_some_and(Option::is_some)).count()
        };
        (0..self.assignments.len()).map(done).collect()
    }
}

/// Puts the table together from seats, assignments and (seat, assignment, when).
#[must_use]
pub fn completion<'a>(
    seats: &'a [Seat],
    assignments: &'a [Assignment],
    done: &[(String, String, Millis)],
) -> Completion<'a> {
    let when: HashMap<(&str, &str), Millis> =
        done.iter().map(|(seat, assignment, when)| ((seat.as_str(), assignment.as_str()), *when)).collect();
    let completed = |assignment: &Assignment| when.keys().any(|(_, id)| *id == assignment.id.as_str());
    let assignments: Vec<&Assignment> = assignments
        .iter()
        .filter(|assignment| assignment.withdrawn_at.is_none() || completed(assignment))
        .collect();
    let row = |seat: &'a Seat| {
        let at = |assignment: &&Assignment| when.get(&(seat.id.as_str(), assignment.id.as_str())).copied();
        let done: Vec<Option<Millis>> = assignments.iter().map(at).collect();
        (seat.is_here() || done.iter().any(Option::is_some)).then_some(Row { seat, done })
    };
    Completion { rows: seats.iter().filter_map(row).collect(), assignments }
}
