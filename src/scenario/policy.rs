//! The local words that every scenario speaks: whom to tell, which line to call, what may be accepted.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// What kind of words fill a slot, so that they fit the sentence around them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Digits, as they are dialled.
    Number,
    /// Words that can follow "call", "tell" or "the": no capital, no full stop.
    NounPhrase,
    /// A clause that can stand after a colon: no capital, no full stop.
    Sentence,
}

impl Kind {
    /// The longest text of this kind, in characters.
    #[must_use]
    pub const fn longest(self) -> usize {
        match self {
            Self::Number => 30,
            Self::NounPhrase => 120,
            Self::Sentence => 240,
        }
    }

    /// In plain words, what is to be written.
    #[must_use]
    pub const fn asks(self) -> &'static str {
        match self {
            Self::Number => "A number as it is dialed, up to 30 characters: digits, spaces and + - ( ).",
            Self::NounPhrase => {
                "A few words that fit after “call”, “tell” or “the”, up to 120 characters: a small letter first \
                 unless it is a name, no period at the end."
            }
            Self::Sentence => {
                "A clause that fits after a colon, up to 240 characters: a small letter first unless it is a \
                 name, no period at the end."
            }
        }
    }

    /// What is to be done before this text fits; nothing where it does. An empty text fits: the default is spoken.
    #[must_use]
    pub fn problem(self, text: &str) -> Option<String> {
        let over = text.chars().count().saturating_sub(self.longest());
        let number = |char: char| char.is_ascii_digit() || matches!(char, ' ' | '+' | '-' | '(' | ')');
        if text.is_empty() {
            None
        } else if over > 0 {
            Some(format!(
                "Shorten this: it is {over} {} too long",
                if over == 1 { "character" } else { "characters" }
            ))
        } else if self == Self::Number {
            let dialed = text.chars().all(number) && text.contains(|char: char| char.is_ascii_digit());
            (!dialed).then(|| "Write a number that can be dialed: digits, spaces and + - ( ) only".to_owned())
        } else if text.contains(char::is_control) {
            Some("Write this in one line".to_owned())
        } else if text.contains(['{', '}']) {
            Some("Leave out the braces: local words can’t name other local words".to_owned())
        } else if text.ends_with(['.', '!', '?', '…', ':', ';', ',']) {
            Some("Leave out the mark at the end: the sentence around these words goes on".to_owned())
        } else {
            None
        }
    }
}

/// A local text that scenarios speak.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    /// Its name between braces.
    pub name: &'static str,
    /// What kind of words fill it.
    pub kind: Kind,
    /// What an administrator is asked for.
    pub asks: &'static str,
    /// What is said where nobody has filled it: neutral, true in most places.
    pub default: &'static str,
}

const fn slot(name: &'static str, kind: Kind, asks: &'static str, default: &'static str) -> Slot {
    Slot { name, kind, asks, default }
}

/// Every slot a scenario may speak.
pub const SLOTS: [Slot; 10] = [
    slot("emergency_number", Kind::Number, "The number for an emergency", "911"),
    slot("crisis_line", Kind::Number, "The number for a suicidal crisis", "988"),
    slot(
        "discharge_line",
        Kind::NounPhrase,
        "Where questions about discharge papers go",
        "the number on page one of the discharge papers",
    ),
    slot("urgent_line", Kind::NounPhrase, "Whom patients call when it can’t wait", "the nurse advice line"),
    slot("who_to_tell", Kind::NounPhrase, "Whom a nurse tells first", "the charge nurse"),
    slot("incident_report", Kind::NounPhrase, "How an event is reported", "an incident report"),
    slot(
        "support_line",
        Kind::NounPhrase,
        "Where company and practical help can be found",
        "the social worker",
    ),
    slot("gift_limit", Kind::NounPhrase, "What a nurse may accept", "a card to the whole unit"),
    slot(
        "social_media_rule",
        Kind::Sentence,
        "The rule about contact online",
        "staff don’t connect with patients online, during care or after it",
    ),
    slot(
        "phone_emergency_rule",
        Kind::Sentence,
        "What a nurse does when a caller is in danger",
        "a colleague sends emergency services to the caller’s address while you stay on the line",
    ),
];

/// The slot of this name, if there is one.
#[must_use]
pub fn find(name: &str) -> Option<&'static Slot> {
    SLOTS.iter().find(|slot| slot.name == name)
}

/// The names between braces in a text, in order.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}

