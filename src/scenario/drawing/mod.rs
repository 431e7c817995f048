//! How a person, a phone or a path is drawn on a page.

pub mod portrait;
pub mod spark;

use std::fmt;

use askama::filters::HtmlSafe;

use super::{Channel, Mood, Person, Scenario};
pub use portrait::{Phone, Portrait};
pub use spark::Spark;

/// What stands on the left of a scene: a face, or the unit's phone where there is no face to see.
#[derive(Clone, Debug)]
pub enum Picture {
    /// A face.
    Face(Portrait),
    /// The unit's phone.
    Phone(Phone),
}

impl Picture {
    /// How a speaker is seen during a turn.
    #[must_use]
    pub fn on_stage(scenario: &Scenario, person: Option<&Person>, mood: Mood) -> Self {
        Self::sized(scenario, person, mood, "")
    }

    /// How the patient is seen in the catalogue.
    #[must_use]
    pub fn in_list(scenario: &Scenario) -> Self {
        let mood = scenario.turns.get(&scenario.start).map_or(Mood::Wistful, |turn| turn.mood);
        let opener = scenario.turns.get(&scenario.start).and_then(|turn| turn.speaker.as_deref());
        Self::sized(scenario, scenario.speaker(opener), mood, "tiny")
    }

    /// The patient's face, large, before the first turn; also where the turns themselves are by phone.
    #[must_use]
    pub fn of_patient(scenario: &Scenario) -> Self {
        let mood = scenario.turns.get(&scenario.start).map_or(Mood::Wistful, |turn| turn.mood);
        Self::Face(face(scenario.patient(), mood, "big"))
    }

    /// A speaker as seen during a turn, large.
    #[must_use]
    pub fn large(scenario: &Scenario, person: Option<&Person>, mood: Mood) -> Self {
        Self::sized(scenario, person, mood, "big")
    }

    /// A face as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self::Face(Portrait::new("ines", Mood::Wistful, ""))
    }

    fn sized(scenario: &Scenario, person: Option<&Person>, mood: Mood, size: &'static str) -> Self {
        let on_the_phone = person
            .is_some_and(|person| person.by_phone || (scenario.channel == Channel::Phone && person.patient));
        if on_the_phone { Self::Phone(Phone::new(size)) } else { Self::Face(face(person, mood, size)) }
    }
}

fn face(person: Option<&Person>, mood: Mood, size: &'static str) -> Portrait {
    Portrait::new(person.map_or("", |person| person.portrait.as_str()), mood, size)
}

impl fmt::Display for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Face(portrait) => portrait.fmt(formatter),
            Self::Phone(phone) => phone.fmt(formatter),
        }
    }
}

/// Both kinds are made of constants only.
impl HtmlSafe for Picture {}
