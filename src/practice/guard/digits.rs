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

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Group<'_> {
        Group { digits: text, start: 0 }
    }

    #[test]
    fn groups_stand_where_their_digits_do() {
        let groups = Group::all("a12 b3456--7");
        let found: Vec<(&str, usize, usize)> =
            groups.iter().map(|it| (it.digits, it.start, it.end())).collect();
        assert_eq!(found, [("12", 1, 3), ("3456", 5, 9), ("7", 11, 12)]);
        assert_eq!(groups[0].to(&groups[1]), 1..9);
        assert_eq!((one("042").number(), one("99999999999").number()), (42, 0));
        assert!(Group::all("no digits").is_empty());
    }

    #[test]
    fn an_exchange_has_three_digits_and_begins_with_two_or_more() {
        for (text, is_one) in [
            ("200", true),
            ("555", true),
            ("999", true),
            ("155", false),
            ("055", false),
            ("5550", false),
            ("55", false),
        ] {
            assert_eq!(one(text).is_exchange(), is_one, "{text}");
        }
    }

    #[test]
    fn a_time_of_day_is_told_from_other_numbers() {
        for (text, by, is_one) in [
            ("0730", 1, true),
            ("0731", 1, true),
            ("0731", 5, false),
            ("0735", 5, true),
            ("0000", 5, true),
            ("2400", 5, true),
            ("2500", 5, false),
            ("0760", 5, false),
            ("730", 5, false),
            ("07300", 5, false),
        ] {
            assert_eq!(one(text).is_clock(by), is_one, "{text}");
        }
        for (text, is_one) in [
            ("730", true),
            ("715", true),
            ("145", true),
            ("100", true),
            ("605", true),
            ("650", true),
            ("655", false),
            ("550", false),
            ("505", false),
            ("545", true),
            ("760", false),
            ("775", false),
            ("731", false),
            ("30", false),
            ("0730", false),
        ] {
            assert_eq!(one(text).is_short_clock(), is_one, "{text}");
        }
        for (text, is_one) in [
            ("1950", true),
            ("2024", true),
            ("1899", false),
            ("2100", false),
            ("195", false),
            ("19500", false),
        ] {
            assert_eq!(one(text).is_year(), is_one, "{text}");
        }
    }

    #[test]
    fn groups_are_times_or_a_log_or_amounts() {
        let all = Group::all;
        for (text, is_so) in [
            ("0700 1900", true),
            ("0701 1901", true),
            ("730 1930", true),
            ("730 1931", false),
            ("730 700", false),
            ("0700 3500", false),
            ("731 1930", false),
            ("0700", true),
        ] {
            assert_eq!(are_times(&all(text)), is_so, "{text}");
        }
        for (text, is_so) in
            [("0700 120 80", true), ("1999 12", true), ("5551 12", false), ("12345 12", false)]
        {
            assert_eq!(are_log(&all(text)), is_so, "{text}");
        }
        for (text, by, is_so) in [
            ("120 80", 10, true),
            ("120 85", 10, false),
            ("120 85", 5, true),
            ("5 10", 5, false),
            ("050", 10, false),
            ("12340", 10, true),
            ("123450", 10, false),
            ("10", 10, true),
        ] {
            assert_eq!(are_round(&all(text), by), is_so, "{text} by {by}");
        }
    }

    #[test]
    fn whoever_counts_goes_up_or_down_by_one() {
        for (numbers, is_so) in [
            (&[1, 2, 3][..], true),
            (&[3, 2, 1], true),
            (&[1, 1, 2], true),
            (&[2, 2, 1], true),
            (&[1, 3], false),
            (&[3, 1], false),
            (&[1, 2, 1], false),
            (&[2, 1, 2], false),
            (&[5, 5], true),
        ] {
            assert_eq!(counts(numbers), is_so, "{numbers:?}");
        }
    }
}
