//! What looks like a phone number: digits in groups as they are dialed, and none of the groups that nurses write all day.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::Kind;
use super::around::{Around, around};
use super::digits::{Group, are_log, are_round, are_times, counts};

/// Digits with a little between them.
static CLUSTERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("[+(]{0,2}[0-9](?:[ ().\\-/\n]{0,4}[0-9])*").ok());

/// Phone numbers and long numbers in a folded text.
pub(super) fn clusters(text: &str) -> Vec<(Kind, Range<usize>)> {
    let Some(clusters) = CLUSTERS.as_ref() else { return Vec::new() };
    let found = clusters.find_iter(text);
    found.filter_map(|found| Some((Cluster::of(text, found.range()).kind()?, found.range()))).collect()
}

/// Numbers that everybody may call, and that stand in many scenarios.
const HELP: [&str; 18] = [
    "988",
    "911",
    "999",
    "112",
    "111",
    "101",
    "000",
    "116123",
    "116117",
    "741741",
    "18002738255",
    "8002738255",
    "18002221222",
    "8002221222",
    "18007997233",
    "8007997233",
    "18006624357",
    "8006624357",
];

/// The shortest number that is looked at, in digits.
const SHORTEST: usize = 7;

/// The shortest one that is dialed with its prefix.
const SHORTEST_WITH_PREFIX: usize = 9;

/// The highest blood pressure that is written; what is above begins no row of vital signs.
const HIGHEST_PRESSURE: u32 = 260;

struct Cluster<'a> {
    text: &'a str,
    groups: Vec<Group<'a>>,
    digits: String,
    around: Around,
}

impl<'a> Cluster<'a> {
    fn of(whole: &'a str, range: Range<usize>) -> Self {
        let around = around(whole, &range);
        let text = whole.get(range).unwrap_or_default();
        let groups = Group::all(text);
        let digits = groups.iter().map(|group| group.digits).collect();
        Self { text, groups, digits, around }
    }

    /// What it is, if it is anything.
    fn kind(&self) -> Option<Kind> {
        let is_help = |digits: &str| HELP.contains(&digits);
        if self.digits.len() < SHORTEST
            || is_help(&self.digits)
            || self.groups.iter().all(|group| is_help(group.digits))
        {
            return None;
        }
        if self.groups.len() > 1 {
            return self.is_phone().then_some(Kind::Phone);
        }
        let length = self.digits.len();
        let is_amount = length < 10 && (self.digits.ends_with("00000") || self.is_measured());
        let is_dialed = length == 10 || (length == 11 && self.digits.starts_with(['0', '1']));
        let is_phone = is_dialed || self.text.starts_with(['+', '(']);
        (!is_amount).then_some(if is_phone { Kind::Phone } else { Kind::LongNumber })
    }

    fn is_measured(&self) -> bool {
        matches!(self.around, Around::Measured | Around::InUnits)
    }

    fn is_called(&self) -> bool {
        self.around == Around::Called
    }

