//! A simulated nurse goes through a conversation: what she types, what she chooses, how long it takes, where she stops.

use std::collections::{BTreeMap, BTreeSet};

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::SliceRandom as _;

use super::habits::{Habit, Moment, choose, draw, one_of_a_hundred, pick};
use super::words::Deck;
use crate::clock::Millis;
use crate::practice::{Opening, Placement, Response, Sureness};
use crate::scenario::rubric::Place;
use crate::scenario::{Next, Reply, Scenario, Turn};

/// The longest a simulated attempt goes on; conversations end long before.
const LONGEST: u32 = 40;

const MINUTE: Millis = 60_000;
const HOUR: Millis = 60 * MINUTE;
const DAY: Millis = 24 * HOUR;

/// One attempt as it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gone {
    /// When it was started.
    pub started_at: Millis,
    /// What she typed, and in which order the replies stood, by turn number.
    pub openings: BTreeMap<u32, Opening>,
    /// What she chose, by turn number.
    pub responses: BTreeMap<u32, Response>,
    /// Where she put her own words, by turn number.
    pub placements: BTreeMap<u32, Placement>,
    /// When she came to an ending; none where she broke it off.
    pub ended_at: Option<Millis>,
}

/// Goes through a scenario once. `nth`: 1 for her first attempt at it.
pub fn go(
    chance: &mut StdRng,
    scenario: &Scenario,
    deck: &mut Deck,
    habit: Habit,
    nth: u32,
    started_at: Millis,
) -> Gone {
    let mut gone = Gone { started_at, ..Gone::default() };
    let stops_at = one_of_a_hundred(chance, habit.stops()).then(|| chance.random_range(1..=5));
    let mut now = started_at;
    let mut slipped = false;
    let mut next = scenario.next(&scenario.start);
    for number in 1..=LONGEST {
        let Some(Next::Turn(turn_id, turn)) = next else { break };
        let moment = Moment { turn, number, nth, slipped };
        let Some(reply) = choose(chance, habit, &moment) else { break };
        let own_words = types(chance, habit, &moment, turn_id, reply, deck);
        // Where no own words are asked for, the replies stand there at once.
        now += if turn.ask_own_words { before_the_replies(chance, own_words.as_deref()) } else { 0 };
        gone.openings.insert(number, opening(chance, turn, own_words, now));
        if stops_at == Some(number) {
            // Somebody called her away: now and then with the replies before her, else a moment earlier.
            if turn.ask_own_words && one_of_a_hundred(chance, 60) {
                gone.openings.remove(&number);
            }
            return gone;
        }
        now += habit.thinks(chance);
        let verdict = turn.verdict(reply);
        slipped = verdict.place != Place::Keeps;
        gone.responses.insert(
            number,
            Response {
                turn_id: turn_id.to_owned(),
                reply_id: reply.id.clone(),
                sureness: sureness(chance, habit, slipped),
                answered_at: now,
            },
        );
        place(chance, &mut gone, number, verdict.place);
        next = scenario.next(&reply.next);
        // She reads what it did.
        now += if turn_follows_at_once(next) { 0 } else { chance.random_range(4_000..25_000) };
    }
    gone.ended_at = matches!(next, Some(Next::Ending(..)))
        .then(|| gone.responses.values().last().map(|last| last.answered_at))
        .flatten();
    gone
}

/// The opening of a turn that asks for no own words is written with the response before it.
fn turn_follows_at_once(next: Option<Next<'_>>) -> bool {
    matches!(next, Some(Next::Turn(_, turn)) if !turn.ask_own_words)
}

/// What she types: mostly what sits where the reply does that she then chooses, else what she is drawn to.
fn types(
    chance: &mut StdRng,
    habit: Habit,
    moment: &Moment<'_>,
    turn_id: &str,
    reply: &Reply,
    deck: &mut Deck,
) -> Option<String> {
    if !moment.turn.ask_own_words || one_of_a_hundred(chance, habit.skips()) {
        return None;
    }
    let chosen = moment.turn.verdict(reply).place;
    let place = if one_of_a_hundred(chance, 55) {
        chosen
    } else {
        let draws = habit.draws(moment);
        let weights: Vec<u32> = Place::ALL.into_iter().map(|place| draw(draws, place)).collect();
        pick(chance, &weights).and_then(|index| Place::ALL.get(index).copied()).unwrap_or(chosen)
    };
    deck.deal(chance, turn_id, place).or_else(|| deck.deal(chance, turn_id, Place::Keeps))
}

/// Reading and typing takes time: about four letters a second, or a moment where she skips.
fn before_the_replies(chance: &mut StdRng, own_words: Option<&str>) -> Millis {
    let typing = own_words.map_or(0, |words| Millis::try_from(words.chars().count()).unwrap_or(0) * 260);
    chance.random_range(4_000..16_000) + typing
}

