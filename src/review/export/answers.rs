//! Every answer of assigned work as a row, under a name or under a number.

use std::collections::HashMap;

use serde::Serialize;

use crate::clock::rfc3339;
use crate::cohorts::{Seat, SeatId};
use crate::practice::progress::Repair;
use crate::review::Given;

/// Under which name each nurse stands in a file: her own, or a number.
#[derive(Clone, Debug)]
pub struct Names(HashMap<SeatId, (String, String)>);

impl Names {
    /// Names and external ids, or numbers in the order of the ids: never in that of the names.
    #[must_use]
    pub fn new(seats: &[Seat], with_names: bool) -> Self {
        let mut order: Vec<&Seat> = seats.iter().collect();
        order.sort_by(|one, other| one.id.cmp(&other.id));
        let name = |(seat, number): (&Seat, usize)| {
            let external = seat.external_id.clone().unwrap_or_default();
            let shown = if with_names {
                (seat.shown().to_owned(), external)
            } else {
                (format!("Nurse {number}"), String::new())
            };
            (seat.id.clone(), shown)
        };
        Self(order.into_iter().zip(1..).map(name).collect())
    }

    fn of(&self, seat: &SeatId) -> (String, String) {
        self.0.get(seat).cloned().unwrap_or_default()
    }
}

/// One answer.
#[derive(Debug, Serialize)]
pub struct AnswerOut {
    cohort: String,
    nurse: String,
    external_id: String,
    scenario: String,
    title: String,
    revision: i64,
    assignment: String,
    attempt: String,
    turn_number: u32,
    turn: String,
    turn_title: String,
    own_words: Option<String>,
    own_words_taken_away: bool,
    reply: String,
    place: &'static str,
    missed_red_flag: bool,
    policy_decides: bool,
    repaired: Option<bool>,
    order_shown: Vec<String>,
    seconds: i64,
    started_at: String,
    answered_at: String,
}

/// The columns of [`AnswerOut::row`].
pub const COLUMNS: [&str; 22] = [
    "cohort",
    "nurse",
    "external_id",
    "scenario",
    "title",
    "revision",
    "assignment",
    "attempt",
    "turn_number",
    "turn",
    "turn_title",
    "own_words",
    "own_words_taken_away",
    "reply",
    "place",
    "missed_red_flag",
    "policy_decides",
    "repaired",
    "order_shown",
    "seconds",
    "started_at",
    "answered_at",
];

const fn yes(so: bool) -> &'static str {
    if so { "yes" } else { "no" }
}

impl AnswerOut {
    /// One answer as it is exported.
    #[must_use]
    pub fn new(cohort: &str, names: &Names, given: &Given<'_>) -> Self {
        let (nurse, external_id) = names.of(given.seat);
        let attempt = given.attempt;
        let (opening, response) = (given.step.opening, given.answer.response);
        let opened = opening.map_or(response.answered_at, |opening| opening.opened_at);
        let assigned = attempt.assigned.as_ref();
        Self {
            cohort: cohort.to_owned(),
            nurse,
            external_id,
            scenario: given.slug().to_owned(),
            title: given.speak(&attempt.revision.scenario.title),
            revision: attempt.revision.number,
            assignment: assigned.map(|assigned| assigned.assignment.as_str().to_owned()).unwrap_or_default(),
            attempt: attempt.id.as_str().to_owned(),
            turn_number: given.step.number,
            turn: given.step.turn_id.to_owned(),
            turn_title: given.speak(&given.step.turn.title),
            own_words: opening.and_then(|opening| opening.own_words.clone()),
            own_words_taken_away: opening.is_some_and(|opening| opening.words_gone),
            reply: given.speak(&given.answer.reply.text),
            place: given.answer.verdict.place.class(),
            missed_red_flag: given.answer.verdict.missed_red_flag,
            policy_decides: given.answer.reply.policy_dependent,
            repaired: match given.repair {
                Repair::NotNeeded => None,
                Repair::After(_) => Some(true),
                Repair::Open => Some(false),
            },
            order_shown: given.step.replies().into_iter().map(|reply| reply.id.clone()).collect(),
            seconds: (response.answered_at - opened) / 1_000,
            started_at: rfc3339(attempt.started_at),
            answered_at: rfc3339(response.answered_at),
        }
    }

    /// As a row of the table.
    #[must_use]
    pub fn row(&self) -> [String; COLUMNS.len()] {
        [
            self.cohort.clone(),
            self.nurse.clone(),
            self.external_id.clone(),
            self.scenario.clone(),
            self.title.clone(),
            self.revision.to_string(),
            self.assignment.clone(),
            self.attempt.clone(),
            self.turn_number.to_string(),
            self.turn.clone(),
            self.turn_title.clone(),
            self.own_words.clone().unwrap_or_default(),
            yes(self.own_words_taken_away).to_owned(),
            self.reply.clone(),
            self.place.to_owned(),
            yes(self.missed_red_flag).to_owned(),
            yes(self.policy_decides).to_owned(),
            self.repaired.map(yes).unwrap_or_default().to_owned(),
            self.order_shown.join(" "),
            self.seconds.to_string(),
            self.started_at.clone(),
            self.answered_at.clone(),
        ]
    }
}
