//! What looks like a date of birth or another date with its year, and a day of a month where a birth is spoken of.

use std::ops::Range;
use std::sync::LazyLock;

use regex_lite::Regex;

use super::Kind;
use super::around::{Around, around};
use super::digits::Group;

const MONTH: &str = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|\
                     oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const ORDINAL: &str = "(?:(?:twenty|thirty)[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|\
     thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth";
const TENS: &str = "oh|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|\
                    forty|fifty|sixty|seventy|eighty|ninety";
const BIRTH: &str = "(?:dob|d\\.o\\.b\\.?|b-?day|date of birth|birth ?date|birthday|born)";

/// Dates that are told by their shape alone, and days of a month where a birth is spoken of.
static SHAPES: LazyLock<Vec<(&[&str], Regex)>> = LazyLock::new(|| {
    let day = format!("(?:[0-3]?[0-9](?:st|nd|rd|th)?|{ORDINAL})");
    let year = format!(
        "(?:(?:18|19|20)[0-9][0-9]|'[0-9][0-9]|(?:nineteen|twenty)[ -](?:{TENS})(?:[ -](?:one|two|three|four|five|six|seven|\
         eight|nine))?)"
    );
    let born = format!("{BIRTH}[^0-9a-z]{{0,4}}(?:(?:is|was|on|the)[ :\n]+){{0,3}}");
    let its_year = "(?:[./-](?:[0-9]{4}|[0-9]{2})|[ ,]{1,2}(?:18|19|20)[0-9]{2})?";
    let between = "[ .,/\n-]{0,3}";
    let texts: [(&[&str], String); 9] = [
        (&MONTHS, format!("\\b{day}{between}(?:of )?{MONTH}{between}{year}\\b")),
        (&MONTHS, format!("\\b{MONTH}{between}(?:the )?{day}{between}(?:of |in )?{year}\\b")),
        (&MONTHS, format!("\\b(?:18|19|20)[0-9][0-9][ .,/-]{{1,3}}{MONTH}[ .,/-]{{1,3}}{day}\\b")),
        (&MONTHS, format!("\\b[0-3]?[0-9][./-]{MONTH}[./-][0-9][0-9]\\b")),
        (&BIRTHS, format!("\\b{born}{day}[ .,/-]{{0,3}}(?:of )?{MONTH}\\b")),
        (&BIRTHS, format!("\\b{born}{MONTH}[ .,/-]{{0,3}}(?:the )?{day}\\b")),
        (&BIRTHS, format!("\\b{born}[0-9]{{1,2}}[./-][0-9]{{1,2}}{its_year}\\b")),
        (&BIRTHS, format!("\\b{born}[0-9]{{1,2}} [0-9]{{1,2}} [0-9]{{2}}\\b")),
        (&BIRTHS, format!("\\b{born}[0-9]{{6}}\\b")),
    ];
    texts.iter().filter_map(|(needs, text)| Some((*needs, Regex::new(text).ok()?))).collect()
});

/// What every name of a month begins with: without one of them there is nothing to look through.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Three numbers with something between them.
static NUMBERS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let between = "([ \n]?[./-][ \n]?|[ \n])";
    Regex::new(&format!("([0-9]{{1,4}}){between}([0-9]{{1,2}}){between}([0-9]{{1,4}})")).ok()
});

/// Words by which a birth is spoken of.
const BIRTHS: [&str; 6] = ["dob", "d.o.b", "birth", "born", "bday", "b-day"];

/// How far before a date they are looked for, in bytes.
const FAR: usize = 40;

/// Where dates stand in a folded text.
pub(super) fn dates(text: &str) -> Vec<(Kind, Range<usize>)> {
    let holds = |needs: &[&str]| needs.iter().any(|need| text.contains(need));
    let looked_for = SHAPES.iter().filter(|(needs, _)| holds(needs));
    let shaped = looked_for.flat_map(|(_, shape)| shape.find_iter(text)).map(|found| found.range());
    let found = shaped.chain(numbers(text)).filter(|range| !is_while(text, range));
    let kind = |range: &Range<usize>| {
        let near = text.get(range.start.saturating_sub(FAR)..range.end).unwrap_or_default();
        let is_birth = BIRTHS.iter().any(|word| near.contains(word));
        if is_birth { Kind::BirthDate } else { Kind::FullDate }
    };
    found.map(|range| (kind(&range), range)).collect()
}

/// Whether it is no date but how long something was: "born 2-3 weeks early".
fn is_while(text: &str, range: &Range<usize>) -> bool {
    let after = text.get(range.end..).unwrap_or_default();
    let after = after.strip_prefix(' ').unwrap_or(after);
    Group::all(text.get(range.clone()).unwrap_or_default()).len() == 2
        && ["week", "day", "month", "year", "hour", "lb", "oz"].iter().any(|word| after.starts_with(word))
}

