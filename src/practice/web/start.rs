//! The forms that start practice: the prebrief's button, and the answer on the welcome page.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use super::conflict::conflict;
use super::later::{LaterPage, later};
use super::replies::DROPPED;
use super::welcome::{self, Why};
use super::{find, preview};
use crate::accounts::nurse::{Caller, Visitor};
use crate::app::App;
use crate::practice::begin::{Begun, Start, Started};
use crate::practice::guard::Anyway;
use crate::practice::record::{self, Outcome};
use crate::practice::store::SentAnyway;
use crate::practice::{AttemptId, Page};
use crate::token::is_token;
use crate::web::form::{Form, Path, Text};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/scenarios/{slug}/attempts", Who::Anyone, open),
        post("/scenarios/{slug}/attempts", Who::Anyone, start),
    ]
}

/// The page before the first turn: a browser opens this address where it was left on a page with a problem.
async fn open(State(app): State<App>, Path(slug): Path<String>) -> Result<Response> {
    let revision = app.library.by_slug(&slug).ok_or(Error::NotFound)?;
    Ok(to(&format!("/scenarios/{}", revision.scenario.slug)))
}

/// What the prebrief's form and the welcome page's form send.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StartForm {
    pub(super) token: String,
    /// Only the welcome page asks for own words.
    pub(super) own: Option<Text>,
    skip: Option<String>,
    pub(super) own_device: Option<String>,
    /// "Keep it as it is": about which details it was asked.
    pub(super) anyway: Option<String>,
    /// About which details its page had asked.
    pub(super) asked: Option<String>,
}

async fn start(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Path(slug): Path<String>,
    Form(form): Form<StartForm>,
) -> Result<Response> {
    begin(&app, &visitor, &address, &slug, form).await
}

async fn begin(app: &App, visitor: &Visitor, address: &str, slug: &str, form: StartForm) -> Result<Response> {
    let revision = app.library.by_slug(slug).ok_or(Error::NotFound)?;
    if visitor.staff.is_some() {
        // Nothing that the staff do counts: they look through a conversation instead. What was typed before they
        // signed in is a nurse's.
        let said = form.own.as_ref().is_some_and(|own| !own.is_empty());
        return if said { Err(Error::ForNurses) } else { Ok(to(&preview::beginning(slug))) };
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let answer = Anyway::read(form.anyway.as_deref()).after(form.asked.as_deref());
    let said = form.own.as_ref().filter(|_| form.skip.is_none());
    let again = |typed: &Text, why: Why| {
        let page = welcome::again(app, visitor.is_known(), typed, why);
        show_as(StatusCode::UNPROCESSABLE_ENTITY, &page.ok_or(Error::Invalid)?)
    };
    let kinds = match said.map_or(Ok(None), |typed| welcome::asked(app, typed, &answer)) {
        Ok(kinds) => kinds,
        Err(why) => return again(said.ok_or(Error::Invalid)?, why),
    };
    let mut start = Start::new(app, visitor.clone(), revision, &form.token);
    start.place = Some(app.secrets.bucket(&format!("begin {address}")));
    start.own_device = form.own_device.is_some();
    start.opens = form.skip.is_some() || said.is_some();
    start.said = said.map(|said| said.as_str().to_owned());
    start.anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
    match (start.once().await?, said) {
        (Begun::Yes(started), _) => went(app, &start, &started, &form).await,
        (Begun::Later(from), _) => later(&LaterPage::new(slug, form, from, app.clock.now())),
        (Begun::Not, Some(typed)) => again(typed, Why::Problem(USED.to_owned())),
        (Begun::Not, None) => Ok(to(&format!("/scenarios/{slug}"))),
    }
}

/// Said where the form on the welcome page has begun somebody else's practice before.
const USED: &str = "This page was used before. Everything you typed is still here: send it again";

/// The way on for whoever has started, with her session's cookie where this form made it.
async fn went(app: &App, start: &Start, started: &Started, form: &StartForm) -> Result<Response> {
    let id = AttemptId::read(&started.attempt.id).ok_or(Error::NotFound)?;
    let typed = form.own.as_ref().is_some_and(|typed| !typed.is_empty());
    let dropped = form.skip.is_some() && typed && started.page == Page::Replies(1);
    let there = to(&format!("{}{}", started.page.address(&id), if dropped { DROPPED } else { "" }));
    if let (true, Some(nurse), Some(said)) = (started.again, &start.visitor().nurse, &start.said) {
        // The same form again, with other words in it: they are put to the turn it started.
        let attempt = find(app, nurse, id.as_str()).await?;
        return match record::open(app, nurse, &attempt, 1, Some(said.clone()), start.anyway.clone()).await? {
            Outcome::Different => conflict(app, nurse, id.as_str(), 1, said, Page::Replies(1)).await,
            _ => Ok(to(&Page::Replies(1).address(&id))),
        };
    }
    if !started.new_session {
        return Ok(there);
    }
    let session = Start::session(app, &form.token);
    let cookie = session.cookie(app.https(), start.own_device).to_string();
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), there).into_response())
}