/// One version of the local words. An attempt keeps the version it was started under.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Policy {
    texts: BTreeMap<String, String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { texts: SLOTS.iter().map(|slot| (slot.name.to_owned(), slot.default.to_owned())).collect() }
    }
}

/// A piece of a text as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Piece {
    /// Its words.
    pub words: String,
    /// Whether they are local words.
    pub local: bool,
}

impl Policy {
    /// The words an administrator filled in, by slot; the neutral default for every other slot.
    #[must_use]
    pub fn with(filled: &BTreeMap<String, String>) -> Self {
        let mut policy = Self::default();
        for (name, text) in &mut policy.texts {
            if let Some(local) = filled.get(name).filter(|local| !local.is_empty()) {
                text.clone_from(local);
            }
        }
        policy
    }

    /// The words of a slot; None where there is no such slot.
    #[must_use]
    pub fn of(&self, slot: &str) -> Option<&str> {
        self.texts.get(slot).map(String::as_str)
    }

    /// An authored text as it is shown: slots filled, straight quotation marks and dashes set as type.
    /// An unknown slot stays as it was written.
    #[must_use]
    pub fn speak(&self, text: &str) -> String {
        typeset(&self.fill(text).0)
    }

    /// What to do in a suicidal crisis, from "call" on: the default line also takes texts, and is known to be there in
    /// two countries; of another nobody knows more than its number.
    #[must_use]
    pub fn crisis_line(&self) -> String {
        let line = self.speak("{crisis_line}");
        let is_default = find("crisis_line").is_some_and(|slot| slot.default == line);
        if is_default {
            format!("call or text {line} (in the US and Canada), day or night")
        } else {
            format!("call {line}")
        }
    }

    /// An authored text as it is shown, cut where local words begin and end.
    #[must_use]
    pub fn pieces(&self, text: &str) -> Vec<Piece> {
        let (filled, places) = self.fill(text);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut before = ' ';
        for (at, char) in filled.char_indices() {
            let local = places.iter().any(|place| place.contains(&at));
            before = typed(before, char);
            match pieces.last_mut() {
                Some(piece) if piece.local == local => piece.words.push(before),
                _ => pieces.push(Piece { words: before.to_string(), local }),
            }
        }
        for piece in &mut pieces {
            piece.words = piece.words.replace("...", "…");
        }
        pieces
    }

    /// The text with its slots filled, and where in it the local words stand.
    fn fill(&self, text: &str) -> (String, Vec<Range<usize>>) {
        let mut filled = String::with_capacity(text.len() + 16);
        let mut places = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let slot = after.split_once('}').and_then(|(name, tail)| Some((self.texts.get(name)?, tail)));
            if let Some((local, tail)) = slot {
                let from = filled.len();
                push_cased(&mut filled, local);
                places.push(from..filled.len());
                rest = tail;
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled.push_str(rest);
        (filled, places)
    }
}

/// Adds local words, with a capital where they begin a sentence.
fn push_cased(filled: &mut String, local: &str) {
    let before = filled.trim_end_matches([' ', '"', '“', '(']);
    let mut chars = local.chars();
    match chars.next() {
        Some(first) if before.is_empty() || before.ends_with(['.', '!', '?']) => {
            filled.extend(first.to_uppercase());
            filled.push_str(chars.as_str());
        }
        _ => filled.push_str(local),
    }
}

/// Straight quotation marks, apostrophes and three dots, set as type.
#[must_use]
pub fn typeset(text: &str) -> String {
    let mut set = String::with_capacity(text.len() + 8);
    let mut rest = text;
    while let Some((words, mark)) = next_mark(rest) {
        set.push_str(words);
        let before = set.chars().next_back().unwrap_or(' ');
        set.push(typed(before, mark));
        rest = rest.get(words.len() + 1..).unwrap_or_default();
    }
    set.push_str(rest);
    if set.contains("...") { set.replace("...", "…") } else { set }
}

/// The words before the next straight mark of a text, and that mark.
fn next_mark(text: &str) -> Option<(&str, char)> {
    let at = text.bytes().position(|byte| matches!(byte, b'"' | b'\''))?;
    Some((text.get(..at)?, char::from(*text.as_bytes().get(at)?)))
}

/// A character as it is set after the one before it.
fn typed(before: char, char: char) -> char {
    let opens = before.is_whitespace() || matches!(before, '(' | '“' | '‘' | '—');
    match char {
        '"' if opens => '“',
        '"' => '”',
        '\'' if opens => '‘',
        '\'' => '’',
        other => other,
    }
}
