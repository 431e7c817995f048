//! Which attempts a scenario's map shows, and what it says first, in sentences.

use std::collections::BTreeMap;

use super::flow::Flow;
use super::{Given, Work};
use crate::cohorts::SeatId;
use crate::practice::Attempt;
use crate::practice::progress::number_word;

/// Which of each nurse's attempts are shown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shown {
    /// Her first.
    First,
    /// Her latest.
    Latest,
}

/// One attempt of each nurse at one scenario, and the ways they took.
#[derive(Debug)]
pub struct Ways<'a> {
    /// The attempts, one a nurse; those in which nothing was answered are left out.
    pub attempts: Vec<&'a Attempt>,
    /// The ways they took.
    pub flow: Flow,
    /// Which attempts these are.
    pub shown: Shown,
    /// Each attempt's answers.
    pub answers: Vec<Vec<Given<'a>>>,
}

impl<'a> Ways<'a> {
    /// Takes one attempt of each nurse; the work holds one scenario only.
    #[must_use]
    pub fn of(work: &'a Work, shown: Shown) -> Self {
        let mut chosen: BTreeMap<&SeatId, &Attempt> = BTreeMap::new();
        for (seat, attempt) in work.begun() {
            match shown {
                Shown::First => drop(chosen.entry(seat).or_insert(attempt)),
                Shown::Latest => drop(chosen.insert(seat, attempt)),
            }
        }
        let attempts: Vec<&Attempt> = chosen.into_values().collect();
        let answers = attempts.iter().map(|attempt| work.answers_of(attempt)).collect();
        Self { flow: Flow::of(&attempts), attempts, shown, answers }
    }
}

/// Two or three sentences: a missed danger first, then slips and what became of them, then where most ended.
#[must_use]
pub fn lead(ways: &Ways<'_>) -> Vec<String> {
    let all = ways.attempts.len();
    if all == 0 {
        return vec!["Nobody has answered anything here yet.".to_owned()];
    }
    let mut lead = Vec::new();
    let count =
        |test: &dyn Fn(&[Given<'_>]) -> bool| ways.answers.iter().filter(|answers| test(answers)).count();
    let missed = count(&|answers| answers.iter().any(Given::missed_red_flag));
    if missed > 0 {
        lead.push(format!("{} of {all} left a danger unanswered.", number_word(missed)));
    }
    let which = match ways.shown {
        Shown::First => "first",
        Shown::Latest => "latest",
    };
    let slipped = count(&|answers| answers.iter().any(Given::slips));
    let mended = count(&|answers| answers.iter().any(Given::slips) && !answers.iter().any(Given::stays_open));
    lead.push(match slipped {
        0 => format!("In their {which} attempts all {all} kept the line at every turn."),
        _ => format!(
            "{} of {all} left the line somewhere in their {which} attempt; {} of {} put it right in the same conversation.",
            number_word(slipped),
            number_word(mended).to_lowercase().replace("no", "none"),
            if slipped == 1 { "that one".to_owned() } else { format!("those {slipped}") },
        ),
    });
    let ended: u32 = ways.flow.stops.iter().filter(|stop| stop.end).map(|stop| stop.came).sum();
    let most = ways.flow.stops.iter().filter(|stop| stop.end).max_by_key(|stop| stop.came);
    lead.push(most.map_or_else(
        || "Nobody has come to an ending yet.".to_owned(),
        |most| {
            format!(
                "Most often it ended with “{}”: {} of the {ended} who came to an end.",
                most.title, most.came
            )
        },
    ));
    lead
}
