//! What looks like a date of birth: any date with its year, and a day of a month where a birth is spoken of.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|\
                     oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const ORDINAL: &str = "(?:(?:twenty|thirty)[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|\
     thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth";
const TENS: &str = "oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|\
                    forty|fifty|sixty|seventy|eighty|ninety";

/// Dates that are told by their shape alone, and days of a month where a birth is spoken of.
static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let day = format!("(?:[0-3]?[0-9](?:st|nd|rd|th)?|{ORDINAL})");
    let year = format!(
        "(?:(?:18|19|20)[0-9][0-9]|'[0-9][0-9]|(?:nineteen|twenty)[ -](?:{TENS})(?:[ -](?:one|two|three|four|five|six|seven|\
         eight|nine))?)"
    );
    let born = "(?:dob|d\\.o\\.b\\.?|date of birth|birth ?date|birthday|born)[^0-9a-z\n]{0,4}(?:(?:is|was|on|the)[ :]+){0,3}";
    let its_year = "(?:[./-](?:[0-9]{4}|[0-9]{2})|[ ,]{1,2}(?:18|19|20)[0-9]{2})?";
    let texts = [
        format!("\\b{day}[ .,/-]{{0,3}}(?:of )?{MONTH}[ .,/-]{{0,3}}{year}\\b"),
        format!("\\b{MONTH}[ .,/-]{{0,3}}(?:the )?{day}[ .,/-]{{0,3}}(?:of |in )?{year}\\b"),
        format!("\\b(?:18|19|20)[0-9][0-9][ .,/-]{{1,3}}{MONTH}[ .,/-]{{1,3}}{day}\\b"),
        format!("\\b[0-3]?[0-9][./-]{MONTH}[./-][0-9][0-9]\\b"),
        format!("\\b{born}{day}[ .,/-]{{0,3}}(?:of )?{MONTH}\\b"),
        format!("\\b{born}{MONTH}[ .,/-]{{0,3}}(?:the )?{day}\\b"),
        format!("\\b{born}[0-9]{{1,2}}[./-][0-9]{{1,2}}{its_year}\\b"),
        format!("\\b{born}[0-9]{{6}}\\b"),
    ];
    texts.iter().filter_map(|text| Regex::new(text).ok()).collect()
});

/// Three numbers with something between them.
static NUMBERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new("([0-9]{1,4})(?: ?[./-] ?| )([0-9]{1,2})(?: ?[./-] ?| )([0-9]{1,4})").ok());

/// Where dates stand in a folded text.
pub(super) fn dates(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> =
        SHAPES.iter().flat_map(|shape| shape.find_iter(text)).map(|found| found.range()).collect();
    let Some(numbers) = NUMBERS.as_ref() else { return found };
    let mut from = 0;
    // A number that was no part of a date may be part of the next one.
    while let Some(three) = text.get(from..).and_then(|_| numbers.captures_at(text, from)) {
        let Some(whole) = three.get(0) else { break };
        let part = |number| three.get(number).map_or("", |part| part.as_str());
        let parts = [part(1), part(2), part(3)];
        let is_one = stands_alone(text, &whole.range()) && is_date(parts, whole.as_str());
        from =
            if is_one { whole.end() } else { whole.start() + parts.first().map_or(1, |first| first.len()) };
        if is_one {
            found.push(whole.range());
        }
    }
    found
}

/// Whether no further number is joined to it on either side.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let joins = |char: char| matches!(char, '.' | '/' | '-');
    let mut before = text.get(..range.start).unwrap_or_default().chars().rev();
    let mut after = text.get(range.end..).unwrap_or_default().chars();
    let is_joined = |first: Option<char>, second: Option<char>| match first {
        Some(char) if char.is_ascii_digit() => true,
        Some(char) if joins(char) => second.is_some_and(|char| char.is_ascii_digit()),
        _ => false,
    };
    !is_joined(before.next(), before.next()) && !is_joined(after.next(), after.next())
}

/// Whether three numbers can be a date: the year first or last, a day and a month in either order. Between spaces only
/// a whole year makes a date of them.
fn is_date([first, second, third]: [&str; 3], whole: &str) -> bool {
    let year =
        |text: &str| text.parse::<u16>().is_ok_and(|year| text.len() == 4 && (1880..=2100).contains(&year));
    let within = |text: &str, most: u16| {
        text.len() <= 2 && text.parse::<u16>().is_ok_and(|number| (1..=most).contains(&number))
    };
    let day_and_month =
        |one: &str, other: &str| within(one, 31) && within(other, 12) || within(one, 12) && within(other, 31);
    if year(first) {
        return third.len() <= 2 && day_and_month(second, third);
    }
    let short = third.len() == 2 && !whole.contains(' ');
    first.len() <= 2 && day_and_month(first, second) && (year(third) || short)
}
