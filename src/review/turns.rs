//! Answers gathered turn by turn: the same turn in two revisions is one where its content is the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Count, Given, Work};
use crate::scenario::Turn;

/// One turn that nurses came to, with the answers they gave to it.
#[derive(Clone, Debug)]
pub struct Met<'a> {
    /// The scenario's slug.
    pub slug: &'a str,
    /// The scenario's title, with local words.
    pub scenario: String,
    /// The turn's id.
    pub turn_id: &'a str,
    /// The turn.
    pub turn: &'a Turn,
    /// Its title, with local words.
    pub title: String,
    /// The earliest place in a conversation that somebody met it at: 1 for the first turn.
    pub number: u32,
    /// The numbers of the revisions it was met in, in order.
    pub revisions: Vec<i64>,
    /// Whether other revisions have another turn under this id: then it is said which this is.
    pub reworded: bool,
    /// The answers.
    pub answers: Vec<Given<'a>>,
}

impl Met<'_> {
    /// How many answers sit where.
    #[must_use]
    pub fn count(&self) -> Count {
        Count::of(&self.answers)
    }

    /// "" or ", as in revision 2": only where another revision says something else at this turn.
    #[must_use]
    pub fn edition(&self) -> String {
        let numbers: Vec<String> = self.revisions.iter().map(ToString::to_string).collect();
        match (self.reworded, numbers.len()) {
            (false, _) => String::new(),
            (true, 1) => format!(", as in revision {}", numbers.join("")),
            (true, _) => format!(", as in revisions {}", numbers.join(", ")),
        }
    }
}

/// Gathers answers by the content of the turn: scenarios in the order they were set, turns in their author's order.
#[must_use]
pub fn by_turn<'a>(work: &Work, answers: Vec<Given<'a>>) -> Vec<Met<'a>> {
    let mut gathered: BTreeMap<(usize, usize, i64, &str), Vec<Given<'a>>> = BTreeMap::new();
    let mut places: HashMap<(&str, &str), (usize, usize, i64, &str)> = HashMap::new();
    for given in answers {
        let scenario = &given.attempt.revision.scenario;
        let place = *places.entry((given.slug(), given.content)).or_insert_with(|| {
            let set = work.assignments.iter().position(|assignment| assignment.slug == scenario.slug);
            let stands = scenario.turns.get_index_of(given.step.turn_id);
            let (set, stands) = (set.unwrap_or(usize::MAX), stands.unwrap_or(usize::MAX));
            (set, stands, given.attempt.revision.number, given.content)
        });
        gathered.entry(place).or_default().push(given);
    }
    let mut met: Vec<Met<'a>> = gathered.into_values().filter_map(one).collect();
    let mut under: HashMap<(&str, &str), usize> = HashMap::new();
    for turn in &met {
        *under.entry((turn.slug, turn.turn_id)).or_default() += 1;
    }
    for turn in &mut met {
        turn.reworded = under.get(&(turn.slug, turn.turn_id)).is_some_and(|count| *count > 1);
    }
    met
}

fn one(answers: Vec<Given<'_>>) -> Option<Met<'_>> {
    let latest = *answers.last()?;
    let scenario = &latest.attempt.revision.scenario;
    let revisions: BTreeSet<i64> = answers.iter().map(|given| given.attempt.revision.number).collect();
    Some(Met {
        slug: &scenario.slug,
        scenario: latest.speak(&scenario.title),
        turn_id: latest.step.turn_id,
        turn: latest.step.turn,
        title: latest.speak(&latest.step.turn.title),
        number: answers.iter().map(|given| given.step.number).min().unwrap_or(1),
        revisions: revisions.into_iter().collect(),
        reworded: false,
        answers,
    })
}
