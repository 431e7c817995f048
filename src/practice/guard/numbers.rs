//! What looks like a phone number, a record number, a social security number, an e-mail address or a long number.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::Kind;

const DIGIT_WORDS: &str = "zero|oh|one|two|three|four|five|six|seven|eight|nine";

/// Whether a word is one that a number is read out with.
pub(super) fn is_digit_word(word: &str) -> bool {
    word == "double" || word == "triple" || DIGIT_WORDS.split('|').any(|digit| digit == word)
}

/// What is told by its shape. A record number's last group is the number itself.
static SHAPES: LazyLock<Vec<(Kind, Regex)>> = LazyLock::new(|| {
    let words = "mrn|(?:medical )?record(?: number| num\\.?| no\\.?| id| ?#)|medical record|chart (?:number|no\\.?|id|#)|\
                 patient(?:'s)? (?:number|no\\.?|id|#)|hospital (?:number|no\\.?|id)|case (?:number|no\\.?)|\
                 account (?:number|no\\.?)|encounter(?: number| no\\.?)?|csn|nhs(?: number| no\\.?)?|nhi|\
                 medicare(?: number| no\\.?| id)|medicaid(?: number| no\\.?| id)|insurance (?:number|no\\.?|id)|\
                 policy (?:number|no\\.?)|member(?:ship)? (?:number|no\\.?|id)|passport(?: number| no\\.?)?|\
                 licen[cs]e (?:number|no\\.?)|health card(?: number| no\\.?)?|wristband(?: number| no\\.?)?|id number";
    let number = "[ .:#=-]{0,3}(?:is |was |: ?)?[ #]?([a-z]{0,4}-?[0-9](?:[ -]?[0-9])*)\\b";
    // Signs that stand in times and amounts too: only groups as long as a phone number's are one.
    let between = "(?:,| ?[_:] ?)";
    let texts = [
        (Kind::Email, "[a-z0-9._%+'-]+ ?@ ?[a-z0-9-]+(?: ?\\. ?[a-z0-9-]+)*\\.[a-z]{2,}".to_owned()),
        (
            Kind::Email,
            "[a-z0-9._+-]+ ?[\\[(] ?at ?[\\])] ?[a-z0-9-]+ ?(?:\\.|[\\[(] ?dot ?[\\])]) ?[a-z]{2,}"
                .to_owned(),
        ),
        (
            Kind::Email,
            "\\b[a-z0-9._+-]+ at [a-z0-9-]+ dot (?:com|org|net|edu|gov|co|me|io|uk|ca|de)\\b".to_owned(),
        ),
        (Kind::SocialSecurity, format!("\\b(?:ssn|social security(?: number| no\\.?)?){number}")),
        (Kind::SocialSecurity, "\\b[0-9]{3}[ .-][0-9]{2}[ .-][0-9]{4}\\b".to_owned()),
        (Kind::RecordNumber, format!("\\b(?:{words}){number}")),
        (
            Kind::Phone,
            format!("(?:[+]?[0-9]{{1,2}}{between})?[0-9]{{3}}{between}[0-9]{{3}}{between}[0-9]{{4}}\\b"),
        ),
        (Kind::Phone, "\\b[0-9]{3}[_,:][0-9]{4}\\b".to_owned()),
        (Kind::Phone, format!("\\b(?:(?:{DIGIT_WORDS}|double|triple)[ ,.-]+){{6,}}(?:{DIGIT_WORDS})\\b")),
    ];
    texts.iter().filter_map(|(kind, text)| Some((*kind, Regex::new(text).ok()?))).collect()
});

/// Digits with a little between them.
static CLUSTERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("[+(]{0,2}[0-9](?:[ ().\\-/]{0,3}[0-9])*").ok());

