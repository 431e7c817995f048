//! One person of the staff, for an administrator: what she may do, whether she can come in, a new password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::people::{PersonLine, belongs};
use super::{forgotten, with_cookie};
use crate::accounts::changes::{self, Change, Changed, LinkWanted};
use crate::accounts::link::{Gives, LinkKind};
use crate::accounts::oversee;
use crate::accounts::staff::Administrator;
use crate::accounts::{StaffId, store};
use crate::app::App;
use crate::token::is_token;
use crate::web::form::{Form, Path, Problems, Query};
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/administration/people/{staff}", Who::Administrator, person),
        post("/administration/people/{staff}/rights", Who::Administrator, change),
        post("/administration/people/{staff}/reset", Who::Administrator, reset),
        post("/administration/people/{staff}/second-step", Who::Administrator, remove_second_step),
    ]
}

staff_page!(
    /// One person of the staff.
    PersonPage, "accounts/person.html", Here::Administration,
    person: PersonLine = PersonLine::sample(),
    administrator: bool = true,
    educator: bool = true,
    is_me: bool = true,
    must: bool = false,
    token: String = "t".to_owned(),
    link: Option<String> = Some("https://practice.hospital.example/reset/t".to_owned()),
    saved: String = String::new(),
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("rights", "Somebody has to run the installation");
        problems
    }
);

/// What is to be shown besides the person.
#[derive(Default)]
struct Besides {
    link: Option<String>,
    saved: Option<String>,
    problems: Problems,
}

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
}

async fn person(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<String>,
    Query(saved): Query<Saved>,
) -> Result<Response> {
    let besides = Besides { saved: saved.saved, ..Besides::default() };
    page(&app, &administrator, &id, besides).await
}

async fn page(app: &App, administrator: &Administrator, id: &str, besides: Besides) -> Result<Response> {
    let id = StaffId::read(id).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let person = store::person(&mut conn, &id).await?.ok_or(Error::NotFound)?;
    let cohorts = belongs(&mut conn).await?.remove(id.as_str()).unwrap_or_default();
    let second_step = store::second_step(&mut conn, &id).await?.is_some();
    let status = if besides.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = match besides.saved.as_deref() {
        Some("second-step") if !second_step => format!("The second step of {} is removed", person.name),
        Some(_) => "Saved".to_owned(),
        None => String::new(),
    };
    let page = PersonPage {
        frame: administrator.staff().frame(Here::Administration),
        administrator: person.administrator,
        educator: person.educator,
        is_me: id == *administrator.staff().id(),
        must: store::second_step_required(&mut conn).await?.is_some(),
        person: PersonLine::of(person, cohorts, second_step),
        token: app.clock.new_token(),
        link: besides.link,
        saved,
        problems: besides.problems,
    };
    show_as(status, &page)
}

/// Which button was pressed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    change: String,
}

fn read_change(text: &str) -> Option<Change> {
    match text {
        "administrator" => Some(Change::Administrator(true)),
        "no-administrator" => Some(Change::Administrator(false)),
        "educator" => Some(Change::Educator(true)),
        "no-educator" => Some(Change::Educator(false)),
        "disable" => Some(Change::Disabled(true)),
        "enable" => Some(Change::Disabled(false)),
        _ => None,
    }
}

async fn change(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<String>,
    Form(form): Form<ChangeForm>,
) -> Result<Response> {
    let change = read_change(&form.change).ok_or(Error::Invalid)?;
    let staff = StaffId::read(&id).ok_or(Error::NotFound)?;
    let is_me = staff == *administrator.staff().id();
    match changes::change(&app, administrator.staff(), &staff, change).await? {
        Changed::Nobody => Err(Error::NotFound),
        Changed::LastAdministrator => {
            let why = "Somebody has to run the installation. Make somebody else an administrator first";
            let mut problems = Problems::default();
            problems.add("rights", why);
            page(&app, &administrator, &id, Besides { problems, ..Besides::default() }).await
        }
        Changed::Done(_) if is_me && change == Change::Disabled(true) => Ok(forgotten(&app, "/")),
        Changed::Done(Some(session)) => {
            let on = match change {
                Change::Administrator(false) => "/account".to_owned(),
                _ => format!("/administration/people/{id}?saved=1"),
            };
            Ok(with_cookie(session.cookie(app.https(), false).to_string(), &on))
        }
        Changed::Done(None) => Ok(to(&format!("/administration/people/{id}?saved=1"))),
    }
}

/// What the form for a new password's link sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetForm {
    token: String,
}

async fn reset(
    State(app): State<App>,
    administrator: Administrator,
    origin: Origin,
    Path(id): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response> {
    let staff = StaffId::read(&id).ok_or(Error::NotFound)?;
    let found = store::person(&mut app.db.read().await?, &staff).await?.ok_or(Error::NotFound)?;
    if !is_token(&form.token) || found.disabled_at.is_some() {
        return Err(Error::Invalid);
    }
    let wanted = LinkWanted {
        kind: LinkKind::Reset,
        gives: Gives::default(),
        staff: Some(staff),
        note: String::new(),
        form_token: form.token,
    };
    let Some(token) = changes::make_link(&app, administrator.staff(), wanted).await? else {
        return Ok(to(&format!("/administration/people/{id}")));
    };
    let link = Some(origin.to(&format!("/reset/{token}")));
    page(&app, &administrator, &id, Besides { link, ..Besides::default() }).await
}

/// A form that sends nothing but which button was pressed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

/// Takes somebody's second step away. One's own is turned off on one's own page, with password and code.
async fn remove_second_step(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    let staff = StaffId::read(&id).ok_or(Error::NotFound)?;
    if staff == *administrator.staff().id() {
        return Ok(to("/account/second-step"));
    }
    if oversee::remove(&app, administrator.staff(), &staff).await? {
        Ok(to(&format!("/administration/people/{id}?saved=second-step")))
    } else {
        Err(Error::NotFound)
    }
}