/// Where three numbers are a date.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let Some(numbers) = NUMBERS.as_ref() else { return found };
    let mut from = 0;
    // A number that was no part of a date may be part of the next one.
    while let Some(three) = text.get(from..).and_then(|_| numbers.captures_at(text, from)) {
        let Some(whole) = three.get(0) else { break };
        let part = |number| three.get(number).map_or("", |part| part.as_str());
        let is_one = stands_alone(text, &whole.range())
            && is_date([part(1), part(3), part(5)], [part(2), part(4)])
            && around(text, &whole.range()) != Around::InUnits;
        from = if is_one { whole.end() } else { whole.start() + part(1).len() };
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
/// a whole year makes a date of them, and one that is no time of day as shifts are written.
fn is_date([first, second, third]: [&str; 3], gaps: [&str; 2]) -> bool {
    let number = |text: &str| text.parse::<u32>().unwrap_or_default();
    let year = |text: &str| text.len() == 4 && (1880..=2100).contains(&number(text));
    let within = |text: &str, most: u32| text.len() <= 2 && (1..=most).contains(&number(text));
    let day_and_month =
        |one: &str, other: &str| within(one, 31) && within(other, 12) || within(one, 12) && within(other, 31);
    let is_space = |gap: &str| gap == " " || gap == "\n";
    let [gap, last_gap] = gaps;
    let is_time = |digits: &str, gap: &str| is_space(gap) && Group { digits, start: 0 }.is_clock(5);
    if year(first) {
        return third.len() <= 2 && day_and_month(second, third) && !is_time(first, gap);
    }
    let spaced = gaps.iter().any(|gap| gap.contains([' ', '\n']));
    let steps =
        (number(first) + number(third) == 2 * number(second)) && first != second && !first.starts_with('0');
    let short = third.len() == 2 && !spaced && !(steps && gap != "/");
    // "3/4 1930" is a day and a time; "3 4 1930" is a date.
    let timed = !is_space(gap) && is_time(third, last_gap);
    first.len() <= 2 && day_and_month(first, second) && (year(third) && !timed || short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_a_date_where_a_day_a_month_and_a_year_can_be_meant() {
        for (numbers, gaps, is_one) in [
            (["3", "4", "1952"], ["/", "/"], true),
            (["31", "12", "1952"], ["/", "/"], true),
            (["12", "31", "1952"], ["/", "/"], true),
            (["13", "13", "1952"], ["/", "/"], false),
            (["32", "12", "1952"], ["/", "/"], false),
            (["45", "13", "1952"], ["/", "/"], false),
            (["0", "4", "1952"], ["/", "/"], false),
            (["103", "4", "1952"], ["/", "/"], false),
            (["003", "4", "1952"], ["/", "/"], false),
            (["3", "4", "1879"], ["/", "/"], false),
            (["3", "4", "1880"], ["/", "/"], true),
            (["3", "4", "2100"], ["/", "/"], true),
            (["3", "4", "2101"], ["/", "/"], false),
            (["3", "4", "952"], ["/", "/"], false),
            (["1952", "3", "4"], ["-", "-"], true),
            (["1952", "31", "12"], ["-", "-"], true),
            (["1952", "13", "13"], ["-", "-"], false),
            (["1952", "3", "004"], ["-", "-"], false),
            (["1879", "3", "4"], ["-", "-"], false),
            (["1952", "3", "4"], [" ", " "], true),
            (["1930", "3", "4"], [" ", " "], false),
            (["1930", "3", "4"], ["\n", " "], false),
            (["1930", "3", "4"], ["-", "-"], true),
            (["3", "4", "52"], ["/", "/"], true),
            (["3", "5", "52"], ["-", "-"], true),
            (["3", "4", "52"], [" ", " "], false),
            (["3", "4", "52"], ["/", "\n"], false),
            (["3", "4", "5"], ["/", "/"], false),
            (["1", "2", "03"], ["-", "-"], false),
            (["1", "2", "03"], ["/", "/"], true),
            (["01", "02", "03"], ["-", "-"], true),
            (["2", "2", "02"], ["-", "-"], true),
            (["3", "2", "01"], ["-", "-"], false),
            (["3", "4", "1930"], ["/", " "], false),
            (["3", "4", "1930"], ["/", "\n"], false),
            (["3", "4", "1930"], [" ", " "], true),
            (["3", "4", "1930"], ["/", "/"], true),
            (["3", "4", "1931"], ["/", " "], true),
        ] {
            assert_eq!(is_date(numbers, gaps), is_one, "{numbers:?} {gaps:?}");
        }
    }

    #[test]
    fn a_date_to_which_another_number_is_joined_is_none() {
        let date = "3/4/1952";
        for (text, is_alone) in [
            ("3/4/1952", true),
            ("on 3/4/1952 5 times", true),
            ("5 3/4/1952", true),
            ("3/4/1952.", true),
            ("a/3/4/1952/b", true),
            ("3/4/1952, 5", true),
            ("3/4/19521", false),
            ("13/4/1952", false),
            ("5/3/4/1952", false),
            ("5.3/4/1952", false),
            ("5-3/4/1952", false),
            ("3/4/1952/7", false),
            ("3/4/1952.7", false),
            ("3/4/1952-7", false),
        ] {
            let start = text.find(date).unwrap_or_default();
            assert_eq!(stands_alone(text, &(start..start + date.len())), is_alone, "{text}");
        }
    }
}