/// What is told by its shape in a folded text.
pub(super) fn shapes(text: &str) -> Vec<(Kind, Range<usize>)> {
    let mut found = Vec::new();
    for (kind, shape) in SHAPES.iter() {
        for one in shape.captures_iter(text) {
            let Some(whole) = one.get(0) else { continue };
            if is_enough(*kind, whole.as_str(), one.get(1).map(|number| number.as_str())) {
                found.push((*kind, whole.range()));
            }
        }
    }
    found
}

/// A record number has five digits or more; four where it is called one outright.
fn is_enough(kind: Kind, whole: &str, number: Option<&str>) -> bool {
    let Some(number) = number else { return true };
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let outright = kind == Kind::SocialSecurity
        || ["mrn", "record", "medical"].iter().any(|word| whole.starts_with(word));
    digits >= if outright { 4 } else { 5 }
}

/// Phone numbers and long numbers in a folded text.
pub(super) fn clusters(text: &str) -> Vec<(Kind, Range<usize>)> {
    let Some(clusters) = CLUSTERS.as_ref() else { return Vec::new() };
    clusters.find_iter(text).filter_map(|found| Some((kind(found.as_str())?, found.range()))).collect()
}

/// Numbers that everybody may call, and that stand in many scenarios.
const HELP: [&str; 12] = [
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
];

/// The shortest number that is looked at, in digits.
const SHORTEST: usize = 7;

/// What a cluster of digits is, if it is anything.
fn kind(cluster: &str) -> Option<Kind> {
    let groups: Vec<&str> =
        cluster.split(|char: char| !char.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
    let digits = groups.concat();
    let is_help = HELP.contains(&digits.as_str()) || groups.iter().all(|group| HELP.contains(group));
    if digits.len() < SHORTEST || is_help {
        return None;
    }
    let marked = cluster.starts_with(['+', '(']);
    if groups.len() == 1 {
        let dialed = digits.len() == 10 || (digits.len() == 11 && digits.starts_with(['0', '1']));
        return Some(if marked || dialed { Kind::Phone } else { Kind::LongNumber });
    }
    is_phone(cluster, &groups, marked).then_some(Kind::Phone)
}

/// Whether groups of digits stand as a phone number's do: not as years, times, amounts or pressures.
fn is_phone(cluster: &str, groups: &[&str], marked: bool) -> bool {
    let long = groups.iter().filter(|group| group.len() >= 3).count();
    let is_year = |group: &&str| group.len() == 4 && (group.starts_with("19") || group.starts_with("20"));
    let thousands = !cluster.contains([' ', '-', '/', '(', '+'])
        && groups.first().is_some_and(|first| first.len() <= 2)
        && groups.iter().skip(1).all(|group| group.len() == 3);
    let pressures = cluster.contains('/') && groups.iter().map(|group| group.len()).max() <= Some(3);
    if groups.iter().all(is_year) || thousands || pressures {
        return false;
    }
    if marked || groups.first().is_some_and(|first| first.starts_with('0')) {
        return true;
    }
    if groups.iter().all(|group| group.len() == 1) {
        return !counts_up(groups);
    }
    let first = groups.first().is_some_and(|group| group.len() == 3);
    let pairs = first && groups.iter().skip(1).all(|group| group.len() == 2);
    if cluster.bytes().all(|byte| byte == b' ' || byte.is_ascii_digit()) {
        let year_first = groups.len() == 2
            && groups.first().is_some_and(is_year)
            && groups.last().map(|last| last.len()) <= Some(3);
        let one_long = groups.iter().map(|group| group.len()).max() >= Some(6);
        return pairs || one_long || (long >= 2 && !year_first);
    }
    long >= 1
}

/// Whether somebody is counting: 1 2 3 4 5 6 7.
fn counts_up(groups: &[&str]) -> bool {
    let numbers: Vec<u32> = groups.iter().filter_map(|group| group.parse().ok()).collect();
    numbers.iter().zip(numbers.iter().skip(1)).all(|(one, next)| *next == one + 1)
}
