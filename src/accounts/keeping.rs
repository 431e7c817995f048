//! How long things are kept: practice after its last use, own words after a cohort ended, and that work was done.

use std::ops::RangeInclusive;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::clock::Millis;

/// How long things are kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Keeping {
    /// Practice, in months from the day its nurse was last here.
    pub practice_months: u16,
    /// Own words of assigned work, in months from the day the cohort was archived.
    pub words_months: u16,
    /// That assigned work was done, in years from that day.
    pub completion_years: u16,
}

/// How many months there may be: a month to five years.
pub const MONTHS: RangeInclusive<u16> = 1..=60;

/// How many years there may be.
pub const YEARS: RangeInclusive<u16> = 1..=20;

impl Default for Keeping {
    fn default() -> Self {
        Self { practice_months: 12, words_months: 12, completion_years: 6 }
    }
}

impl Keeping {
    /// What is stored in this text: three numbers. None where they are not all there, or out of bounds.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(str::parse);
        let keeping = Self {
            practice_months: numbers.next()?.ok()?,
            words_months: numbers.next()?.ok()?,
            completion_years: numbers.next()?.ok()?,
        };
        let within = MONTHS.contains(&keeping.practice_months)
            && MONTHS.contains(&keeping.words_months)
            && YEARS.contains(&keeping.completion_years);
        (within && numbers.next().is_none()).then_some(keeping)
    }

    /// As it is stored.
    #[must_use]
    pub fn stored(self) -> String {
        format!("{} {} {}", self.practice_months, self.words_months, self.completion_years)
    }

    /// Whether anything is kept less long than under the other.
    #[must_use]
    pub const fn is_shorter_than(self, other: Self) -> bool {
        self.practice_months < other.practice_months
            || self.words_months < other.words_months
            || self.completion_years < other.completion_years
    }

    /// How long practice is kept: "12 months".
    #[must_use]
    pub fn practice_in_words(self) -> String {
        counted(self.practice_months, "month")
    }

    /// How long own words of assigned work are kept: "12 months".
    #[must_use]
    pub fn words_in_words(self) -> String {
        counted(self.words_months, "month")
    }

    /// How long it is kept that assigned work was done: "6 years".
    #[must_use]
    pub fn completion_in_words(self) -> String {
        counted(self.completion_years, "year")
    }

    /// Practice goes whose nurse was last here at this moment or before.
    #[must_use]
    pub fn practice_limit(self, now: Millis) -> Millis {
        months_before(self.practice_months, now)
    }

    /// Own words go where the cohort was archived at this moment or before.
    #[must_use]
    pub fn words_limit(self, now: Millis) -> Millis {
        months_before(self.words_months, now)
    }

    /// What was done at this moment or before is no longer known.
    #[must_use]
    pub fn completion_limit(self, now: Millis) -> Millis {
        months_before(self.completion_years.saturating_mul(12), now)
    }
}

/// A number of things: "1 month", "6 years".
#[must_use]
pub fn counted(number: impl TryInto<i64>, thing: &str) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// The same day of the month and the same time, in UTC, so many months ago (the month's last day where it is shorter).
/// A moment before all others where that can't be told: then nothing goes.
fn months_before(months: u16, now: Millis) -> Millis {
    let then = Timestamp::from_millisecond(now)
        .map(|now| now.to_zoned(TimeZone::UTC))
        .and_then(|now| now.checked_sub(Span::new().months(months)));
    then.map_or(Millis::MIN, |then| then.timestamp().as_millisecond())
}
