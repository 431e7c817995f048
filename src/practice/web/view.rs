//! What the pages of a conversation share: the bar on top, the scene, earlier turns.

use super::play::{Mode, Play};
use crate::practice::{Answer, Attempt, Step};
use crate::scenario::drawing::Picture;
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Place;
use crate::scenario::{Mood, Person, Reply, Scenario};

/// The bar over a turn.
#[derive(Clone, Debug)]
pub struct Bar {
    /// The scenario's title.
    pub title: String,
    /// The turn's number.
    pub number: u32,
    /// Where "Back" leads.
    pub back: String,
    /// What this page records.
    pub mode: Mode,
    /// Who can read it besides her, in a few words; empty where nobody can.
    pub readers: String,
    /// Where leaving leads.
    pub leave: String,
}

impl Bar {
    /// The bar over the question of a turn.
    #[must_use]
    pub fn of(play: &Play, number: u32) -> Self {
        let attempt = play.attempt();
        Self {
            title: attempt.policy.speak(&attempt.revision.scenario.title),
            number,
            back: play.back_from(number),
            mode: play.mode(),
            readers: play.readers(),
            leave: play.leave(),
        }
    }

    /// The bar as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            title: "A goodbye".to_owned(),
            number: 2,
            back: "/practice".to_owned(),
            mode: Mode::Assigned,
            readers: "Ruth Reyes and the other educators of Spring residency".to_owned(),
            leave: "/practice".to_owned(),
        }
    }
}

/// Someone who speaks, how they look, what is seen and what is said.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The drawing.
    pub picture: Picture,
    /// Who speaks.
    pub name: String,
    /// What the nurse sees or hears.
    pub does: String,
    /// The words, without quotation marks; empty where nothing is said.
    pub says: String,
    /// "her", "him" or "them".
    pub object: &'static str,
    /// "she takes", "he takes" or "they take".
    pub takes: &'static str,
}

impl Scene {
    /// The scene of a turn.
    #[must_use]
    pub fn of_turn(scenario: &Scenario, policy: &Policy, step: &Step<'_>) -> Self {
        let turn = step.turn;
        Self::new(scenario, policy, step.speaker(scenario), turn.mood, &turn.does, &turn.says)
    }

    /// The scene of what a reply does.
    #[must_use]
    pub fn of_reaction(scenario: &Scenario, policy: &Policy, step: &Step<'_>, reply: &Reply) -> Self {
        let reaction = &reply.reaction;
        let named = reaction.speaker.as_deref().map(|id| scenario.speaker(Some(id)));
        let speaker = named.unwrap_or_else(|| step.speaker(scenario));
        Self::new(scenario, policy, speaker, reaction.mood, &reaction.does, &reaction.says)
    }

    fn new(
        scenario: &Scenario,
        policy: &Policy,
        person: Option<&Person>,
        mood: Mood,
        does: &str,
        says: &str,
    ) -> Self {
        let pronoun = person.map(|person| person.pronoun).unwrap_or_default();
        Self {
            picture: Picture::on_stage(scenario, person, mood),
            name: person.map(|person| policy.speak(person.called())).unwrap_or_default(),
            does: policy.speak(does),
            says: policy.speak(says),
            object: pronoun.object(),
            takes: pronoun.takes(),
        }
    }

    /// A scene as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            picture: Picture::sample(),
            name: "Mrs. Marchetti".to_owned(),
            does: "She holds on to the bed rail.".to_owned(),
            says: "Perhaps I could call you sometime?".to_owned(),
            object: "her",
            takes: "she takes",
        }
    }
}

/// A turn that has been answered, folded away under a later one.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// The turn's number.
    pub number: u32,
    /// Who spoke.
    pub name: String,
    /// What was seen.
    pub does: String,
    /// What was said.
    pub says: String,
    /// What she chose.
    pub reply: String,
    /// Who reacted.
    pub answered_by: String,
    /// What was seen then.
    pub then_does: String,
    /// What was said then.
    pub then_says: String,
}

impl Earlier {
    /// The answered turns before this one.
    #[must_use]
    pub fn before(attempt: &Attempt, number: u32) -> Vec<Self> {
        let walk = attempt.replay();
        let answered = walk.answered().filter(|(step, _)| step.number < number);
        answered.map(|(step, answer)| Self::new(attempt, step, answer)).collect()
    }

    fn new(attempt: &Attempt, step: &Step<'_>, answer: Answer<'_>) -> Self {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let turn = Scene::of_turn(scenario, policy, step);
        let then = Scene::of_reaction(scenario, policy, step, answer.reply);
        Self {
            number: step.number,
            name: turn.name,
            does: turn.does,
            says: turn.says,
            reply: policy.speak(&answer.reply.text),
            answered_by: then.name,
            then_does: then.does,
            then_says: then.says,
        }
    }
}

/// A reply's place in the words of a heading: "keeps the line".
#[must_use]
pub fn place_in_words(place: Place, object: &str) -> String {
    match place {
        Place::TurnsAway => format!("turns away from {object}"),
        Place::Keeps => "keeps the line".to_owned(),
        Place::Blurs => "blurs the line".to_owned(),
        Place::Crosses => "crosses the line".to_owned(),
    }
}
