//! Element by turn: on which of the eight elements answers did not keep, too distant told apart from too close.

use std::collections::BTreeMap;

use serde::Serialize;

use super::summary::People;
use super::turns::Gathering;
use super::{Choice, FEW, Met};
use crate::practice::progress::failed;
use crate::scenario::rubric::{Distance, Element};

/// One element at one turn.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Cell {
    /// In how many answers the element was in play.
    pub n: usize,
    /// In how many of them it did not keep by being too distant: cold, absent or blaming.
    pub too_distant: usize,
    /// In how many it did not keep by being too close.
    pub too_close: usize,
}

impl Cell {
    /// In how many answers it did not keep.
    #[must_use]
    pub const fn slipped(&self) -> usize {
        self.too_distant + self.too_close
    }

    /// How heavily the cell is marked, 0 to 3: not at all, under a quarter, under half, half or more. Under five
    /// answers nothing is marked.
    #[must_use]
    pub const fn weight(&self) -> u8 {
        match (self.n, self.slipped()) {
            (n, _) if n < FEW => 0,
            (_, 0) => 0,
            (n, slipped) if slipped * 4 < n => 1,
            (n, slipped) if slipped * 2 < n => 2,
            _ => 3,
        }
    }

    /// "3 of 11"; a dash where the element was never in play.
    #[must_use]
    pub fn words(&self) -> String {
        if self.n == 0 { "–".to_owned() } else { format!("{} of {}", self.slipped(), self.n) }
    }

    /// "1 too distant, 2 too close"; nothing where nothing slipped.
    #[must_use]
    pub fn apart(&self) -> String {
        let parts = [(self.too_distant, "too distant"), (self.too_close, "too close")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, how)| format!("{count} {how}"))
            .collect();
        parts.join(", ")
    }
}

/// One turn, with a cell for each of the eight elements.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The scenario's slug.
    pub slug: String,
    /// The scenario's title.
    pub scenario: String,
    /// The turn's id.
    pub turn: String,
    /// The turn's title; with the revision, where that makes a difference.
    pub title: String,
    /// How many answers there are.
    pub n: usize,
    /// The cells, in the order of [`Element::ALL`].
    pub cells: Vec<Cell>,
}

/// What is gathered of one turn.
#[derive(Debug, Default)]
struct Gathered {
    n: usize,
    cells: BTreeMap<Element, Cell>,
}

/// The matrix of first answers, or of latest ones. Answers that local policy decides are left out.
#[must_use]
pub fn matrix(people: &People, latest: bool) -> Vec<Row> {
    let mut gathering: Gathering<'_, Gathered> = Gathering::default();
    for (_, summary) in people.each() {
        for turn in &summary.turns {
            let wanted = if latest { turn.latest.as_ref() } else { Some(&turn.first) };
            let found = wanted.and_then(|chosen| summary.look_up(turn.content, chosen));
            if let Some((spot, choice)) = found.filter(|(_, choice)| !choice.reply.policy_dependent) {
                gathering.add(spot, |gathered| gathered.put(choice));
            }
        }
    }
    let row = |met: Met<'_, Gathered>| Row {
        title: format!("{}{}", met.title, met.edition()),
        slug: met.slug.to_owned(),
        scenario: met.scenario,
        turn: met.turn_id.to_owned(),
        n: met.answers.n,
        cells: Element::ALL
            .map(|element| met.answers.cells.get(&element).copied().unwrap_or_default())
            .into(),
    };
    gathering.met(&people.assignments).into_iter().map(row).collect()
}

impl Gathered {
    /// An answer's elements: those its reply is scored on, and SAFE where a danger was left unanswered.
    fn put(&mut self, choice: Choice<'_>) {
        self.n += 1;
        let slipped = failed(choice.reply, choice.verdict);
        let distant = choice.reply.distance == Some(Distance::Under);
        for element in Element::ALL {
            let slips = slipped.contains(&element);
            if slips || choice.reply.scores.contains_key(&element) {
                let cell = self.cells.entry(element).or_default();
                cell.n += 1;
                cell.too_distant += usize::from(slips && distant);
                cell.too_close += usize::from(slips && !distant);
            }
        }
    }
}
