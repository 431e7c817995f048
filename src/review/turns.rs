//! Answers gathered turn by turn: the same turn in two revisions is one where its content is the same.

use std::collections::HashMap;

use super::contents::Content;
use super::{Count, Given, Work};
use crate::clock::Millis;
use crate::cohorts::Assignment;
use crate::scenario::Turn;
use crate::scenario::library::Revision;
use crate::scenario::policy::Policy;

/// One turn that nurses came to, with what was gathered of the answers they gave to it.
#[derive(Clone, Debug)]
pub struct Met<'a, T = Vec<Given<'a>>> {
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
    /// The local words of the latest answer.
    pub policy: &'a Policy,
    /// The earliest place in a conversation that somebody met it at: 1 for the first turn.
    pub number: u32,
    /// The numbers of the revisions it was met in, in order.
    pub revisions: Vec<i64>,
    /// Whether other revisions have another turn under this id: then it is said which this is.
    pub reworded: bool,
    /// The answers.
    pub answers: T,
}

impl Met<'_> {
    /// How many answers sit where.
    #[must_use]
    pub fn count(&self) -> Count {
        Count::of(self.answers.iter().map(Given::choice))
    }
}

impl<T> Met<'_, T> {
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

/// Where an answer was given.
#[derive(Clone, Copy, Debug)]
pub struct Spot<'a> {
    /// The revision.
    pub revision: &'a Revision,
    /// The local words.
    pub policy: &'a Policy,
    /// The turn's position in its author's order, from 0.
    pub position: usize,
    /// What the turn says.
    pub content: Content,
    /// Which turn of the attempt it was, from 1.
    pub number: u32,
    /// When it was answered.
    pub answered_at: Millis,
}

/// One turn while answers are gathered.
#[derive(Debug)]
struct Pile<'a, T> {
    /// Where the latest of them was given.
    latest: Spot<'a>,
    /// The earliest revision it was met in, and its position there.
    stands: (i64, usize),
    number: u32,
    revisions: Vec<i64>,
    answers: T,
}

/// Gathers answers by what the turn says.
#[derive(Debug)]
pub struct Gathering<'a, T>(Vec<Option<Pile<'a, T>>>);

impl<T> Default for Gathering<'_, T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'a, T: Default> Gathering<'a, T> {
    /// One answer more, given here; `add` puts it to those that were gathered at the same turn.
    pub fn add(&mut self, spot: Spot<'a>, add: impl FnOnce(&mut T)) {
        let Content(place) = spot.content;
        if self.0.len() <= place {
            self.0.resize_with(place + 1, || None);
        }
        let Some(pile) = self.0.get_mut(place) else { return };
        let revision = spot.revision.number;
        let pile = pile.get_or_insert_with(|| Pile {
            latest: spot,
            stands: (revision, spot.position),
            number: spot.number,
            revisions: Vec::new(),
            answers: T::default(),
        });
        if (pile.latest.answered_at, pile.latest.number) <= (spot.answered_at, spot.number) {
            pile.latest = spot;
        }
        pile.stands = pile.stands.min((revision, spot.position));
        pile.number = pile.number.min(spot.number);
        if !pile.revisions.contains(&revision) {
            pile.revisions.push(revision);
        }
        add(&mut pile.answers);
    }

    /// The turns: scenarios in the order they were set, turns in their author's order.
    #[must_use]
    pub fn met(self, set: &[Assignment]) -> Vec<Met<'a, T>> {
        let mut piles: Vec<_> = self.0.into_iter().flatten().collect();
        piles.sort_by_cached_key(|pile| {
            let slug = &pile.latest.revision.scenario.slug;
            let set = set.iter().position(|assignment| assignment.slug == *slug);
            let (number, position) = pile.stands;
            (set.unwrap_or(usize::MAX), position, number)
        });
        let mut met: Vec<Met<'a, T>> = piles.into_iter().filter_map(one).collect();
        let mut under: HashMap<(&str, &str), usize> = HashMap::new();
        for turn in &met {
            *under.entry((turn.slug, turn.turn_id)).or_default() += 1;
        }
        for turn in &mut met {
            turn.reworded = under.get(&(turn.slug, turn.turn_id)).is_some_and(|count| *count > 1);
        }
        met
    }
}

/// Gathers answers by the content of the turn: scenarios in the order they were set, turns in their author's order.
#[must_use]
pub fn by_turn<'a>(work: &Work, answers: Vec<Given<'a>>) -> Vec<Met<'a>> {
    let mut gathering: Gathering<'a, Vec<Given<'a>>> = Gathering::default();
    for given in answers {
        gathering.add(given.spot(), |answers| answers.push(given));
    }
    gathering.met(&work.assignments)
}

fn one<T>(pile: Pile<'_, T>) -> Option<Met<'_, T>> {
    let Pile { latest, number, mut revisions, answers, .. } = pile;
    let scenario = &latest.revision.scenario;
    let (turn_id, turn) = scenario.turns.get_index(latest.position)?;
    revisions.sort_unstable();
    Some(Met {
        slug: &scenario.slug,
        scenario: latest.policy.speak(&scenario.title),
        turn_id,
        turn,
        title: latest.policy.speak(&turn.title),
        policy: latest.policy,
        number,
        revisions,
        reworded: false,
        answers,
    })
}
