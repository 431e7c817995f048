//! The rows of the overview: a nurse with her paths, an assignment with those who have not begun it.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::practice::Readiness;
use crate::review::help::Needs;
use crate::review::overview::Overview;
use crate::review::paths::{Path, Row};
use crate::scenario::drawing::Spark;
use crate::scenario::library::Library;
use crate::scenario::rubric::Place;

/// One nurse in the table.
#[derive(Clone, Debug)]
pub struct NurseRow {
    /// Her page.
    pub address: String,
    /// Her name.
    pub name: String,
    /// What is to be said about her seat: "has left", "not here yet".
    pub aside: &'static str,
    /// One cell a scenario; None where she has answered nothing.
    pub paths: Vec<Option<PathCell>>,
    /// How ready she feels, where she asked to talk and said so.
    pub ready: &'static str,
    /// Whether she asked to talk.
    pub asked: bool,
    /// How many of her answers to comments nobody has read.
    pub unread: usize,
    /// Whether somebody commented.
    pub commented: bool,
}

/// One first attempt.
#[derive(Clone, Debug)]
pub struct PathCell {
    /// Its transcript.
    pub address: String,
    /// The path along the line.
    pub spark: Spark,
    /// Whether a danger was left unanswered.
    pub missed: bool,
}

impl NurseRow {
    fn new(overview: &Overview<'_>, row: &Row<'_>, cohort: &str) -> Self {
        let address = format!("/cohorts/{cohort}/people/{}", row.seat.id.as_str());
        let cell = |(path, longest): (Option<&Path>, &usize)| {
            path.map(|path| PathCell {
                address: format!("{address}/{}", path.attempt.as_str()),
                spark: Spark::new(&path.places, *longest),
                missed: path.missed,
            })
        };
        Self {
            name: row.seat.shown().to_owned(),
            aside: match (row.seat.left_at, &row.seat.nurse_id) {
                (Some(_), _) => "has left",
                (None, None) if !row.seat.name.is_empty() => "has not joined yet",
                _ => "",
            },
            paths: row.paths.iter().copied().zip(&overview.longest).map(cell).collect(),
            ready: row.between.asked.flatten().map_or("", Readiness::name),
            asked: row.between.asked.is_some(),
            unread: row.between.unread,
            commented: row.between.commented,
            address,
        }
    }

    /// A row with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let spark = Spark::new(&[Place::Blurs, Place::Keeps], 4);
        Self {
            address: "/cohorts/c/people/s".to_owned(),
            name: "Ana Okafor".to_owned(),
            aside: "has left",
            paths: vec![Some(PathCell { address: "/cohorts/c/people/s/t".to_owned(), spark, missed: true })],
            ready: "Nearly",
            asked: true,
            unread: 1,
            commented: true,
        }
    }
}

/// The first `most` rows.
#[must_use]
pub fn nurse_rows(overview: &Overview<'_>, cohort: &str, most: usize) -> Vec<NurseRow> {
    overview.rows.iter().take(most).map(|row| NurseRow::new(overview, row, cohort)).collect()
}

/// A nurse who needs help, with everything that says so.
#[derive(Clone, Debug)]
pub struct Helped {
    /// Her name.
    pub name: String,
    /// Her page.
    pub address: String,
    /// The scenario's title, the attempt's address and the reason.
    pub reasons: Vec<(String, String, String)>,
    /// In how many more scenarios there is a reason that is not listed.
    pub more: usize,
}

/// Those who need help, each once, the most urgent first: how many they are, and the first `most` of them, each with
/// her first `each` reasons.
#[must_use]
pub fn helped(needs: &[Needs<'_>], cohort: &str, (most, each): (usize, usize)) -> (usize, Vec<Helped>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut helped: Vec<Helped> = Vec::new();
    for needs in needs {
        let next = places.len();
        let place = *places.entry(needs.seat).or_insert(next);
        if place == helped.len() && place < most {
            let address = format!("/cohorts/{cohort}/people/{}", needs.seat);
            helped.push(Helped { name: needs.name.to_owned(), address, reasons: Vec::new(), more: 0 });
        }
        let Some(known) = helped.get_mut(place) else { continue };
        if known.reasons.len() == each {
            known.more += 1;
        } else {
            let address = format!("{}/{}", known.address, needs.attempt);
            known.reasons.push((needs.scenario.to_owned(), address, needs.reason.to_owned()));
        }
    }
    (places.len(), helped)
}

/// Who has not begun an assignment.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The scenario's title.
    pub title: String,
    /// The last day in words, where there is one.
    pub due: Option<String>,
    /// How many have not begun.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// The first of their names.
    pub names: Vec<String>,
}

impl Missing {
    /// How many more there are than names are shown.
    #[must_use]
    pub const fn more(&self) -> usize {
        self.count.saturating_sub(self.names.len())
    }

    /// An entry with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let (title, due) = ("A goodbye".to_owned(), Some("for Friday, March 6".to_owned()));
        Self { title, due, count: 2, of: 24, names: vec!["Ana".to_owned()] }
    }
}

/// One entry an assignment that somebody has not begun; at most `most` names each.
#[must_use]
pub fn missing(overview: &Overview<'_>, library: &Library, today: Date, most: usize) -> Vec<Missing> {
    let entry = |(assignment, seats): &(&crate::cohorts::Assignment, Vec<&crate::cohorts::Seat>)| Missing {
        title: library.title_of(&assignment.slug),
        due: assignment.due_in_words(today),
        count: seats.len(),
        of: overview.here,
        names: seats.iter().take(most).map(|seat| seat.name.clone()).collect(),
    };
    let some = overview.not_begun.iter().filter(|(_, seats)| !seats.is_empty());
    some.map(entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::review::help::Rule;

    #[test]
    fn each_is_named_once_with_all_her_reasons_and_no_more_than_are_wanted() {
        let needs = |seat, reason| Needs {
            seat,
            name: seat,
            attempt: "t",
            scenario: "A goodbye",
            rule: Rule::CrossesOpen,
            reason,
        };
        let all = [needs("a", "1"), needs("b", "2"), needs("c", "3"), needs("a", "4"), needs("c", "5")];
        let told = |most| {
            let (count, helped) = helped(&all, "x", most);
            let reasons = |helped: Helped| -> String {
                let listed: String = helped.reasons.into_iter().map(|it| it.2).collect();
                if helped.more == 0 { listed } else { format!("{listed} and {}", helped.more) }
            };
            let named = helped.into_iter().map(|helped| (helped.address.clone(), reasons(helped)));
            (count, named.collect::<Vec<_>>())
        };
        let named = |seat: &str, reasons: &str| (format!("/cohorts/x/people/{seat}"), reasons.to_owned());
        assert_eq!(told((2, 9)), (3, vec![named("a", "14"), named("b", "2")]));
        assert_eq!(told((9, 9)), (3, vec![named("a", "14"), named("b", "2"), named("c", "35")]));
        assert_eq!(told((9, 1)), (3, vec![named("a", "1 and 1"), named("b", "2"), named("c", "3 and 1")]));
    }
}
