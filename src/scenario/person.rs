//! The people of a scenario, how they feel, and which drawing shows them.

use serde::{Deserialize, Serialize};

/// Someone who speaks in a scenario.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// True for the one patient.
    #[serde(default)]
    pub patient: bool,
    /// Full name.
    pub name: String,
    /// What the nurse calls them on the page ("Mrs. Marchetti"); the full name where empty.
    #[serde(default)]
    pub called: String,
    /// "she", "he" or "they".
    #[serde(default)]
    pub pronoun: Pronoun,
    /// Age in years.
    #[serde(default)]
    pub age: Option<u8>,
    /// Who they are, as the rest of a sentence that begins with their name.
    pub who: String,
    /// Which drawing shows them.
    #[serde(default)]
    pub portrait: String,
    /// True for someone who is not the patient and is heard by phone; a patient of a phone scenario always is.
    #[serde(default)]
    pub by_phone: bool,
    /// What the nurse knows about them.
    #[serde(default)]
    pub background: String,
}

impl Person {
    /// What the nurse calls them on the page.
    #[must_use]
    pub fn called(&self) -> &str {
        if self.called.is_empty() { &self.name } else { &self.called }
    }
}

/// How the pages speak of a person.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pronoun {
    /// she, her
    She,
    /// he, him
    He,
    /// they, them
    #[default]
    They,
}

impl Pronoun {
    /// As the subject of "… takes it" with its verb: "she takes".
    #[must_use]
    pub const fn takes(self) -> &'static str {
        match self {
            Self::She => "she takes",
            Self::He => "he takes",
            Self::They => "they take",
        }
    }

    /// As an object: "her".
    #[must_use]
    pub const fn object(self) -> &'static str {
        match self {
            Self::She => "her",
            Self::He => "him",
            Self::They => "them",
        }
    }
}

/// How a speaker feels.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mood {
    /// Happy.
    Glad,
    /// Sad and fond at once.
    Wistful,
    /// Stung.
    Hurt,
    /// Not sure what was meant.
    Puzzled,
    /// Asking again.
    Insistent,
    /// Angry.
    Angry,
    /// Afraid.
    Frightened,
    /// In danger, or dangerous.
    Unsafe,
    /// Eased.
    Relieved,
}

impl Mood {
    /// All nine.
    pub const ALL: [Self; 9] = [
        Self::Glad,
        Self::Wistful,
        Self::Hurt,
        Self::Puzzled,
        Self::Insistent,
        Self::Angry,
        Self::Frightened,
        Self::Unsafe,
        Self::Relieved,
    ];
}
