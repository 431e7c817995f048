//! Groups of digits as they stand in a text, and what they may be where they are no phone number: times, years, amounts.

use std::ops::Range;

/// Digits without anything between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    /// The digits.
    pub(super) digits: &'a str,
    /// Where the first of them stands.
    pub(super) start: usize,
}

impl<'a> Group<'a> {
    /// All of a folded text, in order.
    pub(super) fn all(text: &'a str) -> Vec<Self> {
        let mut groups = Vec::new();
        let mut from = 0;
        for piece in text.split(|char: char| !char.is_ascii_digit()) {
            if !piece.is_empty() {
                groups.push(Self { digits: piece, start: from });
            }
            from += piece.len() + 1;
        }
        groups
    }

    pub(super) const fn len(&self) -> usize {
        self.digits.len()
    }

    pub(super) const fn end(&self) -> usize {
        self.start + self.digits.len()
    }

    /// From its first digit to the last one of another.
    pub(super) const fn to(&self, last: &Self) -> Range<usize> {
        self.start..last.end()
    }

    /// The number they make; 0 where it is too long to be one.
    pub(super) fn number(&self) -> u32 {
        self.digits.parse().unwrap_or_default()
    }

    /// Whether an American area or exchange can be written so.
    pub(super) fn is_exchange(&self) -> bool {
        self.len() == 3 && self.digits.starts_with(|first: char| ('2'..='9').contains(&first))
    }

    /// Whether it is a time of day as shifts are written, "0730", with minutes that can be divided by this.
    pub(super) fn is_clock(&self, by: u32) -> bool {
        let (hours, minutes) = (self.number() / 100, self.number() % 100);
        self.len() == 4 && hours <= 24 && minutes < 60 && minutes % by == 0
    }

    fn is_year(&self) -> bool {
        self.len() == 4 && (self.digits.starts_with("19") || self.digits.starts_with("20"))
    }

    /// Whether it is a time of day without its first zero, "730".
    fn is_short_clock(&self) -> bool {
        let (hours, minutes) = (self.number() / 100, self.number() % 100);
        self.len() == 3
            && minutes < 60
            && (minutes % 15 == 0 || (hours >= 6 && minutes % 5 == 0 && minutes < 55))
    }
}

/// Whether groups are times of day: 0700-1900, 730-1930.
pub(super) fn are_times(groups: &[Group<'_>]) -> bool {
    let is_short = groups.iter().any(|group| group.len() == 3);
    groups.iter().any(|group| group.len() == 4)
        && groups.iter().all(|group| group.is_short_clock() || group.is_clock(if is_short { 5 } else { 1 }))
}

/// Whether groups are a log: times and years among numbers that are shorter.
pub(super) fn are_log(groups: &[Group<'_>]) -> bool {
    groups.iter().all(|group| group.len() < 4 || group.is_clock(1) || group.is_year())
}

/// Whether every number can be divided by this: amounts rather than a phone number.
pub(super) fn are_round(groups: &[Group<'_>], by: u32) -> bool {
    let is_amount = |group: &Group<'_>| (2..=5).contains(&group.len()) && !group.digits.starts_with('0');
    groups.iter().all(|group| is_amount(group) && group.number() % by == 0)
}

/// Whether somebody is counting, up or down: 1 2 3 4 5 6 7, 410 411 412.
pub(super) fn counts(numbers: &[u32]) -> bool {
    let goes = |up: bool| {
        numbers.windows(2).all(|pair| match pair {
            [one, next] => one == next || if up { *next == one + 1 } else { next + 1 == *one },
            _ => false,
        })
    };
    goes(true) || goes(false)
}
