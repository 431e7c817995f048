//! What educators say about answers: comments with their answers, and what they see in own words.

use std::collections::BTreeMap;

use crate::clock::Millis;
use crate::practice::blacking::Spot;
use crate::scenario::rubric::{Element, Score};
use crate::token::token_hash;

/// A comment's id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CommentId(String);

impl CommentId {
    /// The id that is written so. None where it can't be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        crate::clock::is_id(text).then(|| Self(text.to_owned()))
    }

    /// As it is stored and written in addresses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text of an attempt that words can be blacked out of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// Where it stands.
    pub spot: Spot,
    /// The number of the turn it belongs to; None where it is about the whole attempt.
    pub number: Option<u32>,
    /// What it says.
    pub text: String,
    /// Who reads it.
    pub seen_by: SeenBy,
}

/// Who reads a text of an attempt.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SeenBy {
    /// The nurse, and the educators of the cohort.
    All,
    /// Its writer alone, by her id: a draft.
    Writer(String),
}

impl Written {
    /// Whether this member of the staff, an educator of the cohort, reads it.
    #[must_use]
    pub fn is_seen_by(&self, staff: &str) -> bool {
        match &self.seen_by {
            SeenBy::All => true,
            SeenBy::Writer(id) => id == staff,
        }
    }

    /// Its place as it is noted where words of it are blacked out. That of a draft names its writer, so that it stays hers
    /// alone also once the draft is released or deleted.
    #[must_use]
    pub fn place(&self) -> String {
        match &self.seen_by {
            SeenBy::All => self.spot.stored(),
            SeenBy::Writer(id) => self.spot.of_draft(id),
        }
    }
}

/// An educator's remark on one response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The attempt it is about.
    pub attempt_id: String,
    /// The turn's number.
    pub number: u32,
    /// Who wrote it.
    pub staff_id: String,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub written_at: Millis,
    /// When the nurse could see it; None for a draft.
    pub released_at: Option<Millis>,
    /// When she first saw it.
    pub read_at: Option<Millis>,
    /// When it was settled.
    pub resolved_at: Option<Millis>,
}

impl Comment {
    /// Where words of it can be blacked out.
    #[must_use]
    pub fn spot(&self) -> Spot {
        Spot::Comment(self.id.as_str().to_owned())
    }

    /// What a form that is made of this text sends along, so that it is known whether the text is still the same:
    /// SHA-256 in hex.
    #[must_use]
    pub fn version(&self) -> String {
        token_hash(&self.text)
    }
}

/// What an educator sees of one element in own words.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Seen {
    /// It is kept.
    Keeps,
    /// It is unclear.
    Blurs,
    /// It is broken.
    Crosses,
    /// It is not in the words, and would belong there.
    NotThere,
}

impl Seen {
    /// All four, in order.
    pub const ALL: [Self; 4] = [Self::Keeps, Self::Blurs, Self::Crosses, Self::NotThere];

    /// As it is stored and posted.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Keeps => "keeps",
            Self::Blurs => "blurs",
            Self::Crosses => "crosses",
            Self::NotThere => "not-there",
        }
    }

    /// The words on the page.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Keeps => "keeps",
            Self::Blurs => "blurs",
            Self::Crosses => "crosses",
            Self::NotThere => "not there",
        }
    }

    /// The class of its mark; none where there is nothing to mark.
    #[must_use]
    pub fn class(self) -> &'static str {
        if self == Self::NotThere { "" } else { self.stored() }
    }

    /// What is stored or posted under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|seen| seen.stored() == text)
    }

    /// What it says about an element, in a few words.
    #[must_use]
    pub const fn meaning(self, element: Element) -> &'static str {
        match self {
            Self::Keeps => element.meaning(Score::Keeps),
            Self::Blurs => element.meaning(Score::Blurs),
            Self::Crosses => element.meaning(Score::Crosses),
            Self::NotThere => "not in these words yet",
        }
    }
}

/// One educator's view of the own words of one turn.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Marking {
    /// The turn's number.
    pub number: u32,
    /// Whose view it is.
    pub staff_id: String,
    /// When it was last changed.
    pub marked_at: Millis,
    /// When the nurse could see it; None: not yet.
    pub released_at: Option<Millis>,
    /// What is seen, element by element.
    pub seen: BTreeMap<Element, Seen>,
}

/// The element stored or posted under this name.
#[must_use]
pub fn element(text: &str) -> Option<Element> {
    Element::ALL.into_iter().find(|element| stored(*element) == text)
}

/// An element as it is stored and posted.
#[must_use]
pub const fn stored(element: Element) -> &'static str {
    match element {
        Element::Warm => "warm",
        Element::Clear => "clear",
        Element::Honest => "honest",
        Element::Route => "route",
        Element::Safe => "safe",
        Element::Private => "private",
        Element::Steady => "steady",
        Element::Tell => "tell",
    }
}
