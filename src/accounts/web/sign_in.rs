//! Signing in with an e-mail address and a password, and going on to where one wanted to be.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::sign_in_code::code_page;
use super::{with_cookie, with_cookies};
use crate::accounts::credentials::{Email, Password};
use crate::accounts::device::Device;
use crate::accounts::enter::{self, Arrived, SignIn};
use crate::accounts::nurse::{Caller, Visitor};
use crate::app::App;
use crate::web::cookies::HalfToken;
use crate::web::form::{Form, LocalPath, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/sign-in", Who::Anyone, sign_in), post("/sign-in", Who::Anyone, enter)]
}

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Wanted {
    to: Option<String>,
    new_password: Option<String>,
    again: Option<String>,
}

plain_page!(
    /// Signing in.
    SignInPage, "accounts/sign_in.html",
    to: Option<LocalPath> = LocalPath::read("/cohorts"),
    email: String = "ruth@hospital.example".to_owned(),
    has_new_password: bool = true,
    took_too_long: bool = true,
    has_unkept_practice: bool = true,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("email", "That address and that password don’t open an account here");
        problems
    }
);
async fn sign_in(visitor: Visitor, Query(wanted): Query<Wanted>) -> Result<Response> {
    let wished = wanted.to.as_deref().and_then(LocalPath::read);
    if let Some(staff) = &visitor.staff {
        let home = home(staff.is_administrator(), staff.works_with_cohorts());
        return Ok(to(wished.as_ref().map_or(home, LocalPath::as_str)));
    }
    let page = SignInPage {
        frame: visitor.frame(Here::Elsewhere),
        to: wished,
        email: String::new(),
        has_new_password: wanted.new_password.is_some(),
        took_too_long: wanted.again.is_some(),
        has_unkept_practice: visitor.has_unkept_practice(),
        problems: Problems::default(),
    };
    show_as(StatusCode::OK, &page)
}

/// Where somebody of the staff begins.
#[must_use]
pub const fn home(administrator: bool, cohorts: bool) -> &'static str {
    match (cohorts, administrator) {
        (true, _) => "/cohorts",
        (false, true) => "/administration",
        (false, false) => "/account",
    }
}

/// What the form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInForm {
    #[serde(default)]
    email: Text,
    #[serde(default)]
    password: Password,
    #[serde(default)]
    to: String,
}

async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    device: Device,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let email = Email::read(form.email.as_str());
    let Some(email) = email.filter(|_| !form.password.is_empty()) else {
        let (field, why) = if Email::read(form.email.as_str()).is_none() {
            ("email", "Type your e-mail address, like this: ruth@hospital.example")
        } else {
            ("password", "Type your password")
        };
        return refuse(&visitor, &form, StatusCode::UNPROCESSABLE_ENTITY, field, why);
    };
    let (status, why) = match enter::sign_in(&app, &visitor, (&address, &device), &email, &form.password)
        .await?
    {
        SignIn::Yes(arrived) => return Ok(let_in(&app, &arrived, &form.to)),
        SignIn::Half(half) => {
            let address = code_page(LocalPath::read(&form.to).as_ref());
            return Ok(with_cookie(half.cookie(app.https()).to_string(), &address));
        }
        SignIn::No => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "That address and that password don’t open an account here. Check both; capitals matter in the password",
        ),
        SignIn::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many passwords were tried. Wait a quarter of an hour, then try again. An administrator can make you \
             a link for a new password",
        ),
        SignIn::Busy => (
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many people are signing in right now. Try again in a moment",
        ),
    };
    refuse(&visitor, &form, status, "email", why)
}

/// Lets somebody in who has given all that was asked for: on to where she wanted to be.
pub(super) fn let_in(app: &App, arrived: &Arrived, to: &str) -> Response {
    let person = &arrived.person;
    let home = home(person.administrator, person.educator || arrived.in_a_cohort);
    let wanted = LocalPath::read(to);
    let cookies = [
        arrived.session.cookie(app.https(), false).to_string(),
        arrived.device.cookie(app.https()).to_string(),
        HalfToken::gone(app.https()).to_string(),
    ];
    with_cookies(cookies, wanted.as_ref().map_or(home, LocalPath::as_str))
}

fn refuse(
    visitor: &Visitor,
    form: &SignInForm,
    status: StatusCode,
    field: &'static str,
    why: &str,
) -> Result<Response> {
    let mut problems = Problems::default();
    problems.add(field, why);
    let page = SignInPage {
        frame: visitor.frame(Here::Elsewhere),
        to: LocalPath::read(&form.to),
        email: form.email.as_str().chars().take(300).collect(),
        has_new_password: false,
        took_too_long: false,
        has_unkept_practice: visitor.has_unkept_practice(),
        problems,
    };
    show_as(status, &page)
}
