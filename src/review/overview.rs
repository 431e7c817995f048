//! Everything the overview of a cohort says, before it is set on a page or written to a file.

use std::collections::BTreeMap;

use super::help::{Needs, needs};
use super::moments::{Moments, moments};
use super::paths::{Between, Change, Row, changes, not_begun, rows, scenarios};
use super::summary::People;
use super::{FEW, Filter};
use crate::cohorts::{Assignment, Seat, SeatId};

/// The overview of a cohort.
#[derive(Clone, Debug)]
pub struct Overview<'a> {
    /// How many are in the cohort now.
    pub here: usize,
    /// How many have answered something; also some who have left.
    pub answered: usize,
    /// How many of these have left.
    pub left: usize,
    /// How many first answers there are.
    pub first: usize,
    /// How many of them slipped, and how many of these were put right in the same attempt.
    pub slips: (usize, usize),
    /// The moments to talk about first.
    pub moments: Moments,
    /// Who needs help now.
    pub needs: Vec<Needs<'a>>,
    /// The scenarios of the table, by slug.
    pub slugs: Vec<&'a str>,
    /// How many turns the longest path at each of them has.
    pub longest: Vec<usize>,
    /// One row a nurse.
    pub rows: Vec<Row<'a>>,
    /// First attempts against latest ones.
    pub changes: Vec<Change>,
    /// Who has not begun what.
    pub not_begun: Vec<(&'a Assignment, Vec<&'a Seat>)>,
}

impl<'a> Overview<'a> {
    /// Looks at the work that passed the filter.
    #[must_use]
    pub fn new(people: &'a People, filter: &Filter, between: &BTreeMap<SeatId, Between>) -> Self {
        let only = filter.assignment.as_ref();
        let slugs = scenarios(people, only);
        let rows = rows(people, &slugs, between);
        let longest = (0..slugs.len()).map(|place| {
            let paths = rows.iter().filter_map(|row| *row.paths.get(place)?);
            paths.map(|path| path.places.len()).max().unwrap_or_default()
        });
        let slips = people.each().map(|(_, summary)| summary.slips);
        let slips = slips.fold((0, 0), |(all, repaired), (slips, good)| (all + slips, repaired + good));
        Self {
            here: people.seats.iter().filter(|seat| seat.is_here()).count(),
            answered: people.answered().count(),
            left: people.answered().filter(|seat| !seat.is_here()).count(),
            first: people.each().map(|(_, summary)| summary.turns.len()).sum(),
            slips,
            moments: moments(people),
            needs: needs(people),
            longest: longest.collect(),
            changes: changes(people, &slugs),
            not_begun: not_begun(people, only),
            slugs,
            rows,
        }
    }

    /// Whether so few have answered that nothing is drawn.
    #[must_use]
    pub const fn few(&self) -> bool {
        self.answered < FEW
    }

    /// What comes before everything else, in sentences.
    #[must_use]
    pub fn lead(&self) -> String {
        let all = self.here + self.left;
        let answered = match (self.answered, all) {
            (0, _) => "Nobody has answered yet.".to_owned(),
            (1, 1) => "The one nurse here has answered.".to_owned(),
            (answered, all) if answered == all => format!("All {all} nurses have answered."),
            (1, all) => format!("1 of {all} nurses has answered."),
            (answered, all) => format!("{answered} of {all} nurses have answered."),
        };
        let left = match self.left {
            0 => None,
            1 => Some("One of them has left since; her answers still count.".to_owned()),
            left => Some(format!("{left} of them have left since; their answers still count.")),
        };
        let sentences: Vec<String> = [Some(answered), left, self.slipped()].into_iter().flatten().collect();
        sentences.join(" ")
    }

    /// How many first answers slipped, and what became of them.
    fn slipped(&self) -> Option<String> {
        let (slips, repaired) = self.slips;
        let all = match self.first {
            0 => return None,
            _ if slips == 0 => return Some("Every first answer kept the line.".to_owned()),
            1 => {
                return Some(format!(
                    "The one first answer slipped, and it was {}put right.",
                    if repaired == 1 { "" } else { "not " }
                ));
            }
            all => all,
        };
        Some(match (slips, repaired) {
            (1, 0) => format!("Of {all} first answers one slipped, and it was not put right."),
            (1, _) => {
                format!("Of {all} first answers one slipped, and it was put right in the same conversation.")
            }
            (_, 1) => format!(
                "Of {all} first answers {slips} slipped, and 1 of these was put right in the same conversation."
            ),
            _ => format!(
                "Of {all} first answers {slips} slipped, and {repaired} of these were put right in the same conversation."
            ),
        })
    }
}
