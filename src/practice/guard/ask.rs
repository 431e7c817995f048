//! The question before words with such details are stored, and the answer "keep it as it is".

use super::{Find, Kind, look_beside};
use crate::token::token_hash;

/// What a page asks before it stores what was typed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Ask {
    /// Everything that was found, in order.
    pub found: Vec<Found>,
    /// The texts it was found in.
    pub passages: Vec<Passage>,
    /// What the button "Keep it as it is" sends, and the form itself with it: what was asked about.
    pub anyway: String,
    /// Which button was pressed, where the form has several.
    what: String,
}

/// One detail.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The id of the field it stands in.
    pub field: String,
    /// What it looks like: "a phone number".
    pub what: &'static str,
    /// The words themselves.
    pub words: String,
    /// Whether the page before asked about it too.
    pub still: bool,
}

/// A text, cut where details begin and end: its pieces, each with whether it is one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Passage {
    /// The id of the field it stands in.
    pub field: String,
    /// What the pieces say, and whether each is a detail.
    pub pieces: Vec<(String, bool)>,
}

impl Ask {
    /// The question as it looks on a sample page.
    #[must_use]
    pub fn sample(field: &str) -> Self {
        let text = "Call 555-0142-33.";
        Self::of(&[(field, text, super::look(text))], &Anyway::default())
    }

    fn of(fields: &[(&str, &str, Vec<Find>)], answer: &Anyway) -> Self {
        let with_finds = || fields.iter().filter(|(.., finds)| !finds.is_empty());
        let found = |field: &str, text: &str, find: &Find| Found {
            field: field.to_owned(),
            what: find.kind.name(),
            words: text.get(find.range.clone()).unwrap_or_default().to_owned(),
            still: answer.asked.contains(&key(find)),
        };
        let found = with_finds()
            .flat_map(|(field, text, finds)| finds.iter().map(|find| found(field, text, find)))
            .collect();
        let passage = |(field, text, finds): &(&str, &str, Vec<Find>)| Passage {
            field: (*field).to_owned(),
            pieces: pieces(text, finds),
        };
        let keys: Vec<String> = with_finds().flat_map(|(.., finds)| finds.iter().map(key)).collect();
        let passages = with_finds().map(passage).collect();
        Self { found, passages, anyway: keys.join("."), what: String::new() }
    }

    /// The same where the form has more than one way of being sent: the answer says which one it was.
    #[must_use]
    pub fn sent_by(mut self, what: &str) -> Self {
        self.anyway = format!("{what}:{}", self.anyway);
        what.clone_into(&mut self.what);
        self
    }

    /// Whether a draft was to be kept.
    #[must_use]
    pub fn keeps_a_draft(&self) -> bool {
        matches!(self.what.as_str(), "save" | "draft")
    }

    /// What the button says that keeps everything.
    #[must_use]
    pub fn keep(&self) -> &'static str {
        match self.what.as_str() {
            "release" => "Release it as it is",
            _ if self.keeps_a_draft() => "Keep the draft as it is",
            _ => "Keep it as it is",
        }
    }
}

fn pieces(text: &str, finds: &[Find]) -> Vec<(String, bool)> {
    let mut pieces = Vec::new();
    let mut from = 0;
    let mut push = |range: std::ops::Range<usize>, is_find| {
        let words = text.get(range).unwrap_or_default();
        if !words.is_empty() {
            pieces.push((words.to_owned(), is_find));
        }
    };
    for find in finds {
        push(from..find.range.start, false);
        push(find.range.clone(), true);
        from = find.range.end;
    }
    push(from..text.len(), false);
    pieces
}

/// Tells one detail from another without saying it.
fn key(find: &Find) -> String {
    token_hash(&format!("{} {}", find.kind.stored(), find.core)).chars().take(20).collect()
}

/// The answer "keep it as it is", as a form sends it: which details it is about.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Anyway {
    keys: Vec<String>,
    what: String,
    asked: Vec<String>,
}

impl Anyway {
    /// What a form has sent.
    #[must_use]
    pub fn read(sent: Option<&str>) -> Self {
        let (what, keys) = cut(sent);
        Self { keys, what, asked: Vec::new() }
    }

    /// The same with what its page had asked about, whichever button was pressed.
    #[must_use]
    pub fn after(mut self, asked: Option<&str>) -> Self {
        self.asked = cut(asked).1;
        self
    }

    /// Which button was pressed before it was asked.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.what
    }

    fn covers(&self, find: &Find) -> bool {
        self.keys.contains(&key(find))
    }
}

/// The button and the details in what a form has sent.
fn cut(sent: Option<&str>) -> (String, Vec<String>) {
    let sent = sent.unwrap_or_default();
    let (what, keys) = sent.split_once(':').unwrap_or(("", sent));
    (what.to_owned(), keys.split('.').map(str::to_owned).collect())
}

/// What is to be done with words that were typed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Checked {
    /// Nothing was found.
    Fine,
    /// Ask first.
    Ask(Ask),
    /// It was asked about everything that was found; the kinds of it, for the log: "phone email".
    Anyway(String),
}

impl Checked {
    /// The kinds that are sent anyway; None where there are none. Where it is to be asked first, the question.
    pub fn kinds(self) -> Result<Option<String>, Ask> {
        match self {
            Self::Fine => Ok(None),
            Self::Anyway(kinds) => Ok(Some(kinds)),
            Self::Ask(ask) => Err(ask),
        }
    }
}

/// Looks through fields of a form, each an id and what was typed. An answer covers only what was asked: anything new
/// in the words is asked about again.
#[must_use]
pub fn check(fields: &[(&str, &str)], anyway: &Anyway, shown: impl Fn() -> Vec<String>) -> Checked {
    let looked: Vec<(&str, &str, Vec<Find>)> =
        fields.iter().map(|(field, text)| (*field, *text, look_beside(text, &shown))).collect();
    let mut finds = looked.iter().flat_map(|(.., finds)| finds);
    if looked.iter().all(|(.., finds)| finds.is_empty()) {
        return Checked::Fine;
    }
    if !finds.all(|find| anyway.covers(find)) {
        return Checked::Ask(Ask::of(&looked, anyway));
    }
    let mut kinds: Vec<Kind> =
        looked.iter().flat_map(|(.., finds)| finds.iter().map(|find| find.kind)).collect();
    kinds.sort_unstable();
    kinds.dedup();
    Checked::Anyway(kinds.into_iter().map(Kind::stored).collect::<Vec<_>>().join(" "))
}
