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

    /// As it is stored where words are blacked out of a draft of this member of the staff, by her id.
    #[must_use]
    pub fn of_draft(&self, writer: &str) -> String {
        format!("{DRAFT}{writer}-{}", self.stored())
    }
}

/// How the place of a draft begins.
const DRAFT: &str = "draft-";

/// Whether somebody may know that words were blacked out at this place: everybody who reads the attempt, but of a draft
/// its writer alone, by her id; the nurse is None.
#[must_use]
pub fn may_know(place: &str, staff: Option<&str>) -> bool {
    let Some(draft) = place.strip_prefix(DRAFT) else { return true };
    staff.and_then(|staff| draft.strip_prefix(staff)).is_some_and(|rest| rest.starts_with('-'))
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
    let plain_text = plain(text);
    let exact = places(text, words);
    let mut found: Vec<String> = Vec::new();
    for stem in stems(words) {
        for (index, (from, first)) in plain_text.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| plain_text.get(before));
            let begins = goes_on(*first) && !before.is_some_and(|(_, char)| goes_on(*char));
            if !begins || exact.iter().any(|place| place.contains(from)) {
                continue;
            }
            let Some(end) = plain_text.get(index..).and_then(|rest| end_of(rest, &stem)) else { continue };
            let end = plain_text.get(index + end).map_or(text.len(), |(next, _)| *next);
            let spelling = text.get(*from..end).unwrap_or_default().trim_end();
            if !spelling.is_empty() && !found.iter().any(|other| other == spelling) {
                found.push(spelling.to_owned());
            }
        }
    }
    found
}

/// What may stand behind a word that is still the same one.
const ENDINGS: [&str; 7] = ["", "'", "s", "'s", "s'", "es", "es'"];

/// A text letter by letter, each with where it stands, in bytes: small, without accents that stand apart, one kind of
/// apostrophe, one space for any room.
fn plain(text: &str) -> Vec<(usize, char)> {
    let mut plain: Vec<(usize, char)> = Vec::with_capacity(text.len());
    for (at, char) in text.char_indices() {
        match char {
            '’' | '‘' | 'ʼ' | '´' | '`' => plain.push((at, '\'')),
            'ς' => plain.push((at, 'σ')),
            'ß' | 'ẞ' => plain.extend([(at, 's'), (at, 's')]),
            room if room.is_whitespace() => {
                if plain.last().is_some_and(|(_, last)| *last != ' ') {
                    plain.push((at, ' '));
                }
            }
            other => {
                plain.extend(other.to_lowercase().filter(|char| !is_accent(*char)).map(|char| (at, char)));
            }
        }
    }
    plain
}

/// What is looked for: the words without signs around them and, where they are somebody's, also her name alone.
fn stems(words: &str) -> Vec<Vec<char>> {
    let plain: String = plain(words).into_iter().map(|(_, char)| char).collect();
    let plain = plain.trim_start_matches(|char: char| !char.is_alphanumeric()).trim_end();
    let bare = plain.trim_end_matches(|char: char| !char.is_alphanumeric());
    let somebody = plain.strip_suffix("s'").or_else(|| bare.strip_suffix("'s"));
    let stems = [Some(bare), somebody].into_iter().flatten().filter(|stem| !stem.is_empty());
    stems.map(|stem| stem.chars().collect()).collect()
}

/// How many letters at the beginning of a plain text are this stem, with one of the endings.
fn end_of(text: &[(usize, char)], stem: &[char]) -> Option<usize> {
    let (head, rest) = text.split_at_checked(stem.len())?;
    if !head.iter().map(|(_, char)| char).eq(stem) {
        return None;
    }
    let tail: String =
        rest.iter().map(|(_, char)| *char).take_while(|char| goes_on(*char) || *char == '\'').collect();
    if ENDINGS.contains(&tail.as_str()) {
        return Some(stem.len() + tail.chars().count());
    }
    (!tail.starts_with(goes_on)).then_some(stem.len())
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
