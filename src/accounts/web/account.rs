//! One's own account: name, password, second step, and where one is signed in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::sessions::{self, SessionLine};
use super::sign_in::home;
use super::with_cookie;
use crate::accounts::credentials::{Password, read_name};
use crate::accounts::enter::{self, Confirmed};
use crate::accounts::own;
use crate::accounts::staff::Staff;
use crate::accounts::{Person, store};
use crate::app::App;
use crate::clock::day;
use crate::web::form::{Form, LocalPath, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/account", Who::Staff, account),
        post("/account/name", Who::Staff, rename),
        post("/account/password", Who::Staff, change_password),
    ]
}

staff_page!(
    /// One's own account.
    AccountPage, "accounts/account.html", Here::Account,
    name: String = "Ruth Reyes".to_owned(),
    email: String = "ruth@hospital.example".to_owned(),
    second_step: Option<String> = Some("March 2, 2026".to_owned()),
    codes_left: i64 = 9,
    must: bool = false,
    sessions: Vec<SessionLine> = SessionLine::samples(),
    saved: &'static str = "Your password is changed",
    way_on: Option<String> = Some("/cohorts".to_owned()),
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("present", "This is not your present password");
        problems
    }
);

/// Nothing was saved, and nobody has just come in.
const NOTHING: (&str, Option<String>) = ("", None);

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
    to: Option<String>,
}

async fn account(State(app): State<App>, staff: Staff, Query(saved): Query<Saved>) -> Result<Response> {
    let wanted = saved.to.as_deref().and_then(LocalPath::read);
    let way_on = wanted.as_ref().map_or_else(|| begins(&staff), LocalPath::as_str);
    let way_on = (saved.saved.as_deref() == Some("recovery-code")).then(|| way_on.to_owned());
    let saved = match saved.saved.as_deref() {
        Some("name") => "Your name is changed",
        Some("password") => "Your password is changed. You are signed out everywhere but here",
        Some("second-step") => "Your second step is turned off. You are signed out everywhere but here",
        Some("session") => "You are signed out there",
        Some("sessions") => "You are signed out everywhere but here",
        _ => "",
    };
    page(&app, &staff, None, (saved, way_on), (StatusCode::OK, Problems::default())).await
}

/// Where somebody begins who wanted to be nowhere else.
const fn begins(staff: &Staff) -> &'static str {
    home(staff.is_administrator(), staff.works_with_cohorts())
}

async fn page(
    app: &App,
    staff: &Staff,
    typed_name: Option<String>,
    (saved, way_on): (&'static str, Option<String>),
    (status, problems): (StatusCode, Problems),
) -> Result<Response> {
    let person = person(app, staff).await?;
    let mut conn = app.db.read().await?;
    let page = AccountPage {
        frame: staff.frame(Here::Account),
        name: typed_name.unwrap_or(person.name),
        email: person.email,
        second_step: store::second_step(&mut conn, staff.id()).await?.map(|step| day(step.since)),
        codes_left: store::recovery_codes_left(&mut conn, staff.id()).await?,
        must: store::second_step_required(&mut conn).await?.is_some(),
        sessions: sessions::lines(app, &mut conn, staff).await?,
        saved,
        way_on,
        problems,
    };
    show_as(status, &page)
}

async fn person(app: &App, staff: &Staff) -> Result<Person> {
    store::person(&mut app.db.read().await?, staff.id()).await?.ok_or(Error::NotFound)
}

/// What the name's form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameForm {
    #[serde(default)]
    name: Text,
}

async fn rename(State(app): State<App>, staff: Staff, Form(form): Form<NameForm>) -> Result<Response> {
    match read_name(form.name.as_str()) {
        Ok(name) => {
            own::rename(&app, &staff, name).await?;
            Ok(to("/account?saved=name"))
        }
        Err(why) => {
            let refused = one_problem("name", why);
            page(&app, &staff, Some(form.name.into_string()), NOTHING, refused).await
        }
    }
}

/// What a page says where the present password was not right; None where it was.
pub(super) async fn confirmed(
    app: &App,
    staff: &Staff,
    present: &Password,
) -> Result<Option<(StatusCode, Problems)>> {
    Ok(match enter::confirm(app, staff.id(), present).await? {
        Confirmed::Yes => None,
        Confirmed::No => Some(one_problem("present", "This is not your present password")),
        Confirmed::TooMany => {
            let why = "Too many passwords were tried. Wait a quarter of an hour, then try again";
            Some((StatusCode::TOO_MANY_REQUESTS, one_problem("present", why).1))
        }
        Confirmed::Busy => return Err(Error::Busy),
    })
}

/// The status and the problems of a form with one problem.
pub(super) fn one_problem(field: &'static str, why: &str) -> (StatusCode, Problems) {
    let mut problems = Problems::default();
    problems.add(field, why);
    (StatusCode::UNPROCESSABLE_ENTITY, problems)
}

/// What the password's form sends. The address stands there for password managers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PasswordForm {
    #[serde(default)]
    present: Password,
    #[serde(default)]
    password: Password,
    #[serde(default, rename = "username")]
    _username: String,
}

async fn change_password(
    State(app): State<App>,
    staff: Staff,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let person = person(&app, &staff).await?;
    let email = crate::accounts::credentials::Email::read(&person.email);
    if let Some(why) = form.password.refusal(email.as_ref()) {
        return page(&app, &staff, None, NOTHING, one_problem("password", why)).await;
    }
    if let Some(refused) = confirmed(&app, &staff, &form.present).await? {
        return page(&app, &staff, None, NOTHING, refused).await;
    }
    let hashing = app.secrets.hash_password(&form.password, &app.clock.new_token()).await;
    let changing = own::change_password(&app, &staff, hashing.map_err(|_| Error::Busy)?);
    match changing.await? {
        Some(session) => {
            Ok(with_cookie(session.cookie(app.https(), false).to_string(), "/account?saved=password"))
        }
        // This session has ended meanwhile; the page says so, or shows the account where this form was sent twice.
        None => Ok(to("/account")),
    }
}
