//! What a nurse gives at a turn: her own words, a reply, how sure she was, where she puts her words.

use crate::clock::Millis;
use crate::scenario::rubric::Place;

/// How sure she was before she saw what her reply does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sureness {
    /// A guess.
    Guessing,
    /// Fairly sure.
    Fairly,
    /// Sure.
    Sure,
}

impl Sureness {
    /// All three, from least to most.
    pub const ALL: [Self; 3] = [Self::Guessing, Self::Fairly, Self::Sure];

    /// As it is stored and posted.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Guessing => "guessing",
            Self::Fairly => "fairly",
            Self::Sure => "sure",
        }
    }

    /// The words nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Guessing => "I’m guessing",
            Self::Fairly => "Fairly sure",
            Self::Sure => "Sure",
        }
    }

    /// The step stored or posted under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.stored() == text)
    }
}

/// Where she puts her own words on the line.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Placement {
    /// At one of the four places.
    At(Place),
    /// She isn't sure.
    NotSure,
}

impl Placement {
    /// As it is stored and posted.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::At(place) => place.class(),
            Self::NotSure => "not-sure",
        }
    }

    /// The placement stored or posted under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text == Self::NotSure.stored() {
            return Some(Self::NotSure);
        }
        Place::from_class(text).map(Self::At)
    }
}

/// How ready she feels for her next shift. Never scored.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Readiness {
    /// Not yet.
    NotYet,
    /// Nearly.
    Nearly,
    /// Ready.
    Ready,
    /// Ready enough to help someone else.
    CouldHelp,
}

impl Readiness {
    /// All four, from least to most.
    pub const ALL: [Self; 4] = [Self::NotYet, Self::Nearly, Self::Ready, Self::CouldHelp];

    /// As it is stored and posted.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::NotYet => "not-yet",
            Self::Nearly => "nearly",
            Self::Ready => "ready",
            Self::CouldHelp => "could-help",
        }
    }

    /// The words nurses read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotYet => "Not yet",
            Self::Nearly => "Nearly",
            Self::Ready => "Ready",
            Self::CouldHelp => "I could help someone else",
        }
    }

    /// The readiness stored or posted under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.stored() == text)
    }
}

/// Written when own words are committed or skipped; where none are asked, with the response before.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// What she would say; None where she went straight to the replies.
    pub own_words: Option<String>,
    /// Whether there were own words that have been taken away since.
    pub words_gone: bool,
    /// The replies' ids in the order they stand on the page.
    pub reply_order: Vec<String>,
    /// When.
    pub opened_at: Millis,
}

/// Her own words at a turn, as they stand in a transcript.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum OwnWords {
    /// What she would say.
    Said(String),
    /// She went straight to the replies.
    Skipped,
    /// They were taken away since.
    Deleted,
    /// The turn asks for none.
    NotAsked,
}

/// The recorded answer to one turn.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The turn it answers.
    pub turn_id: String,
    /// The reply she chose.
    pub reply_id: String,
    /// How sure she was, if she said.
    pub sureness: Option<Sureness>,
    /// When.
    pub answered_at: Millis,
}
