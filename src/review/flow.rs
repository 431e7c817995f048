//! The ways a cohort took through a scenario: turns that were reached, replies that led on, endings.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::practice::Attempt;
use crate::scenario::Scenario;
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Place;

/// Something that was reached: a turn, or an ending.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stop {
    /// The id of the turn or ending.
    pub id: String,
    /// What makes a turn the same in two revisions: its content's hash. Empty for an ending.
    pub content: String,
    /// Whether the conversation ends here.
    pub end: bool,
    /// Its title, in the local words.
    pub title: String,
    /// How many attempts came here.
    pub came: u32,
    /// How often it was come to; more than `came` where a conversation leads back here.
    pub visits: u32,
    /// How many came here and have not answered.
    pub waiting: u32,
    /// The least and the greatest number this turn had on the way of somebody who came.
    pub numbers: (u32, u32),
    /// The revisions it was met in.
    pub revisions: BTreeSet<i64>,
    /// Whether the same turn says something else in another revision that was met.
    pub apart: bool,
    /// The column it stands in, from 0.
    pub column: usize,
}

/// All answers that led from one stop to the same next one and sit at the same place on the line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Band {
    /// The turn that was answered, as a position among the stops.
    pub from: usize,
    /// Where the answers led.
    pub to: usize,
    /// Where they sit.
    pub place: Place,
    /// How many there are.
    pub count: u32,
    /// Whether it leads back to an earlier column.
    pub back: bool,
}

/// A scenario as it was gone through.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Flow {
    /// Turns in their author's order, then endings.
    pub stops: Vec<Stop>,
    /// What joins them.
    pub bands: Vec<Band>,
    /// How many attempts began.
    pub began: u32,
    /// The revisions that were gone through, oldest first.
    pub revisions: BTreeSet<i64>,
    /// Whether any turn differs between them.
    pub changed: bool,
}

/// What makes two turns the same: the id, and what it says. Endings are the same by id.
type Key = (bool, String, String);

impl Flow {
    /// The ways these attempts at one scenario took. Turns are one where their content is unchanged.
    #[must_use]
    pub fn of(attempts: &[&Attempt]) -> Self {
        let mut building = Building::default();
        for attempt in attempts {
            building.walk(attempt);
        }
        building.flow(attempts)
    }

    /// A flow with its columns and ways back found.
    #[must_use]
    pub fn arranged(mut self) -> Self {
        let backs = ways_back(self.stops.len(), &self.bands);
        for (band, back) in self.bands.iter_mut().zip(backs) {
            band.back = back;
        }
        // The longest way to a stop decides its column, so that every band leads on to the right.
        for _ in 0..self.stops.len() {
            let mut moved = false;
            for band in self.bands.iter().filter(|band| !band.back) {
                let least = self.stops.get(band.from).map_or(0, |stop| stop.column + 1);
                if let Some(stop) = self.stops.get_mut(band.to).filter(|stop| stop.column < least) {
                    stop.column = least;
                    moved = true;
                }
            }
            if !moved {
                break;
            }
        }
        self
    }

    /// How many answers at this stop sit at each place, in the order of [`Place::ALL`].
    #[must_use]
    pub fn places(&self, stop: usize) -> [u32; 4] {
        Place::ALL.map(|place| {
            let here = self.bands.iter().filter(|band| band.from == stop && band.place == place);
            here.map(|band| band.count).sum()
        })
    }
}

#[derive(Debug, Default)]
struct Building<'a> {
    /// What each turn of each revision says: computed once, it is a hash.
    contents: HashMap<(&'a str, &'a str), String>,
    stops: BTreeMap<Key, Stop>,
    bands: BTreeMap<(Key, Key, Place), u32>,
    began: u32,
}

impl<'a> Building<'a> {
    fn walk(&mut self, attempt: &'a Attempt) {
        let walk = attempt.replay();
        if walk.steps.iter().all(|step| step.answer.is_none()) {
            return;
        }
        self.began += 1;
        let mut seen = BTreeSet::new();
        let mut before: Option<(Key, Place)> = None;
        for step in &walk.steps {
            let content = self.contents.entry((&attempt.revision.id, step.turn_id));
            let content = content.or_insert_with(|| step.turn.content_hash()).clone();
            let key: Key = (false, step.turn_id.to_owned(), content);
            let stop = self.arrive(&key, &step.turn.title, attempt, seen.insert(key.clone()));
            stop.numbers = match stop.numbers {
                (0, _) => (step.number, step.number),
                (least, greatest) => (least.min(step.number), greatest.max(step.number)),
            };
            if step.answer.is_none() {
                stop.waiting += 1;
            }
            self.join(before.take(), &key);
            before = step.answer.map(|answer| (key, answer.verdict.place));
        }
        if let Some((id, ending)) = walk.ending {
            let key: Key = (true, id.to_owned(), String::new());
            self.arrive(&key, &ending.title, attempt, true).end = true;
            self.join(before, &key);
        }
    }

