//! Blacking words out: where they can be blacked out, and the text without them.

use std::ops::Range;

/// What stands where words were blacked out: always as long, however long they were.
pub const BLACK: &str = "███";

/// A text of assigned work in which words can be blacked out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Spot {
    /// The own words of the turn with this number.
    Own(u32),
    /// What was going on in her, where she asked to talk.
    Feeling,
    /// What she was trying to do, where she asked to talk.
    Aim,
    /// An educator's comment, by its id.
    Comment(String),
    /// What somebody said under a comment, by its id.
    Answer(String),
}

impl Spot {
    /// As it is stored.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Own(number) => format!("own-{number}"),
            Self::Feeling => "feeling".to_owned(),
            Self::Aim => "aim".to_owned(),
            Self::Comment(id) => format!("comment-{id}"),
            Self::Answer(id) => format!("answer-{id}"),
        }
    }
}

/// Whether what is stored as this place is a comment or an answer.
#[must_use]
pub fn is_remark(place: &str) -> bool {
    place.starts_with("comment-") || place.starts_with("answer-")
}

/// Where these words stand in a text, in bytes, one after the other; empty where they don't.
///
/// They are found as they are written, whatever space is between them, and only whole: "Al" is not in "also". Without any
/// letter or digit they are no words.
#[must_use]
pub fn places(text: &str, words: &str) -> Vec<Range<usize>> {
    let words: Vec<&str> = words.split_whitespace().collect();
    let shortest = words.iter().map(|word| word.len()).sum::<usize>();
    if shortest > text.len() || !words.iter().any(|word| word.contains(char::is_alphanumeric)) {
        return Vec::new();
    }
    let (mut places, mut from) = (Vec::new(), 0);
    while let Some(rest) = text.get(from..) {
        let Some(first) = rest.chars().next() else { break };
        let before = text.get(..from).unwrap_or_default();
        let found = length(rest, &words).filter(|length| is_whole(before, rest, *length));
        if let Some(length) = found {
            places.push(from..from + length);
        }
        from += found.unwrap_or(first.len_utf8());
    }
    places
}

/// How these words are spelled otherwise where they stand in a text: with other capitals, another apostrophe, in the
/// plural, as somebody's. As they stand there, each once, without those that [`places`] finds.
#[must_use]
pub fn spelled_otherwise(text: &str, words: &str) -> Vec<String> {
    let plain = words.split_whitespace().map(plain).collect::<Vec<_>>().join(" ");
    let plain = ENDINGS.iter().find_map(|ending| plain.strip_suffix(ending)).unwrap_or(&plain);
    if !plain.contains(char::is_alphanumeric) {
        return Vec::new();
    }
    let exact = places(text, words);
    let mut found: Vec<String> = Vec::new();
    let mut before = None;
    for (from, char) in text.char_indices() {
        let begins = goes_on(char) && !before.is_some_and(goes_on);
        before = Some(char);
        let taken = exact.iter().any(|place| place.contains(&from));
        let rest = text.get(from..).filter(|_| begins && !taken).unwrap_or_default();
        if let Some(length) = alike(rest, plain) {
            let spelling = rest.get(..length).unwrap_or_default();
            if !found.iter().any(|other| other == spelling) {
                found.push(spelling.to_owned());
            }
        }
    }
    found
}

/// What may stand behind a word that is still the same one, longest first.
const ENDINGS: [&str; 4] = ["'s", "es", "s", "'"];

/// A word in small letters, with one kind of apostrophe, without accents that stand apart.
fn plain(word: &str) -> String {
    let straight = |char: char| if matches!(char, '’' | '‘' | 'ʼ' | '´' | '`') { '\'' } else { char };
    word.chars().filter(|char| !is_accent(*char)).flat_map(char::to_lowercase).map(straight).collect()
}

