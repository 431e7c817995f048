//! The forms that start practice: the prebrief's button, and the answer on the welcome page.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use super::conflict::conflict;
use super::replies::DROPPED;
use super::{find, preview, welcome};
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::practice::begin::Start;
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
struct StartForm {
    token: String,
    /// Only the welcome page asks for own words.
    own: Option<Text>,
    skip: Option<String>,
    own_device: Option<String>,
    /// "Keep it as it is": about which details it was asked.
    anyway: Option<String>,
    /// About which details its page had asked.
    asked: Option<String>,
}

async fn start(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Form(form): Form<StartForm>,
) -> Result<Response> {
    let revision = app.library.by_slug(&slug).ok_or(Error::NotFound)?;
    if visitor.staff.is_some() {
        // Nothing that the staff do counts: they look through a conversation instead.
        return Ok(to(&preview::beginning(&slug)));
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let dropped = form.skip.is_some() && form.own.as_ref().is_some_and(|typed| !typed.is_empty());
    let own = form.own.filter(|_| form.skip.is_none());
    let answer = Anyway::read(form.anyway.as_deref()).after(form.asked.as_deref());
    let kinds = match own.as_ref().map_or(Ok(None), |typed| welcome::asked(&app, typed, &answer)) {
        Ok(kinds) => kinds,
        Err(why) => {
            let page = own.as_ref().and_then(|typed| welcome::again(&app, visitor.is_known(), typed, why));
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page.ok_or(Error::Invalid)?);
        }
    };
    let session = Start::session(&app, &form.token);
    let mut start = Start::new(&app, visitor, revision, &form.token);
    start.own_device = form.own_device.is_some();
    start.opens = form.skip.is_some() || own.is_some();
    start.said = own.map(Text::into_string);
    start.anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
    let Some(started) = start.once().await? else { return Ok(to(&format!("/scenarios/{slug}"))) };
    let id = AttemptId::read(&started.attempt.id).ok_or(Error::NotFound)?;
    let dropped = dropped && started.page == Page::Replies(1);
    let there = to(&format!("{}{}", started.page.address(&id), if dropped { DROPPED } else { "" }));
    if let (true, Some(nurse), Some(said)) = (started.again, &start.visitor().nurse, &start.said) {
        // The same form again, with other words in it: they are put to the turn it started.
        let attempt = find(&app, nurse, id.as_str()).await?;
        return match record::open(&app, nurse, &attempt, 1, Some(said.clone()), start.anyway.clone()).await? {
            Outcome::Different => conflict(&app, nurse, id.as_str(), 1, said, Page::Replies(1)).await,
            _ => Ok(to(&Page::Replies(1).address(&id))),
        };
    }
    if !started.new_session {
        return Ok(there);
    }
    let cookie = session.cookie(app.https(), start.own_device).to_string();
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), there).into_response())
}
