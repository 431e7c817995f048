//! The answers to one turn: each reply by how many chose it, first and later, and how long it took to answer.

use std::collections::BTreeMap;

use super::Given;
use crate::clock::Millis;
use crate::cohorts::SeatId;
use crate::scenario::Reply;

/// One reply of a turn with the nurses who chose it.
#[derive(Clone, Debug)]
pub struct Chosen<'a> {
    /// The reply.
    pub reply: &'a Reply,
    /// The first answers that chose it.
    pub first: Vec<Given<'a>>,
    /// The later answers that chose it: each nurse's latest, where she came here again.
    pub later: Vec<Given<'a>>,
}

/// The answers to one turn's content.
#[derive(Clone, Debug, Default)]
pub struct Tally<'a> {
    /// The replies, the one that most chose first above.
    pub replies: Vec<Chosen<'a>>,
    /// How many nurses answered it.
    pub first: usize,
    /// How many of them answered it again later.
    pub later: usize,
    /// The middle one of the times to answer for the first time.
    pub median: Option<Millis>,
}

/// Counts the answers to one turn's content; all of them belong to it.
#[must_use]
pub fn tally<'a>(answers: &[Given<'a>]) -> Tally<'a> {
    let mut first: BTreeMap<&SeatId, Given<'a>> = BTreeMap::new();
    let mut latest: BTreeMap<&SeatId, Given<'a>> = BTreeMap::new();
    for given in answers {
        let when = |given: &Given<'_>| (given.answer.response.answered_at, given.step.number);
        let earliest = first.entry(given.seat).or_insert(*given);
        if when(given) < when(earliest) {
            *earliest = *given;
        }
        let last = latest.entry(given.seat).or_insert(*given);
        if when(given) > when(last) {
            *last = *given;
        }
    }
    latest.retain(|seat, given| {
        let same = |first: &Given<'_>| {
            first.attempt.id == given.attempt.id && first.step.number == given.step.number
        };
        !first.get(seat).is_some_and(same)
    });
    let Some(turn) = answers.last().map(|given| given.step.turn) else { return Tally::default() };
    let chosen = |reply: &'a Reply| {
        let of = |answers: &BTreeMap<&SeatId, Given<'a>>| -> Vec<Given<'a>> {
            answers.values().filter(|given| given.answer.reply.id == reply.id).copied().collect()
        };
        Chosen { reply, first: of(&first), later: of(&latest) }
    };
    let mut replies: Vec<Chosen<'a>> = turn.replies.iter().map(chosen).collect();
    replies.sort_by_key(|reply| std::cmp::Reverse((reply.first.len(), reply.later.len())));
    let times = first
        .values()
        .filter_map(|given| Some(given.answer.response.answered_at - given.step.opening?.opened_at));
    Tally { replies, first: first.len(), later: latest.len(), median: median(times.collect()) }
}

/// The middle one of some times; of two middle ones the mean.
#[must_use]
pub fn median(mut times: Vec<Millis>) -> Option<Millis> {
    times.sort_unstable();
    let high = *times.get(times.len() / 2)?;
    let low = *times.get((times.len() - 1) / 2)?;
    Some(low + (high - low) / 2)
}
