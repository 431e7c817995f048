//! The staff look through a conversation with the nurses' own pages. Nothing here is recorded or counted.

use axum::extract::State;
use axum::response::Response;

use super::explore::{Follow, show_reaction, show_replies};
use super::play::{Play, Trail, preview_address};
use crate::accounts::staff::Staff;
use crate::app::App;
use crate::practice::Attempt;
use crate::web::form::{Path, Query};
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Result};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/scenarios/{slug}/preview/{trail}", Who::Staff, reaction),
        get("/scenarios/{slug}/preview/{trail}/replies", Who::Staff, replies),
    ]
}

/// Where looking through a conversation begins.
#[must_use]
pub fn beginning(slug: &str) -> String {
    format!("{}/replies", preview_address(slug, &Trail::default()))
}

/// The conversation that is in the catalogue now, along this trail.
fn along(app: &App, slug: &str, trail: &Trail) -> Result<Play> {
    let revision = app.library.by_slug(slug).ok_or(Error::NotFound)?;
    let (version, policy) = app.library.policy_in_force();
    let nobodys = Attempt::nobodys(revision, version, policy);
    Play::preview(&nobodys, trail.clone()).ok_or(Error::NotFound)
}

async fn reaction(
    State(app): State<App>,
    _staff: Staff,
    Path((slug, trail)): Path<(String, String)>,
) -> Result<Response> {
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    show_reaction(&along(&app, &slug, &trail)?)
}

async fn replies(
    State(app): State<App>,
    _staff: Staff,
    Path((slug, trail)): Path<(String, String)>,
    Query(follow): Query<Follow>,
) -> Result<Response> {
    let trail = Trail::read(&trail).ok_or(Error::NotFound)?;
    show_replies(&along(&app, &slug, &trail)?, &trail, &follow)
}