/// How many bytes at the beginning of a text are these plain words, with one of the endings or none.
fn alike(text: &str, plain_words: &str) -> Option<usize> {
    let (mut left, mut end, mut after_room) = (plain_words, 0, false);
    for (at, char) in text.char_indices() {
        let stop = at + char.len_utf8();
        if left.is_empty() {
            break;
        }
        if char.is_whitespace() {
            // Any room between two words is one space in the plain ones.
            left = if after_room { left } else { left.strip_prefix(' ')? };
        } else {
            let mut bytes = [0; 4];
            let small = plain(char.encode_utf8(&mut bytes));
            left = left.strip_prefix(small.as_str())?;
        }
        after_room = char.is_whitespace();
        end = stop;
    }
    if !left.is_empty() {
        return None;
    }
    let rest = text.get(end..)?;
    let accents: usize = rest.chars().take_while(|char| is_accent(*char)).map(char::len_utf8).sum();
    end += accents;
    let rest = text.get(end..)?;
    let word: String = rest.chars().take_while(|char| goes_on(*char) || "'’‘ʼ".contains(*char)).collect();
    let tail = plain(&word);
    match () {
        () if tail.is_empty() => Some(end),
        () if ENDINGS.contains(&tail.as_str()) => Some(end + word.len()),
        () if !tail.starts_with(goes_on) => Some(end),
        () => None,
    }
}

/// Whether this is an accent that stands apart from its letter.
const fn is_accent(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36F}')
}

/// The text without these words, and how many words are gone; None where they don't stand in it.
#[must_use]
pub fn black_out(text: &str, words: &str) -> Option<(String, i64)> {
    let places = places(text, words);
    let left = cut(text, &places).map(|(words, goes)| if goes { BLACK } else { words }).collect();
    let gone = places.len().saturating_mul(words.split_whitespace().count());
    (!places.is_empty()).then(|| (left, i64::try_from(gone).unwrap_or(i64::MAX)))
}

/// A text cut at these places, which don't overlap: its pieces in order, none of them empty, each with whether it is one
/// of the places.
pub fn cut<'a>(text: &'a str, places: &[Range<usize>]) -> impl Iterator<Item = (&'a str, bool)> {
    let (mut pieces, mut from) = (Vec::new(), 0);
    for place in places {
        pieces.push((text.get(from..place.start).unwrap_or_default(), false));
        pieces.push((text.get(place.clone()).unwrap_or_default(), true));
        from = place.end;
    }
    pieces.push((text.get(from..).unwrap_or_default(), false));
    pieces.into_iter().filter(|(words, _)| !words.is_empty())
}

/// A text cut where words were blacked out: its pieces in order, none of them empty, each with whether it is a bar.
pub fn pieces<T: AsRef<str> + ?Sized>(text: &T) -> impl Iterator<Item = (&str, bool)> {
    let mut pieces: Vec<(&str, bool)> = Vec::new();
    for (number, words) in text.as_ref().split(BLACK).enumerate() {
        if number > 0 {
            pieces.push((BLACK, true));
        }
        if !words.is_empty() {
            pieces.push((words, false));
        }
    }
    pieces.into_iter()
}

/// How many bytes these words take at the beginning of a text; None where it begins otherwise.
fn length(text: &str, words: &[&str]) -> Option<usize> {
    let mut rest = text;
    for (number, word) in words.iter().enumerate() {
        if number > 0 {
            let next = rest.trim_start();
            if next.len() == rest.len() {
                return None;
            }
            rest = next;
        }
        rest = rest.strip_prefix(word)?;
    }
    Some(text.len() - rest.len())
}

/// Whether words go on with this character: a letter or a digit, but none of a writing that leaves no room between words.
pub(super) fn goes_on(char: char) -> bool {
    let has_room = !matches!(char,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{318F}'
        | '\u{31A0}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    char.is_alphanumeric() && (has_room || char.is_numeric())
}

/// Whether no letter or digit goes on from these words on either side.
fn is_whole(before: &str, rest: &str, length: usize) -> bool {
    let (found, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
    let joined = |one: Option<char>, other: Option<char>| match (one, other) {
        // Half a bar is no word, and an accent goes with its letter.
        (Some('█'), Some('█')) => true,
        (Some(_), Some(accent)) if is_accent(accent) => true,
        (Some(one), Some(other)) => goes_on(one) && goes_on(other),
        _ => false,
    };
    !joined(before.chars().next_back(), found.chars().next())
        && !joined(found.chars().next_back(), after.chars().next())
}
