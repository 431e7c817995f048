//! What is set for a nurse: by whom, for when, and how far she is.

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::clock::{date, day};
use crate::cohorts::Given;
use crate::cohorts::store::assigned_to;
use crate::practice::Attempt;
use crate::scenario::drawing::Picture;
use crate::web::Result;

/// One conversation that is set for her.
#[derive(Clone, Debug)]
pub struct SetForHer {
    /// The scenario's slug.
    pub slug: String,
    /// Its page.
    pub address: String,
    /// The patient.
    pub picture: Picture,
    /// The conversation.
    pub title: String,
    /// The patient's first line; may be empty.
    pub line: String,
    /// "Set by Ruth Reyes, for Friday, March 6".
    pub by: String,
    /// What the educator wrote about it; may be empty.
    pub note: String,
    /// The group it comes from.
    pub group: String,
    /// How long it takes, about.
    pub minutes: u8,
    /// How far she is: "Not begun", "Begun", "Done on March 3, 2026".
    pub state: String,
}

impl SetForHer {
    /// One as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            slug: "a-goodbye".to_owned(),
            address: "/assignments/a".to_owned(),
            picture: Picture::sample(),
            title: "A goodbye".to_owned(),
            line: "Could I call you?".to_owned(),
            by: "Set by Ruth Reyes, for Friday, March 6".to_owned(),
            note: "Before we meet.".to_owned(),
            group: "Spring residency".to_owned(),
            minutes: 5,
            state: "Not begun".to_owned(),
        }
    }
}

/// By whom something is set, and for when: "Set by Ruth Reyes, for Friday, March 6".
#[must_use]
pub fn set_by(given: &Given, today: jiff::civil::Date) -> String {
    let due = given.assignment.due_in_words(today).map(|due| format!(", {due}")).unwrap_or_default();
    if given.set_by.is_empty() {
        format!("Set for {}{due}", given.cohort_name)
    } else {
        format!("Set by {}{due}", given.set_by)
    }
}

/// How far she is with one piece of work; `attempts` are hers, newest first.
#[must_use]
pub fn state(given: &Given, attempts: &[Attempt]) -> String {
    let at_it = || attempts.iter().filter(|attempt| is_at(attempt, given));
    let ended = |attempt: &Attempt| {
        let walk = attempt.replay();
        walk.ending?;
        walk.answered().last().map(|(_, answer)| answer.response.answered_at)
    };
    match at_it().find_map(ended) {
        Some(at) => format!("Done on {}", day(at)),
        None if at_it().next().is_some() => "Begun".to_owned(),
        None => "Not begun".to_owned(),
    }
}

/// Whether an attempt belongs to this piece of work.
#[must_use]
pub fn is_at(attempt: &Attempt, given: &Given) -> bool {
    attempt.assigned.as_ref().is_some_and(|assigned| assigned.assignment == given.assignment.id)
}

/// What is set for her and can be begun, the soonest due first. `attempts` are hers, newest first.
pub async fn set_for_her(app: &App, nurse: &Nurse, attempts: &[Attempt]) -> Result<Vec<SetForHer>> {
    let mut conn = app.db.read().await?;
    let given = assigned_to(&mut conn, nurse.id()).await?;
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let (policy, today) = (app.library.policy(), date(app.clock.now()));
    let set = given.iter().filter(|given| given.can_begin()).filter_map(|given| {
        let revision = app.library.by_slug(&given.assignment.slug)?;
        let scenario = &revision.scenario;
        Some(SetForHer {
            slug: scenario.slug.clone(),
            address: format!("/assignments/{}", given.assignment.id.as_str()),
            picture: Picture::in_list(scenario),
            title: policy.speak(&scenario.title),
            line: policy.speak(scenario.first_line()),
            by: set_by(given, today),
            note: given.assignment.note.clone(),
            group: given.cohort_name.clone(),
            minutes: scenario.minutes,
            state: state(given, attempts),
        })
    });
    Ok(set.collect())
}
