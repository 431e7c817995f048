//! Paths not taken: after the end, any reply can be followed. Nothing here is recorded.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::play::{Play, Trail};
use super::reaction::ReactionPage;
use super::replies::{RepliesPage, chosen};
use super::{allow, find};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::Page;
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

/// Her attempt along this trail, once it has ended: before that, paths not taken would give away what a reply does.
async fn along(app: &App, nurse: &Nurse, id: &str, trail: &Trail) -> Result<Play> {
    let attempt = find(app, nurse, id).await?;
    allow(&attempt, Page::LookingBack)?;
    Play::exploring(&attempt, trail.clone()).ok_or(Error::NotFound)
}

/// What the last reply of a way does.
pub(super) fn show_reaction(play: &Play) -> Result<Response> {
    let walk = play.attempt().replay();
    let (step, _) = walk.answered().next_back().ok_or(Error::NotFound)?;
    show(&ReactionPage::new(play, step, None)?)
}

/// The replies at the end of a way, or on to what the one that was chosen does.
pub(super) fn show_replies(play: &Play, trail: &Trail, follow: &Follow) -> Result<Response> {
    let walk = play.attempt().replay();
    let step = walk.steps.last().filter(|step| step.answer.is_none()).ok_or(Error::NotFound)?;
    if let Some(reply) = chosen(step, follow.reply.as_deref()) {
        let on = trail.and(step.turn, &reply.id).ok_or(Error::NotFound)?;
        return Ok(to(&play.along(&on)));
    }
    let problem = follow.reply.as_ref().map(|_| "Choose a reply to follow");
    show(&RepliesPage::new(play, step, None, problem))
}

async fn reaction(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, trail)): Path<(String, String)>,
) -> Result<Response> {
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    show_reaction(&along(&app, &nurse, &id, &trail).await?)
}

/// Which reply to follow.
#[derive(Debug, Deserialize)]
pub(super) struct Follow {
    reply: Option<String>,
}

async fn replies(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, trail)): Path<(String, String)>,
    Query(follow): Query<Follow>,
) -> Result<Response> {
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    let play = along(&app, &nurse, &id, &trail).await?;
    show_replies(&play, &trail, &follow)
}
