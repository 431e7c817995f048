//! Paths not taken: after the end, any reply can be followed. Nothing here is recorded.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::reaction::{Feedback, ReactionPage};
use super::turns::{Choice, RepliesPage};
use super::view::{Bar, Mode, Scene};
use super::{allow, find};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::{Attempt, Page, Response as Recorded, Walk, replay};
use crate::scenario::Scenario;
use crate::web::form::{Path, Query};
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}/explore/{trail}", Who::Nurse, reaction),
        get("/attempts/{id}/explore/{trail}/replies", Who::Nurse, replies),
    ]
}

/// A way through a scenario: the replies' positions in the author's order, from 0, joined by hyphens.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trail(Vec<usize>);

impl Trail {
    /// The way she went up to (not including) this turn, and then this reply.
    #[must_use]
    pub fn branching(walk: &Walk<'_>, number: u32, reply_id: &str) -> Option<Self> {
        let mut trail = Vec::new();
        for step in &walk.steps {
            let id = if step.number == number { reply_id } else { &step.answer?.reply.id };
            trail.push(step.turn.replies.iter().position(|reply| reply.id == id)?);
            if step.number == number {
                return Some(Self(trail));
            }
        }
        None
    }

    fn read(text: &str) -> Option<Self> {
        if text.len() > 200 {
            return None;
        }
        text.split('-').map(|part| part.parse().ok()).collect::<Option<Vec<_>>>().map(Self)
    }

    fn and(&self, position: usize) -> Self {
        Self(self.0.iter().copied().chain([position]).collect())
    }

    fn without_last(&self) -> Self {
        Self(self.0.iter().copied().take(self.0.len().saturating_sub(1)).collect())
    }

    /// The address of what the last reply of this way does.
    #[must_use]
    pub fn address(&self, attempt: &Attempt) -> String {
        let positions: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        format!("/attempts/{}/explore/{}", attempt.id.as_str(), positions.join("-"))
    }

    /// The records that walking this way would make. None where there is no such way.
    fn walked(&self, scenario: &Scenario) -> Option<BTreeMap<u32, Recorded>> {
        let mut responses = BTreeMap::new();
        let mut turn_id = scenario.start.clone();
        for (position, number) in self.0.iter().zip(1_u32..) {
            let reply = scenario.turns.get(&turn_id)?.replies.get(*position)?;
            let (reply_id, next) = (reply.id.clone(), reply.next.clone());
            responses.insert(number, Recorded { turn_id, reply_id, sureness: None, answered_at: 0 });
            turn_id = next;
        }
        Some(responses)
    }
}

/// The attempt, once it has ended: before that, paths not taken would give away what a reply does.
async fn ended(app: &App, nurse: &Nurse, id: &str) -> Result<Attempt> {
    let attempt = find(app, nurse, id).await?;
    allow(&attempt, Page::LookingBack)?;
    Ok(attempt)
}

fn bar(attempt: &Attempt, number: u32, back: String) -> Bar {
    let leave = Page::LookingBack.address(&attempt.id);
    Bar { mode: Mode::Exploring, back, leave, ..Bar::of(attempt, number) }
}

async fn reaction(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, trail)): Path<(String, String)>,
) -> Result<Response> {
    let attempt = ended(&app, &nurse, &id).await?;
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    let scenario = &attempt.revision.scenario;
    let responses = trail.walked(scenario).ok_or(Error::NotFound)?;
    let nothing = BTreeMap::new();
    let walk = replay(scenario, &nothing, &responses);
    let (step, answer) = walk.answered().next_back().ok_or(Error::NotFound)?;
    let looking_back = Page::LookingBack.address(&attempt.id);
    let back = if trail.0.len() > 1 {
        format!("{}/replies", trail.without_last().address(&attempt))
    } else {
        looking_back.clone()
    };
    let (go_on, go_on_words) = match walk.ending {
        Some(_) => (looking_back, "Back to looking back"),
        None => (format!("{}/replies", trail.address(&attempt)), "Go on"),
    };
    show(&ReactionPage {
        bar: bar(&attempt, step.number, back),
        feedback: Feedback::new(scenario, &attempt.policy, step, answer.reply),
        earlier: Vec::new(),
        own_words: None,
        places: Vec::new(),
        action: String::new(),
        go_on,
        go_on_words,
        problem: None,
    })
}

/// Which reply to follow.
#[derive(Debug, Deserialize)]
struct Follow {
    reply: Option<String>,
}

async fn replies(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, trail)): Path<(String, String)>,
    Query(follow): Query<Follow>,
) -> Result<Response> {
    let attempt = ended(&app, &nurse, &id).await?;
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    let scenario = &attempt.revision.scenario;
    let responses = trail.walked(scenario).ok_or(Error::NotFound)?;
    let nothing = BTreeMap::new();
    let walk = replay(scenario, &nothing, &responses);
    let step = walk.steps.last().filter(|step| step.answer.is_none()).ok_or(Error::NotFound)?;
    let position = follow.reply.as_deref().and_then(|value| value.parse::<usize>().ok()?.checked_sub(1));
    if let Some(position) = position.filter(|position| *position < step.turn.replies.len()) {
        return Ok(to(&trail.and(position).address(&attempt)));
    }
    let choices = step.turn.replies.iter().zip(1..).map(|(reply, position)| Choice {
        position,
        text: attempt.policy.speak(&reply.text),
        chosen: false,
    });
    let mut choices: Vec<Choice> = choices.collect();
    choices.sort_by(|a, b| a.text.cmp(&b.text));
    show(&RepliesPage {
        bar: bar(&attempt, step.number, trail.address(&attempt)),
        scene: Scene::of_turn(scenario, &attempt.policy, step),
        earlier: Vec::new(),
        own_words: None,
        choices,
        sureness: Vec::new(),
        action: format!("{}/replies", trail.address(&attempt)),
        problem: follow.reply.map(|_| "Choose a reply to follow"),
        go_on: None,
    })
}
