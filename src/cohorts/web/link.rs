//! A nurse's personal link: it opens the seat that was kept for her, once.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::Seen;
use super::come_in::{Way, came_in, entered, not_for_staff};
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::cohorts::enter::Comer;
use crate::cohorts::store;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/seats/{token}", Who::Anyone, open), post("/seats/{token}", Who::Anyone, take)]
}

/// What a personal link opens.
#[derive(Debug, Template)]
#[template(path = "cohorts/personal_link.html")]
pub struct PersonalLinkPage {
    frame: Frame,
    link: String,
    name: String,
    taken: bool,
    seen: Seen,
    token: String,
    shared: bool,
}

impl PersonalLinkPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::stranger(),
            link: "l".to_owned(),
            name: "Ana Okafor".to_owned(),
            taken: true,
            seen: Seen::sample(),
            token: "t".to_owned(),
            shared: true,
        }
    }
}

/// A personal link that opens nothing any more.
#[derive(Debug, Template)]
#[template(path = "cohorts/link_closed.html")]
pub struct LinkClosedPage {
    frame: Frame,
}

impl LinkClosedPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::stranger() }
    }
}

fn closed(visitor: &Visitor) -> Result<Response> {
    show_as(StatusCode::NOT_FOUND, &LinkClosedPage { frame: visitor.frame(Here::Elsewhere) })
}

async fn open(State(app): State<App>, visitor: Visitor, Path(link): Path<String>) -> Result<Response> {
    if visitor.staff.is_some() {
        return not_for_staff(&visitor);
    }
    let (seat, cohort) = {
        let mut conn = app.db.read().await?;
        let found = store::seat_by_link(&mut conn, &token_hash(&link)).await?;
        let now = app.clock.now();
        let living = found.filter(|(_, expires)| expires.is_some_and(|expires| expires > now));
        let Some((seat, _)) = living else { return closed(&visitor) };
        let cohort = store::cohort(&mut conn, &seat.cohort_id).await?;
        let Some(cohort) = cohort.filter(|cohort| cohort.archived_at.is_none()) else {
            return closed(&visitor);
        };
        (seat, cohort)
    };
    let hers = visitor.nurse.as_ref().is_some_and(|nurse| Some(nurse.id()) == seat.nurse_id.as_deref());
    show(&PersonalLinkPage {
        frame: visitor.frame(Here::Elsewhere),
        link,
        name: seat.name,
        taken: seat.nurse_id.is_some() && !hers,
        seen: Seen::of(&app, &cohort).await?,
        token: app.clock.new_token(),
        shared: visitor.is_shared(),
    })
}

/// What the form of a personal link sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TakeForm {
    token: String,
    own_device: Option<String>,
}

async fn take(
    State(app): State<App>,
    visitor: Visitor,
    Path(link): Path<String>,
    Form(form): Form<TakeForm>,
) -> Result<Response> {
    if visitor.staff.is_some() {
        return not_for_staff(&visitor);
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let (session, own_device) = (app.secrets.session_of_start(&form.token), form.own_device.is_some());
    let comer = Comer { nurse: visitor.nurse.clone(), session_hash: session.hash(), own_device };
    let entered = entered(&app, &comer, Way::Link { hash: token_hash(&link) }).await?;
    match came_in(&app, &session, own_device, &entered) {
        Some(response) => Ok(response),
        None if entered == crate::cohorts::enter::Entered::Closed => closed(&visitor),
        None => Ok(to(&format!("/seats/{link}"))),
    }
}
