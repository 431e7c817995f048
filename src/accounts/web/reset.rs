//! A new password, with a link that an administrator made.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::closed_link::closed;
use crate::accounts::admit;
use crate::accounts::credentials::{Email, Password};
use crate::accounts::link::LinkKind;
use crate::accounts::nurse::Visitor;
use crate::accounts::store;
use crate::app::App;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path, Problems};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/reset/{token}", Who::Anyone, reset), post("/reset/{token}", Who::Anyone, set)]
}

plain_page!(
    /// Choosing a new password.
    ResetPage, "accounts/reset.html",
    token: String = "t".to_owned(),
    email: String = "ruth@hospital.example".to_owned(),
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("password", "Use at least 12 characters");
        problems
    }
);
async fn reset(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    match whose(&app, &token).await? {
        Some(email) => page(&visitor, token, email, Problems::default()),
        None => closed(&visitor, LinkKind::Reset),
    }
}

fn page(visitor: &Visitor, token: String, email: String, problems: Problems) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    show_as(status, &ResetPage { frame: visitor.frame(Here::Elsewhere), token, email, problems })
}

/// The address of the account that a link opens.
async fn whose(app: &App, token: &str) -> Result<Option<String>> {
    if !is_token(token) {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let link = store::open_link(&mut conn, LinkKind::Reset, &token_hash(token), app.clock.now()).await?;
    let Some(staff) = link.and_then(|link| link.staff) else { return Ok(None) };
    Ok(store::person(&mut conn, &staff).await?.map(|person| person.email))
}

/// What the form sends. The address stands there for password managers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetForm {
    #[serde(default)]
    password: Password,
    #[serde(default, rename = "username")]
    _username: String,
}

async fn set(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(form): Form<ResetForm>,
) -> Result<Response> {
    let Some(address) = whose(&app, &token).await? else { return closed(&visitor, LinkKind::Reset) };
    let email = Email::read(&address).ok_or(Error::NotFound)?;
    if let Some(why) = form.password.refusal(Some(&email)) {
        let mut problems = Problems::default();
        problems.add("password", why);
        return page(&visitor, token, address, problems);
    }
    let hashing = app.secrets.hash_password(&form.password, &app.clock.new_token()).await;
    let hash = hashing.map_err(|_| Error::Busy)?;
    if admit::reset(&app, &token, &email, hash).await? {
        Ok(to("/sign-in?new_password=1"))
    } else {
        closed(&visitor, LinkKind::Reset)
    }
}
