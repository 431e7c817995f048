//! What stands before every conversation, practiced or assigned: who you are, who the patient is, what it is about.

use crate::scenario::Scenario;
use crate::scenario::drawing::Picture;
use crate::scenario::policy::Policy;

/// What a nurse reads before she begins.
#[derive(Clone, Debug)]
pub struct Brief {
    /// The conversation.
    pub title: String,
    /// Where it takes place.
    pub setting: String,
    /// How long it takes, about.
    pub minutes: u8,
    /// The patient.
    pub picture: Picture,
    /// The patient's name.
    pub name: String,
    /// Age and who that is.
    pub about: String,
    /// What is known of the patient.
    pub background: String,
    /// Who the nurse is.
    pub role: String,
    /// What has happened.
    pub situation: String,
    /// What she practices.
    pub objective: String,
    /// What may be hard in it; empty where nothing is.
    pub content_note: String,
    /// What differs by employer or place; may be empty.
    pub varies: String,
    /// Whom to call if it is close to home.
    pub crisis_line: String,
}

impl Brief {
    /// The brief of a conversation in these local words. None where it has no patient.
    #[must_use]
    pub fn new(scenario: &Scenario, policy: &Policy) -> Option<Self> {
        let patient = scenario.patient()?;
        let age = patient.age.map(|age| format!("{age}, ")).unwrap_or_default();
        Some(Self {
            title: policy.speak(&scenario.title),
            setting: policy.speak(&scenario.setting),
            minutes: scenario.minutes,
            picture: Picture::of_patient(scenario),
            name: policy.speak(&patient.name),
            about: format!("{age}{}", policy.speak(&patient.who)),
            background: policy.speak(&patient.background),
            role: policy.speak(&scenario.you.role),
            situation: policy.speak(&scenario.you.situation),
            objective: policy.speak(&scenario.objective),
            content_note: policy.speak(&scenario.content_note),
            varies: policy.speak(&scenario.varies),
            crisis_line: policy.crisis_line(),
        })
    }

    /// A brief as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            title: "A goodbye".to_owned(),
            setting: "Her room".to_owned(),
            minutes: 5,
            picture: Picture::sample(),
            name: "Ines".to_owned(),
            about: "71, goes home today".to_owned(),
            background: "She lives alone.".to_owned(),
            role: "A nurse.".to_owned(),
            situation: "It is morning.".to_owned(),
            objective: "Say no.".to_owned(),
            content_note: "She cries.".to_owned(),
            varies: "Units differ.".to_owned(),
            crisis_line: "988".to_owned(),
        }
    }
}
