//! Joining a group whose code is open: reading who will see what, giving a name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::come_in::{Way, came_in, entered, joined, not_for_staff};
use super::type_code::{Opens, Typed, look_up, type_again};
use super::{Seen, about_name};
use crate::accounts::nurse::{Caller, Visitor};
use crate::app::App;
use crate::cohorts::code::JoinCode;
use crate::cohorts::enter::Comer;
use crate::cohorts::{Cohort, name, store};
use crate::token::is_token;
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/join/{code}", Who::Anyone, group), post("/join/{code}", Who::Anyone, join)]
}

/// Who will see what in this group, and the name to join under.
#[derive(Debug, Template)]
#[template(path = "cohorts/join_group.html")]
pub struct JoinGroupPage {
    frame: Frame,
    code: String,
    seen: Seen,
    token: String,
    shared: bool,
    name: String,
    own_device: bool,
    problems: Problems,
}

impl JoinGroupPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("name", "Type your name");
        Self {
            frame: Frame::stranger(),
            code: "K7M2QD".to_owned(),
            seen: Seen::sample(),
            token: "t".to_owned(),
            shared: true,
            name: "Ana".to_owned(),
            own_device: true,
            problems,
        }
    }

    async fn of(app: &App, visitor: &Visitor, cohort: &Cohort, code: String) -> Result<Self> {
        Ok(Self {
            frame: visitor.frame(Here::Elsewhere),
            code,
            seen: Seen::of(app, cohort).await?,
            token: app.clock.new_token(),
            shared: visitor.is_shared(),
            name: String::new(),
            own_device: false,
            problems: Problems::default(),
        })
    }
}

async fn group(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Path(code): Path<String>,
) -> Result<Response> {
    if visitor.staff.is_some() {
        return not_for_staff(&visitor);
    }
    match look_up(&app, &code, &address).await? {
        Opens::Cohort(cohort) => offer(&app, &visitor, &cohort, code, Typed::default()).await,
        opens => type_again(&visitor, (&code, Typed::default()), &opens, StatusCode::NOT_FOUND),
    }
}

/// The page of a group that can be joined, with what was typed before; to whoever is in it, that she is.
pub(super) async fn offer(
    app: &App,
    visitor: &Visitor,
    cohort: &Cohort,
    code: String,
    typed: Typed,
) -> Result<Response> {
    if visitor.staff.is_some() {
        return not_for_staff(visitor);
    }
    if let Some(nurse) = &visitor.nurse {
        let seat = store::seat_of_nurse(&mut app.db.read().await?, &cohort.id, nurse.id()).await?;
        if let Some(seat) = seat.filter(|seat| seat.left_at.is_none()) {
            return Ok(to(&joined(&seat.id, true)));
        }
    }
    let page = JoinGroupPage::of(app, visitor, cohort, code).await?;
    show(&JoinGroupPage { name: typed.name, own_device: typed.own_device, ..page })
}

/// What the join form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JoinForm {
    token: String,
    #[serde(default)]
    name: Text,
    own_device: Option<String>,
}

async fn join(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Path(code): Path<String>,
    Form(form): Form<JoinForm>,
) -> Result<Response> {
    if visitor.staff.is_some() {
        return not_for_staff(&visitor);
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let own_device = form.own_device.is_some();
    let (cohort, read) = match (look_up(&app, &code, &address).await?, JoinCode::read(&code)) {
        (Opens::Cohort(cohort), Ok(read)) => (cohort, read),
        (opens, _) => {
            let typed = Typed::of(&form.name, own_device);
            return type_again(&visitor, (&code, typed), &opens, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let name = match name::name(form.name.as_str()) {
        Ok(name) => name,
        Err(why) => {
            let mut page = JoinGroupPage::of(&app, &visitor, &cohort, code).await?;
            page.problems.add("name", about_name(why, "Type your name, as your educator knows you"));
            (page.name, page.own_device, page.token) = (form.name.into_string(), own_device, form.token);
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let session = app.secrets.session_of_start(&form.token);
    let comer = Comer { nurse: visitor.nurse.clone(), session_hash: session.hash(), own_device };
    let hash = app.secrets.join_code_hash(&read);
    let entered = entered(&app, &comer, Way::Code { hash, name }).await?;
    match came_in(&app, &session, own_device, &entered) {
        Some(response) => Ok(response),
        None => Ok(to(&format!("/join/{code}"))),
    }
}