    /// What stands behind each group but the last.
    fn gaps(&self) -> impl Iterator<Item = &'a str> {
        let pairs = self.groups.iter().zip(self.groups.iter().skip(1));
        pairs.map(|(one, next)| self.text.get(one.end()..next.start).unwrap_or_default())
    }

    fn is_phone(&self) -> bool {
        self.has_prefix()
            || (!are_times(&self.groups) && (self.is_american() || (!self.is_list() && self.is_dialed())))
    }

    /// "+49 30 901820", "(415) 555-0142".
    fn has_prefix(&self) -> bool {
        let first = self.groups.first().map_or(0, Group::len);
        (self.text.starts_with('+') && self.digits.len() >= SHORTEST_WITH_PREFIX)
            || (self.text.contains('(')
                && self.gaps().next().is_some_and(|gap| gap.starts_with(')'))
                && (2..=5).contains(&first))
    }

    /// Whether an American number is among the groups: 415-555-0142, 555-0142.
    fn is_american(&self) -> bool {
        let gaps: Vec<&str> = self.gaps().collect();
        let mut long = self.groups.windows(3).zip(gaps.windows(2));
        let mut short = self.groups.windows(2).enumerate();
        long.any(|(groups, gaps)| self.is_long(groups, gaps))
            || short.any(|(at, groups)| self.is_short(groups, &gaps, at))
    }

    /// Whether three of the groups are an area, an exchange and a line.
    fn is_long(&self, groups: &[Group<'_>], gaps: &[&str]) -> bool {
        let [area, exchange, line] = groups else { return false };
        let valid = area.is_exchange() && exchange.is_exchange();
        let amounts = are_round(groups, 10) && !self.is_called();
        let vital = self.is_measured() && (!valid || gaps.iter().all(|gap| is_room(gap)));
        [area.len(), exchange.len(), line.len()] == [3, 3, 4]
            && !amounts
            && !vital
            && (valid || self.groups.len() <= 4)
    }

    /// Whether two of the groups, from the one at this place on, are an exchange and a line.
    fn is_short(&self, groups: &[Group<'_>], gaps: &[&str], at: usize) -> bool {
        let [exchange, line] = groups else { return false };
        let loose = gaps.get(at).is_none_or(|gap| is_room(gap));
        // What stands before it is something else: a time, a room.
        let before = at.checked_sub(1).and_then(|before| gaps.get(before));
        let alone = before.is_none_or(|gap| !loose && is_room(gap));
        let ends = self.groups.get(at + 2).is_none_or(|next| next.len() <= 4);
        let round = are_round(groups, 50) || (loose && are_round(groups, 5) && line.is_clock(5));
        let amounts = round && !self.is_called();
        let vital = self.around == Around::InUnits || (loose && self.is_measured());
        exchange.is_exchange() && line.len() == 4 && alone && ends && !amounts && !vital
    }

    /// Whether the groups are a list of times, years, amounts, or somebody counts.
    fn is_list(&self) -> bool {
        let thousands = !self.text.contains([' ', '-', '/', '(', '+', '\n'])
            && self.groups.first().is_some_and(|first| first.len() <= 2)
            && self.groups.iter().skip(1).all(|group| group.len() == 3);
        let four = self.groups.iter().any(|group| group.len() == 4);
        // 0412 345 678 is a cell phone of Australia; 0800 120 300 may be a time and what was measured then.
        let lengths = self.groups.iter().map(Group::len);
        let cell = self.digits.starts_with('0')
            && lengths.eq([4, 3, 3])
            && self.groups.first().is_some_and(|first| !first.is_clock(5));
        thousands
            || counts(&self.groups.iter().map(Group::number).collect::<Vec<u32>>())
            || (four && !cell && are_log(&self.groups))
            || (!self.is_called() && are_round(&self.groups, 10))
    }

    /// Whether the groups are as long as those of numbers that are dialed somewhere.
    fn is_dialed(&self) -> bool {
        let lengths: Vec<usize> = self.groups.iter().map(Group::len).collect();
        let longest = lengths.iter().copied().max().unwrap_or_default();
        let slashed = self.text.contains('/');
        let mut gaps = self.gaps();
        let gap = gaps.next();
        let even = gaps.all(|next| Some(next) == gap);
        let first = self.groups.first().map_or(0, Group::number);
        if self.is_measured() {
            return false;
        }
        if self.digits.starts_with('0') && self.digits.len() >= SHORTEST_WITH_PREFIX {
            let decimal = self.groups.first().is_some_and(|first| first.len() == 1) && gap == Some(".");
            return (longest >= 3 && !decimal) || (even && lengths == [2; 5]);
        }
        match lengths.as_slice() {
            [1, ..] if longest == 1 => !slashed,
            [3, 3, 3] => self.is_called() || self.is_scattered(),
            [3, rest @ ..] if rest.iter().all(|length| *length == 2) => {
                !slashed && (self.is_called() || first > HIGHEST_PRESSURE)
            }
            _ if longest <= 3 => self.is_called() && even && longest == 3 && !slashed,
            _ => {
                let spaced =
                    self.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'\n');
                longest >= 6 || !spaced || lengths.iter().filter(|length| **length >= 3).count() >= 2
            }
        }
    }

    /// Whether three numbers of three digits are neither measured one after the other nor near each other.
    fn is_scattered(&self) -> bool {
        let numbers = || self.groups.iter().map(Group::number);
        let (least, most) = (numbers().min().unwrap_or_default(), numbers().max().unwrap_or_default());
        self.digits.starts_with(['6', '7', '8', '9']) && most - least > 100 && !are_round(&self.groups, 5)
    }
}

/// Whether nothing but room stands between two groups.
fn is_room(gap: &str) -> bool {
    gap.chars().all(char::is_whitespace)
}
