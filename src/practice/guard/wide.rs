//! Phone numbers in odd dress: with signs between their groups that stand in no number, with letters that look like
//! digits, or read out in words.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::around::{Around, around};
use super::digits::{Group, are_round, counts};

const DIGIT_WORDS: [&str; 11] =
    ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// Whether a word is one that a number is read out with.
pub(super) fn is_digit_word(word: &str) -> bool {
    word == "double" || word == "triple" || DIGIT_WORDS.contains(&word)
}

/// The most that stands between two groups, in bytes.
const WIDEST: usize = 9;

/// Signs that join two groups and belong to no number.
const SIGNS: &str = "_,:*|~;=+\\[";

/// Where American phone numbers stand in a folded text whose groups have odd signs between them: "212, 555, 0142".
pub(super) fn spread(text: &str) -> Vec<Range<usize>> {
    let groups = Group::all(text);
    let gap =
        |one: &Group<'_>, next: &Group<'_>| text.get(one.end()..next.start).unwrap_or_default().to_owned();
    let is_gap = |gap: &str| {
        gap.len() <= WIDEST
            && !gap.contains(|char: char| char.is_ascii_alphanumeric() || "@$%".contains(char))
    };
    let mut found = Vec::new();
    for (at, three) in groups.windows(3).enumerate() {
        let [area, exchange, line] = three else { continue };
        if [area.len(), exchange.len(), line.len()] != [3, 3, 4] {
            continue;
        }
        let gaps = [gap(area, exchange), gap(exchange, line)];
        // What has nothing odd between its groups is looked at with what stands beside it.
        if gaps.iter().all(|gap| gap.len() <= 4 && gap.chars().all(|char| " ().-/\n".contains(char))) {
            continue;
        }
        let range = area.to(line);
        let listed = gaps.iter().any(|gap| gap.len() > 1);
        let valid = area.is_exchange() && exchange.is_exchange();
        if gaps.iter().all(|gap| is_gap(gap))
            && (valid || !listed)
            && !are_round(three, 10)
            && matches!(around(text, &range), Around::Called | Around::Nothing)
        {
            // The country's number, where it is joined in the same way.
            let country = at.checked_sub(1).and_then(|at| groups.get(at));
            let country = country
                .filter(|country| country.len() <= 2 && Some(gap(country, area)).as_ref() == gaps.first());
            let start = country.map_or(range.start, |country| country.start);
            let plus = text.get(..start).is_some_and(|before| before.ends_with('+'));
            found.push(start - usize::from(plus)..range.end);
        }
    }
    found.extend(groups.windows(2).filter_map(|pair| short(text, pair)));
    found
}

/// Where two groups are an American number without its area: 555*0142.
fn short(text: &str, pair: &[Group<'_>]) -> Option<Range<usize>> {
    let [exchange, line] = pair else { return None };
    let range = exchange.to(line);
    let gap = text.get(exchange.end()..line.start)?;
    let joined = |before: &str| before.ends_with(|char: char| SIGNS.contains(char) || char == '.');
    let alone = text.get(..exchange.start).is_some_and(|before| !joined(before));
    let is_one = exchange.is_exchange()
        && line.len() == 4
        && gap.len() == 1
        && SIGNS.contains(gap)
        && alone
        && !are_round(pair, 50)
        && matches!(around(text, &range), Around::Called | Around::Nothing);
    is_one.then_some(range)
}

/// Letters among digits that look like digits: "555-O142", "2I2-555-0l42".
static LOOKS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let look = "[0-9oil]";
    let between = "[ .\\-/]{1,3}";
    Regex::new(&format!(
        "\\b(?:{look}{{3}}{between}{look}{{3}}{between}{look}{{4}}|{look}{{3}}[.-]{look}{{4}}|{look}{{10}})\\b"
    ))
    .ok()
});

/// Where phone numbers stand in a folded text that have letters in place of some digits.
pub(super) fn disguised(text: &str) -> Vec<Range<usize>> {
    let is_look = |byte: u8| matches!(byte, b'o' | b'i' | b'l' | b'-' | b'.' | b' ');
    let mixed = |pair: &[u8]| matches!(pair, [one, next] if is_look(*one) && next.is_ascii_digit());
    let Some(looks) = LOOKS.as_ref().filter(|_| text.as_bytes().windows(2).any(mixed)) else {
        return Vec::new();
    };
    let found = looks.find_iter(text).filter(|found| {
        let digits = found.as_str().bytes().filter(u8::is_ascii_digit).count();
        let letters = found.as_str().bytes().filter(u8::is_ascii_lowercase).count();
        letters > 0 && letters <= (letters + digits) / 3 && around(text, &found.range()) != Around::InUnits
    });
    found.map(|found| found.range()).collect()
}

/// Digits in words, on both sides of which digits may stand.
static READ_OUT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let word = format!("(?:(?:double |triple )?(?:{}))", DIGIT_WORDS.join("|"));
    Regex::new(&format!(
        "\\b(?:[0-9]{{3}}[ ,.\n-]+)?{word}(?:[ ,.\n-]+{word}){{2,}}(?:[ ,.\n-]+(?:[0-9]{{3,4}}[ -]?)*[0-9]{{2,4}})?\\b"
    ))
    .ok()
});

/// Where a number of seven digits and more is read out in a folded text.
pub(super) fn read_out(text: &str) -> Vec<Range<usize>> {
    let words = text.split(|char: char| !char.is_ascii_lowercase()).filter(|word| is_digit_word(word));
    let Some(read_out) = READ_OUT.as_ref().filter(|_| words.count() > 2) else { return Vec::new() };
    let found = read_out.find_iter(text).filter(|found| {
        let digits = digits(found.as_str());
        digits.len() >= 7
            && !counts(&digits)
            && matches!(around(text, &found.range()), Around::Called | Around::Nothing)
    });
    found.map(|found| found.range()).collect()
}

/// The digits that are read out.
fn digits(text: &str) -> Vec<u32> {
    let mut digits = Vec::new();
    let mut times = 1;
    for word in text.split(|char: char| !char.is_ascii_alphanumeric()) {
        match word {
            "double" => times = 2,
            "triple" => times = 3,
            _ => {
                let value =
                    DIGIT_WORDS.iter().zip([0, 0].into_iter().chain(1..)).find(|(one, _)| **one == word);
                if let Some((_, value)) = value {
                    digits.extend(std::iter::repeat_n(value, times));
                }
                digits.extend(word.chars().filter_map(|char| char.to_digit(10)));
                times = 1;
            }
        }
    }
    digits
}
