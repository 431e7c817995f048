//! What was counted of seats before, kept in memory: a page works out anew only what has changed since.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::contents::Contents;
use super::summary::Summary;
use crate::cohorts::SeatId;

/// How many bytes of summaries are kept at most: those of some twenty cohorts of two hundred.
const MOST: usize = 16 * 1024 * 1024;

/// What is kept between pages. Everything in it follows from the database, and every process has its own: a summary
/// counts only for the very state of a seat's tally that it was worked out of.
#[derive(Debug)]
pub struct Memory {
    /// What turns say.
    pub contents: Contents,
    kept: Mutex<Kept>,
    most: usize,
}

#[derive(Debug, Default)]
struct Kept {
    seats: HashMap<SeatId, Entry>,
    /// The seats by when they were put here.
    order: BTreeMap<u64, SeatId>,
    /// How many were ever put here.
    puts: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    seq: i64,
    summary: Arc<Summary>,
    put: u64,
    bytes: usize,
}

impl Default for Memory {
    fn default() -> Self {
        Self::of(MOST)
    }
}

impl Memory {
    /// A memory of at most so many bytes of summaries.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self { contents: Contents::default(), kept: Mutex::default(), most }
    }

    /// What is known of these seats in these states of their tallies, in the same order.
    pub fn known<'a>(&self, seats: impl Iterator<Item = (&'a SeatId, i64)>) -> Vec<Option<Arc<Summary>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |(seat, seq): (&SeatId, i64)| {
            let entry = kept.seats.get(seat).filter(|entry| entry.seq == seq)?;
            Some(Arc::clone(&entry.summary))
        };
        seats.map(known).collect()
    }

    /// Keeps what was worked out of this state of a seat's tally, and forgets what was put here longest ago where that
    /// is too much.
    pub fn keep(&self, seat: &SeatId, seq: i64, summary: &Arc<Summary>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = &mut *kept;
        kept.puts += 1;
        let bytes = summary.bytes() + 200;
        let entry = Entry { seq, summary: Arc::clone(summary), put: kept.puts, bytes };
        kept.bytes += bytes;
        kept.order.insert(entry.put, seat.clone());
        if let Some(before) = kept.seats.insert(seat.clone(), entry) {
            kept.order.remove(&before.put);
            kept.bytes -= before.bytes;
        }
        while kept.bytes > self.most
            && let Some((_, oldest)) = kept.order.pop_first()
        {
            if let Some(gone) = kept.seats.remove(&oldest) {
                kept.bytes -= gone.bytes;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seat(number: u32) -> SeatId {
        SeatId::read(&format!("00000000-0000-7000-8000-{number:012x}")).expect("an id")
    }

    #[test]
    fn only_the_same_state_of_a_seat_is_known_and_the_oldest_are_forgotten() {
        let size = Summary::default().bytes() + 200;
        let memory = Memory::of(3 * size);
        let summary = Arc::new(Summary::default());
        for number in 0..3 {
            memory.keep(&seat(number), 1, &summary);
        }
        let known = |number: u32, seq: i64| {
            memory.known([(&seat(number), seq)].into_iter()).first().is_some_and(Option::is_some)
        };
        assert!(known(0, 1) && known(1, 1) && known(2, 1));
        assert!(!known(0, 2), "another state is another thing");
        memory.keep(&seat(0), 2, &summary);
        assert!(known(0, 2) && !known(0, 1) && known(1, 1), "a newer state takes the place of the older one");
        memory.keep(&seat(3), 1, &summary);
        assert!(!known(1, 1) && known(2, 1) && known(0, 2) && known(3, 1), "what was put first goes first");
    }
}