    fn arrive(&mut self, key: &Key, title: &str, attempt: &Attempt, new: bool) -> &mut Stop {
        let stop = self.stops.entry(key.clone()).or_default();
        stop.id.clone_from(&key.1);
        stop.content.clone_from(&key.2);
        stop.title = attempt.policy.speak(title);
        stop.visits += 1;
        stop.came += u32::from(new);
        stop.revisions.insert(attempt.revision.number);
        stop
    }

    fn join(&mut self, before: Option<(Key, Place)>, to: &Key) {
        if let Some((from, place)) = before {
            *self.bands.entry((from, to.clone(), place)).or_default() += 1;
        }
    }

    fn flow(mut self, attempts: &[&Attempt]) -> Flow {
        let mut scenarios: Vec<(i64, &Scenario)> =
            attempts.iter().map(|attempt| (attempt.revision.number, &attempt.revision.scenario)).collect();
        scenarios.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        scenarios.dedup_by_key(|(number, _)| *number);
        let mut order: Vec<Key> = Vec::new();
        for (_, scenario) in &scenarios {
            order.extend(scenario.turns.iter().map(|(id, turn)| (false, id.clone(), turn.content_hash())));
        }
        for (_, scenario) in &scenarios {
            order.extend(scenario.endings.keys().map(|id| (true, id.clone(), String::new())));
        }
        let mut flow = Flow { began: self.began, ..Flow::default() };
        let mut positions: BTreeMap<Key, usize> = BTreeMap::new();
        for key in order {
            if let Some(stop) = self.stops.remove(&key) {
                flow.revisions.extend(&stop.revisions);
                positions.insert(key, flow.stops.len());
                flow.stops.push(stop);
            }
        }
        for ((from, to, place), count) in &self.bands {
            if let (Some(&from), Some(&to)) = (positions.get(from), positions.get(to)) {
                flow.bands.push(Band { from, to, place: *place, count: *count, back: false });
            }
        }
        flow.bands.sort_by_key(|band| (band.from, band.to, band.place));
        tell_apart(&mut flow);
        flow.arranged()
    }
}

/// Marks the turns that say something else in another revision that was met.
fn tell_apart(flow: &mut Flow) {
    let mut versions: BTreeMap<String, u32> = BTreeMap::new();
    for stop in flow.stops.iter().filter(|stop| !stop.end) {
        *versions.entry(stop.id.clone()).or_default() += 1;
    }
    for stop in flow.stops.iter_mut().filter(|stop| !stop.end) {
        stop.apart = versions.get(&stop.id).is_some_and(|count| *count > 1);
        flow.changed |= stop.apart;
    }
}

/// Which bands lead back to a stop they came from: found by following every way once.
fn ways_back(stops: usize, bands: &[Band]) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        OnTheWay,
        Done,
    }
    let mut states = vec![State::New; stops];
    let mut back = vec![false; bands.len()];
    for start in 0..stops {
        // A stop, and which of the bands is to be followed next.
        let mut way: Vec<(usize, usize)> = vec![(start, 0)];
        if states.get(start) != Some(&State::New) {
            continue;
        }
        while let Some((at, next)) = way.last_mut() {
            let at = *at;
            if let Some(state) = states.get_mut(at) {
                *state = State::OnTheWay;
            }
            let found = bands.iter().enumerate().skip(*next).find(|(_, band)| band.from == at);
            let Some((index, band)) = found else {
                if let Some(state) = states.get_mut(at) {
                    *state = State::Done;
                }
                way.pop();
                continue;
            };
            *next = index + 1;
            match states.get(band.to) {
                Some(State::New) => way.push((band.to, 0)),
                Some(State::OnTheWay) => {
                    if let Some(back) = back.get_mut(index) {
                        *back = true;
                    }
                }
                Some(State::Done) | None => {}
            }
        }
    }
    back
}

/// The turns of a scenario that nobody came to, by title.
#[must_use]
pub fn unmet(flow: &Flow, scenario: &Scenario, policy: &Policy) -> Vec<String> {
    let unmet =
        scenario.turns.iter().filter(|(id, _)| !flow.stops.iter().any(|stop| !stop.end && stop.id == **id));
    unmet.map(|(_, turn)| policy.speak(&turn.title)).collect()
}
