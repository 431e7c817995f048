//! The first administrator, and what everybody who comes to have an account types: name, e-mail, password.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::closed_link::closed;
use super::with_cookie;
use crate::accounts::admit::{self, Admitted, Newcomer};
use crate::accounts::credentials::{Email, Password, read_name};
use crate::accounts::device::Device;
use crate::accounts::link::LinkKind;
use crate::accounts::nurse::Visitor;
use crate::accounts::store;
use crate::app::App;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/set-up/{token}", Who::Anyone, set_up), post("/set-up/{token}", Who::Anyone, begin)]
}

/// What somebody types who is to have an account.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewcomerForm {
    #[serde(default)]
    pub(super) name: Text,
    #[serde(default)]
    pub(super) email: Text,
    #[serde(default)]
    pub(super) password: Password,
}

/// What the form says of somebody, or what stands in the way.
pub(super) async fn read_newcomer(
    app: &App,
    form: &NewcomerForm,
    device: Device,
) -> Result<Newcomer, Refused> {
    let mut problems = Problems::default();
    let name = read_name(form.name.as_str()).map_err(|why| problems.add("name", why)).ok();
    let email = Email::read(form.email.as_str());
    if email.is_none() {
        problems.add("email", "Type an e-mail address, like this: ruth@hospital.example");
    }
    if let Some(why) = form.password.refusal(email.as_ref()) {
        problems.add("password", why);
    }
    let (Some(name), Some(email), true) = (name, email, problems.is_empty()) else {
        return Err(Refused::Form(problems));
    };
    let hashing = app.secrets.hash_password(&form.password, &app.clock.new_token()).await;
    let password_hash = hashing.map_err(|_| Refused::Busy)?;
    Ok(Newcomer { name, email, password_hash, browser: device.browser })
}

/// Why a form makes no account.
pub(super) enum Refused {
    /// Something has to be typed differently.
    Form(Problems),
    /// Too many passwords are being checked.
    Busy,
}

plain_page!(
    /// Setting up the first administrator.
    SetUpPage, "accounts/set_up.html",
    token: String = "t".to_owned(),
    name: String = "Ruth Reyes".to_owned(),
    email: String = "ruth@hospital.example".to_owned(),
    has_unkept_practice: bool = true,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("password", "Use at least 12 characters");
        problems
    }
);
async fn set_up(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    if !opens(&app, LinkKind::SetUp, &token).await? {
        return closed(&visitor, LinkKind::SetUp);
    }
    page(&visitor, token, NewcomerForm::default(), Problems::default())
}

fn page(visitor: &Visitor, token: String, form: NewcomerForm, problems: Problems) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = SetUpPage {
        frame: visitor.frame(Here::Elsewhere),
        token,
        name: form.name.into_string(),
        email: form.email.into_string(),
        has_unkept_practice: visitor.has_unkept_practice(),
        problems,
    };
    show_as(status, &page)
}

/// Whether a link of this kind opens now.
async fn opens(app: &App, kind: LinkKind, token: &str) -> Result<bool> {
    let mut conn = app.db.read().await?;
    let link = store::open_link(&mut conn, kind, &token_hash(token), app.clock.now()).await?;
    Ok(is_token(token) && link.is_some() && store::administrators(&mut conn).await? == 0)
}

async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    device: Device,
    Form(form): Form<NewcomerForm>,
) -> Result<Response> {
    let kind = LinkKind::SetUp;
    if !opens(&app, kind, &token).await? {
        return closed(&visitor, kind);
    }
    let newcomer = match read_newcomer(&app, &form, device).await {
        Ok(newcomer) => newcomer,
        Err(Refused::Form(problems)) => return page(&visitor, token, form, problems),
        Err(Refused::Busy) => return Err(Error::Busy),
    };
    match admit::newcomer(&app, &visitor, kind, &token, newcomer).await? {
        Admitted::Yes(session, _) => {
            Ok(with_cookie(session.cookie(app.https(), false).to_string(), "/cohorts"))
        }
        Admitted::HasAccount => {
            let mut problems = Problems::default();
            problems.add("email", "There is an account with this address. Use another one");
            page(&visitor, token, form, problems)
        }
        Admitted::Closed | Admitted::HerOwn => closed(&visitor, kind),
    }
}
