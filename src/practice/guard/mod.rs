//! Looks through words before they are stored for what looks like a real person's details: a phone number, a date of
//! birth, a record number, an e-mail address. It asks; it never decides.

mod around;
mod ask;
mod dates;
mod digits;
mod fold;
mod numbers;
mod phones;
mod wide;

use std::ops::Range;

pub use ask::{Anyway, Ask, Checked, Found, Passage, check};

use super::blacking::goes_on;
use crate::scenario::Scenario;
use crate::scenario::library::Revision;
use crate::scenario::policy::Policy;
use fold::Folded;

/// What a detail looks like.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// A phone number.
    Phone,
    /// A date of birth.
    BirthDate,
    /// Another date with its year.
    FullDate,
    /// The number of a medical record or of another file.
    RecordNumber,
    /// A social security number.
    SocialSecurity,
    /// An e-mail address.
    Email,
    /// Seven digits or more in a row.
    LongNumber,
}

impl Kind {
    /// As it is written in the log.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::BirthDate => "birth-date",
            Self::FullDate => "full-date",
            Self::RecordNumber => "record-number",
            Self::SocialSecurity => "social-security-number",
            Self::Email => "email",
            Self::LongNumber => "long-number",
        }
    }

    /// As a sentence names it: "a phone number".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "a phone number",
            Self::BirthDate => "a date of birth",
            Self::FullDate => "a full date",
            Self::RecordNumber => "a record number",
            Self::SocialSecurity => "a social security number",
            Self::Email => "an e-mail address",
            Self::LongNumber => "the number of a record or an account",
        }
    }
}

/// A detail that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Find {
    /// What it looks like.
    pub kind: Kind,
    /// Where it stands in the text, in bytes; whole characters.
    pub range: Range<usize>,
    /// What it comes down to, however it is written: its letters and digits.
    pub core: String,
}

/// Everything in a text that looks like a real person's details, in order, nothing twice, always whole words.
#[must_use]
pub fn look(text: &str) -> Vec<Find> {
    let mut folded = Folded::of(text);
    if !is_worth_looking(&folded.text) {
        return Vec::new();
    }
    let mut found: Vec<(Kind, Range<usize>)> = numbers::shapes(&folded.text);
    found.extend(dates::dates(&folded.text));
    let odd = [wide::spread(&folded.text), wide::disguised(&folded.text), wide::read_out(&folded.text)];
    found.extend(odd.into_iter().flatten().map(|range| (Kind::Phone, range)));
    let mut kept = joined(found);
    let cores: Vec<String> = kept.iter().map(|(_, range)| core(&folded.text, range)).collect();
    for (_, range) in &kept {
        folded.cover(range);
    }
    let clusters = phones::clusters(&folded.text);
    let rest = clusters.iter().map(|(_, range)| core(&folded.text, range));
    let cores: Vec<String> = cores.into_iter().chain(rest).collect();
    kept.extend(clusters);
    let find = |((kind, range), core)| Some(Find { kind, range: folded.place(&range)?, core });
    let mut finds: Vec<Find> = kept.into_iter().zip(cores).filter_map(find).collect();
    finds.sort_by_key(|find| find.range.start);
    whole(text, finds)
}

/// The same, widened to whole words, so that all of a word is marked and blacked out: "tel5550142". What stands in one
/// word is one.
fn whole(text: &str, finds: Vec<Find>) -> Vec<Find> {
    let mut kept: Vec<Find> = Vec::with_capacity(finds.len());
    for mut find in finds {
        let end = kept.last().map_or(0, |last| last.range.end);
        match kept.last_mut() {
            Some(last) if find.range.start < end => {
                last.core.push_str(&find.core);
                last.range.end = end.max(find.range.end);
            }
            _ => {
                let before = text.get(end..find.range.start).unwrap_or_default();
                let inside = text.get(find.range.clone()).unwrap_or_default();
                let after = text.get(find.range.end..).unwrap_or_default();
                let size = |chars: &mut dyn Iterator<Item = char>| -> usize {
                    chars.take_while(|char| goes_on(*char)).map(char::len_utf8).sum()
                };
                if inside.starts_with(goes_on) {
                    find.range.start -= size(&mut before.chars().rev());
                }
                if inside.ends_with(goes_on) {
                    find.range.end += size(&mut after.chars());
                }
                kept.push(find);
            }
        }
    }
    kept
}

/// What overlaps is one: "born 03/04" and "03/04/1951" are "born 03/04/1951", so that no year stays behind. It is called
/// what the first of them is; of two that begin together, the longer one.
fn joined(mut found: Vec<(Kind, Range<usize>)>) -> Vec<(Kind, Range<usize>)> {
    found.sort_by_key(|(_, range)| (range.start, std::cmp::Reverse(range.end)));
    let mut kept: Vec<(Kind, Range<usize>)> = Vec::new();
    for (kind, range) in found {
        match kept.last_mut() {
            Some((_, last)) if range.start < last.end => last.end = last.end.max(range.end),
            _ => kept.push((kind, range)),
        }
    }
    kept
}

/// Words of which something that is written without any digit could be made.
const SIGNS: [&str; 30] = [
    "@", "[at", "(at", "[ at", "( at", "{at", "<at", " dot ", "nineteen", "twenty", "born", "birth", "dob",
    "d.o.b", "bday", "b-day", ".com", ".org", ".net", ".edu", ".gov", ".mil", ".uk", ".ca", ".de", ".us",
    ".io", ".me", "gmail", "yahoo",
];

/// The fewest words of digits that seven digits are read out with: triple five, triple zero, four.
const FEWEST_WORDS: usize = 5;

/// Whether there is anything in a folded text that a detail could begin with; most words hold nothing of it.
fn is_worth_looking(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        || SIGNS.iter().any(|sign| text.contains(sign))
        || text
            .split(|char: char| !char.is_ascii_lowercase())
            .filter(|word| wide::is_digit_word(word))
            .count()
            >= FEWEST_WORDS
}

fn core(text: &str, range: &Range<usize>) -> String {
    let words = text.get(range.clone()).unwrap_or_default();
    words.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The same without what the conversation itself shows: `shown` gives texts that everybody reads in it, and is asked
/// only where something was found.
#[must_use]
pub fn look_beside(text: &str, shown: impl FnOnce() -> Vec<String>) -> Vec<Find> {
    let mut finds = look(text);
    if !finds.is_empty() {
        let known: Vec<String> = shown().iter().flat_map(|text| look(text)).map(|find| find.core).collect();
        finds.retain(|find| !known.iter().any(|known| is_same(known, &find.core)));
    }
    finds
}

/// Whether two come down to the same: also where one of two numbers is written without its first digits.
fn is_same(one: &str, other: &str) -> bool {
    let is_number = |core: &str| core.len() >= 7 && core.bytes().all(|byte| byte.is_ascii_digit());
    one == other || (is_number(one) && is_number(other) && (one.ends_with(other) || other.ends_with(one)))
}

/// What everybody reads in a conversation: the details in its own texts, which are long and are looked through only
/// once, and the local words it speaks.
#[must_use]
pub fn shown(revision: &Revision, policy: &Policy) -> Vec<String> {
    let details = |scenario: &Scenario| {
        let text = serde_json::to_string(scenario).unwrap_or_default().replace("\\n", "\n");
        look(&text).into_iter().filter_map(|find| text.get(find.range).map(str::to_owned)).collect()
    };
    let mut shown = revision.details(details).to_vec();
    shown.extend(serde_json::to_string(policy));
    shown
}
