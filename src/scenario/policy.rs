//! The local words that every scenario speaks: whom to tell, which line to call, what may be accepted.

use std::collections::BTreeMap;

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

impl Policy {
    /// An authored text as it is shown: slots filled, straight quotation marks and dashes set as type.
    /// An unknown slot stays as it was written.
    #[must_use]
    pub fn speak(&self, text: &str) -> String {
        let mut filled = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let slot = after.split_once('}').and_then(|(name, tail)| Some((self.texts.get(name)?, tail)));
            if let Some((local, tail)) = slot {
                push_cased(&mut filled, local);
                rest = tail;
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled.push_str(rest);
        typeset(&filled)
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
    let mut before = ' ';
    for char in text.chars() {
        let opens = before.is_whitespace() || matches!(before, '(' | '“' | '‘' | '—');
        let typed = match char {
            '"' if opens => '“',
            '"' => '”',
            '\'' if opens => '‘',
            '\'' => '’',
            other => other,
        };
        set.push(typed);
        before = typed;
    }
    set.replace("...", "…")
}
