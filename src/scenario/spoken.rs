//! Where local words are spoken: which sentences of which scenarios say them, and which of them nobody has filled in.

use std::collections::BTreeMap;

use super::Scenario;
use super::check::{Authored, authored};
use super::policy::{self, SLOTS, Slot};
use super::reading::sentences;

/// A sentence that speaks a slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Spoken {
    /// The slot's name.
    pub slot: &'static str,
    /// The turn, ending or person it belongs to, by its title; as written.
    pub part: String,
    /// The sentence, as written.
    pub sentence: String,
}

/// Every sentence of a scenario that speaks a slot, in the order of the file; one that speaks two is there twice.
#[must_use]
pub fn places(scenario: &Scenario) -> Vec<Spoken> {
    let mut places = Vec::new();
    for text in authored(scenario).iter().filter(|text| text.words.contains('{')) {
        for sentence in sentences(text.words) {
            let speaks = |slot: &&Slot| policy::names(sentence).any(|name| name == slot.name);
            places.extend(SLOTS.iter().filter(speaks).map(|slot| Spoken {
                slot: slot.name,
                part: part(scenario, text),
                sentence: whole(sentence),
            }));
        }
    }
    places
}

/// What a text belongs to, in the words of the scenario.
fn part(scenario: &Scenario, text: &Authored<'_>) -> String {
    let mut names = text.path.split('/');
    let (kind, id) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let title = match kind {
        "turns" => scenario.turns.get(id).map(|turn| turn.title.as_str()),
        "endings" => scenario.endings.get(id).map(|ending| ending.title.as_str()),
        "people" => scenario.people.get(id).map(|person| person.name.as_str()),
        _ => None,
    };
    title.unwrap_or("Before the first turn").to_owned()
}

/// A sentence cut out of somebody’s speech gets back the quotation mark that stayed with its neighbor.
fn whole(sentence: &str) -> String {
    match sentence.matches('"').count() % 2 {
        0 => sentence.to_owned(),
        _ if sentence.ends_with('"') => format!("\"{sentence}"),
        _ => format!("{sentence}\""),
    }
}

/// Every slot that one of these scenarios speaks.
#[must_use]
pub fn spoken<'a>(scenarios: impl Iterator<Item = &'a Scenario>) -> Vec<&'static Slot> {
    let texts: Vec<Authored<'_>> = scenarios.flat_map(authored).collect();
    let speaks =
        |slot: &&Slot| texts.iter().any(|text| policy::names(text.words).any(|name| name == slot.name));
    SLOTS.iter().filter(speaks).collect()
}

/// What start-up says about slots that are spoken and that nobody has filled in; nothing where all are.
#[must_use]
pub fn reminder<'a>(
    scenarios: impl Iterator<Item = &'a Scenario>,
    filled: &BTreeMap<String, String>,
) -> Option<String> {
    let spoken = spoken(scenarios);
    let neutral = spoken.iter().map(|slot| slot.name).filter(|name| !filled.contains_key(*name));
    let neutral: Vec<&str> = neutral.collect();
    (!neutral.is_empty()).then(|| {
        format!(
            "Local words: {} of the {} slots that scenarios speak still have neutral words ({}). An administrator \
             can fill them in under Administration, Local words.",
            neutral.len(),
            spoken.len(),
            neutral.join(", ")
        )
    })
}