fn opening(chance: &mut StdRng, turn: &Turn, own_words: Option<String>, now: Millis) -> Opening {
    let mut reply_order: Vec<String> = turn.replies.iter().map(|reply| reply.id.clone()).collect();
    reply_order.shuffle(chance);
    Opening { own_words, words_gone: false, reply_order, opened_at: now }
}

fn sureness(chance: &mut StdRng, habit: Habit, slipped: bool) -> Option<Sureness> {
    if !one_of_a_hundred(chance, habit.says_how_sure()) {
        return None;
    }
    let weights = if slipped { [35, 45, 20] } else { [12, 48, 40] };
    pick(chance, &weights).and_then(|index| Sureness::ALL.get(index).copied())
}

/// Now and then she says where her own words sit, and is about right.
fn place(chance: &mut StdRng, gone: &mut Gone, number: u32, chosen: Place) {
    let wrote = gone.openings.get(&number).is_some_and(|opening| opening.own_words.is_some());
    if wrote && one_of_a_hundred(chance, 15) {
        let near = [Placement::At(chosen), Placement::At(Place::Blurs), Placement::NotSure];
        if let Some(placement) = pick(chance, &[70, 15, 15]).and_then(|index| near.get(index)) {
            gone.placements.insert(number, *placement);
        }
    }
}

/// A scenario that a cohort was given.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Which of the scenarios.
    pub scenario: usize,
    /// When it was given.
    pub given_at: Millis,
    /// Until when.
    pub due: Millis,
    /// How many of a hundred nurses have begun it.
    pub begun: u32,
}

/// A scenario with the sentences that are typed in it.
#[derive(Debug)]
pub struct Stage<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its own words.
    pub deck: Deck,
}

/// One attempt of a simulated cohort.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// Which of the nurses.
    pub nurse: usize,
    /// Which of the works; none where she practices for herself.
    pub work: Option<usize>,
    /// Which of the scenarios.
    pub scenario: usize,
    /// How it went.
    pub gone: Gone,
}

/// What a cohort did until `now`: one list of attempts, oldest first.
pub fn cohort(
    chance: &mut StdRng,
    stages: &mut [Stage<'_>],
    nurses: &[Habit],
    works: &[Work],
    practicing: &BTreeSet<usize>,
    now: Millis,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    for (nurse, habit) in nurses.iter().copied().enumerate() {
        for (index, work) in works.iter().enumerate() {
            if one_of_a_hundred(chance, work.begun) {
                planned.extend(work_through(chance, stages, (nurse, habit), (index, work), now));
            }
        }
        if practicing.contains(&nurse) {
            planned.extend(practice(chance, stages, nurse, habit, now));
        }
    }
    planned.sort_by_key(|planned| planned.gone.started_at);
    planned
}

/// Up to three attempts at one assignment, each a while after the one before.
fn work_through(
    chance: &mut StdRng,
    stages: &mut [Stage<'_>],
    (nurse, habit): (usize, Habit),
    (index, work): (usize, &Work),
    now: Millis,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    let latest = now - 2 * HOUR;
    let last_start = (work.due + DAY / 2).min(latest);
    let mut started_at = between(chance, work.given_at + HOUR, last_start);
    for nth in 1..=3 {
        let Some(stage) = stages.get_mut(work.scenario) else { break };
        let gone = go(chance, stage.scenario, &mut stage.deck, habit, nth, started_at);
        let over = gone.ended_at.is_some();
        planned.push(Planned { nurse, work: Some(index), scenario: work.scenario, gone });
        started_at += chance.random_range(2 * HOUR..4 * DAY);
        if !over || started_at > latest || !one_of_a_hundred(chance, habit.again()) {
            break;
        }
    }
    planned
}

/// One to three attempts nobody else ever sees, at whatever scenario.
fn practice(
    chance: &mut StdRng,
    stages: &mut [Stage<'_>],
    nurse: usize,
    habit: Habit,
    now: Millis,
) -> Vec<Planned> {
    let mut planned = Vec::new();
    for nth in 1..=chance.random_range(1..=3) {
        let started_at = between(chance, now - 20 * DAY, now - 2 * HOUR);
        let Some(scenario) = pick(chance, &vec![1; stages.len()]) else { break };
        let Some(stage) = stages.get_mut(scenario) else { break };
        let gone = go(chance, stage.scenario, &mut stage.deck, habit, nth, started_at);
        planned.push(Planned { nurse, work: None, scenario, gone });
    }
    planned
}

fn between(chance: &mut StdRng, from: Millis, to: Millis) -> Millis {
    if from < to { chance.random_range(from..to) } else { to }
}
