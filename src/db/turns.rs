//! When the journal of the SQLite file is brought into it, and who waits for that.

/// How many turns later those who write are kept waiting again, where a reader was in the way: somebody may read for
/// long, as a backup does.
const RESTS: u32 = 10;

/// How a turn went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Turn {
    /// Everything is in the file, and what was owed is done.
    Done,
    /// As far as could be done without keeping anybody waiting.
    Partly,
    /// Those who write were kept waiting, and somebody who reads was in the way.
    InTheWay,
}

/// Which turns are taken, and in which of them those who write may be kept waiting.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// How many commits are in the file.
    seen: u64,
    /// How many turns it is until somebody may be kept waiting again.
    rest: u32,
    /// Whether the last one failed.
    fails: bool,
}

impl Turns {
    /// None: there is nothing to do, or no file to do it to. Otherwise whether those who write may be kept waiting.
    pub(super) fn begin(&mut self, commits: u64, owes: bool, is_gone: bool) -> Option<bool> {
        if is_gone || commits == self.seen && !owes {
            return None;
        }
        self.rest = self.rest.saturating_sub(1);
        Some(self.rest == 0)
    }

    /// The turn for so many commits is over.
    pub(super) const fn end(&mut self, commits: u64, turn: Turn) {
        self.fails = false;
        match turn {
            Turn::Done => self.seen = commits,
            Turn::Partly => {}
            Turn::InTheWay => self.rest = RESTS,
        }
    }

    /// The turn failed. Whether that is new: it is said once, not twice a second.
    pub(super) const fn failed(&mut self) -> bool {
        let is_new = !self.fails;
        self.fails = true;
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_taken_for_something_new_or_owed_and_nobody_is_kept_waiting_twice_in_a_row() {
        let mut turns = Turns::default();
        assert_eq!(turns.begin(0, false, false), None, "nothing was written");
        assert_eq!(turns.begin(0, true, false), Some(true), "something is owed");
        assert_eq!(turns.begin(1, true, true), None, "the file is gone");
        assert_eq!(turns.begin(1, false, false), Some(true));
        turns.end(1, Turn::Done);
        assert_eq!(turns.begin(1, false, false), None, "that is in the file");
        assert_eq!(turns.begin(2, false, false), Some(true));
        turns.end(2, Turn::Partly);
        assert_eq!(turns.begin(2, false, false), Some(true), "nobody was kept waiting");
        turns.end(2, Turn::InTheWay);
        for turn in 1..RESTS {
            assert_eq!(turns.begin(2, false, false), Some(false), "{turn}");
            turns.end(2, Turn::Partly);
        }
        assert_eq!(turns.begin(2, false, false), Some(true), "once in so many turns");
        turns.end(2, Turn::Done);
        assert_eq!(turns.begin(3, false, false), Some(true), "nobody was in the way");
        assert!(turns.failed(), "the first time");
        assert_eq!(turns.begin(3, false, false), Some(true), "and once more");
        assert!(!turns.failed(), "the second time is nothing new");
        turns.end(3, Turn::Partly);
        assert!(turns.failed(), "after one that went well it is new");
    }
}
