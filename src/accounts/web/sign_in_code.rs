//! The second step of signing in: the code from the phone, or a recovery code.

use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;

use super::second_step::NO;
use super::sign_in::let_in;
use super::with_cookie;
use crate::accounts::device::Device;
use crate::accounts::nurse::{Caller, Visitor};
use crate::accounts::second::{self, Second};
use crate::accounts::second_step::Typed;
use crate::app::App;
use crate::web::cookies::HalfToken;
use crate::web::form::{Form, LocalPath, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/sign-in/code", Who::Anyone, code), post("/sign-in/code", Who::Anyone, enter)]
}

/// The page that asks for a code, and then leads on.
pub(super) fn code_page(wanted: Option<&LocalPath>) -> String {
    wanted.map_or_else(
        || "/sign-in/code".to_owned(),
        |wanted| format!("/sign-in/code?to={}", wanted.in_a_query()),
    )
}

/// What a browser holds between password and code, where it is there.
struct Half(Option<HalfToken>);

impl FromRequestParts<App> for Half {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Ok(Self(HalfToken::from_headers(&parts.headers, app.https())))
    }
}

plain_page!(
    /// The second step of signing in.
    SignInCodePage, "accounts/sign_in_code.html",
    to: Option<LocalPath> = LocalPath::read("/cohorts"),
    recovery: bool = false,
    other: String = "/sign-in/code?recovery=1".to_owned(),
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("code", "Type the six digits");
        problems
    }
);

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Wanted {
    to: Option<String>,
    recovery: Option<String>,
}

async fn code(
    State(app): State<App>,
    visitor: Visitor,
    Half(half): Half,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let there = match half {
        Some(half) => second::half_in(&app, &half).await?.is_some(),
        None => false,
    };
    if !there {
        return Ok(begin_again(&app));
    }
    let to = wanted.to.as_deref().and_then(LocalPath::read);
    page(&visitor, to, wanted.recovery.is_some(), StatusCode::OK, Problems::default())
}

/// Back to the password.
fn begin_again(app: &App) -> Response {
    with_cookie(HalfToken::gone(app.https()).to_string(), "/sign-in?again=1")
}

fn page(
    visitor: &Visitor,
    to: Option<LocalPath>,
    recovery: bool,
    status: StatusCode,
    problems: Problems,
) -> Result<Response> {
    let mut other = code_page(to.as_ref());
    if !recovery {
        other.push_str(if to.is_some() { "&recovery=1" } else { "?recovery=1" });
    }
    let frame = visitor.frame(Here::Elsewhere);
    show_as(status, &SignInCodePage { frame, to, recovery, other, problems })
}

/// What the form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeForm {
    #[serde(default)]
    code: Text,
    #[serde(default)]
    to: String,
    recovery: Option<String>,
}

async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    device: Device,
    Half(half): Half,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let Some(half) = half else { return Ok(begin_again(&app)) };
    let recovery = form.recovery.is_some();
    let (status, why) = match Typed::read(form.code.as_str()) {
        None => (StatusCode::UNPROCESSABLE_ENTITY, how(recovery)),
        Some(typed) => {
            match second::enter(&app, &visitor, (&address, &device), &half, typed.clone()).await? {
                Second::Yes(arrived) => {
                    let wanted = LocalPath::read(&form.to);
                    let to = if typed.is_recovery() { codes_left(wanted.as_ref()) } else { form.to };
                    return Ok(let_in(&app, &arrived, &to));
                }
                Second::Gone => return Ok(begin_again(&app)),
                Second::No => (StatusCode::UNPROCESSABLE_ENTITY, no(recovery)),
                Second::TooMany => (
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many codes were tried. Wait a quarter of an hour, then sign in again. An administrator can \
                 remove your second step",
                ),
            }
        }
    };
    let mut problems = Problems::default();
    problems.add("code", why);
    page(&visitor, LocalPath::read(&form.to), recovery, status, problems)
}

/// Where somebody lands who came in with a recovery code: her account says how many are left, and leads on from there.
fn codes_left(wanted: Option<&LocalPath>) -> String {
    let told = "/account?saved=recovery-code";
    wanted.map_or_else(|| told.to_owned(), |wanted| format!("{told}&to={}", wanted.in_a_query()))
}

const fn how(recovery: bool) -> &'static str {
    if recovery {
        "Type one of your recovery codes: sixteen letters and digits"
    } else {
        "Type the six digits that the app on your phone shows"
    }
}

const fn no(recovery: bool) -> &'static str {
    if recovery { "That code doesn’t fit, or was used before. Try the next one on your list" } else { NO }
}
