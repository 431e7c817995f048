//! Whether the clock of the machine is believed, before anything goes for being old: a clock that is ten years ahead for
//! an hour must not end what nobody gets back.

use crate::clock::Millis;

/// By how much the clock may have moved since it was last believed; and how long it must have gone on as it is before it
/// is believed although it moved by more. A week, in milliseconds.
pub const A_WEEK: Millis = 7 * 24 * 60 * 60 * 1000;

/// When the clock was last believed, and since when it is not, if so.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Belief {
    /// What it said when it was last believed.
    pub believed: Millis,
    /// What it said when it was first doubted, and what it said last.
    pub doubted: Option<(Millis, Millis)>,
}

impl Belief {
    /// What is stored in this text: one number, or three. None where they are not all there.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let numbers: Result<Vec<Millis>, _> = text.split(' ').map(str::parse).collect();
        match *numbers.ok()? {
            [believed] => Some(Self { believed, doubted: None }),
            [believed, since, last] => Some(Self { believed, doubted: Some((since, last)) }),
            _ => None,
        }
    }

    /// As it is stored.
    #[must_use]
    pub fn stored(self) -> String {
        let believed = self.believed;
        self.doubted
            .map_or_else(|| believed.to_string(), |(since, last)| format!("{believed} {since} {last}"))
    }

    /// What is thought of a clock that says it is `now`. The first one is believed: nothing is known of it.
    #[must_use]
    pub const fn next(before: Option<Self>, now: Millis) -> Self {
        let Some(Self { believed, doubted }) = before else { return Self { believed: now, doubted: None } };
        if is_near(believed, now) {
            return Self { believed: now, doubted: None };
        }
        let since = match doubted {
            Some((since, last)) if since <= now && is_near(last, now) => since,
            _ => now,
        };
        if now.saturating_sub(since) >= A_WEEK {
            return Self { believed: now, doubted: None };
        }
        Self { believed, doubted: Some((since, now)) }
    }
}

const fn is_near(one: Millis, other: Millis) -> bool {
    one.abs_diff(other) <= A_WEEK.unsigned_abs()
}
