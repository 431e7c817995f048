//! One's own account: name, password, and where one is signed in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{forgotten, with_cookie};
use crate::accounts::credentials::{Password, read_name};
use crate::accounts::enter;
use crate::accounts::own;
use crate::accounts::staff::Staff;
use crate::accounts::{Person, staff_is_alive, store};
use crate::app::App;
use crate::clock::moment;
use crate::web::form::{Form, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/account", Who::Staff, account),
        post("/account/name", Who::Staff, rename),
        post("/account/password", Who::Staff, change_password),
        post("/account/sessions", Who::Staff, end_session),
        post("/account/sessions/all", Who::Staff, end_all),
    ]
}

/// One of somebody's sessions on her page.
#[derive(Clone, Debug)]
struct SessionLine {
    name: String,
    began: String,
    seen: String,
    is_here: bool,
}

staff_page!(
    /// One's own account.
    AccountPage, "accounts/account.html", Here::Account,
    name: String = "Ruth Reyes".to_owned(),
    email: String = "ruth@hospital.example".to_owned(),
    sessions: Vec<SessionLine> = [true, false].map(|is_here| SessionLine {
        name: is_here.to_string(),
        began: "March 2, 2026, 12:00 PM".to_owned(),
        seen: "March 2, 2026, 12:00 PM".to_owned(),
        is_here
    }).into(),
    saved: &'static str = "Your password is changed",
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("present", "This is not your present password");
        problems
    }
);

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Saved {
    saved: Option<String>,
}

async fn account(State(app): State<App>, staff: Staff, Query(saved): Query<Saved>) -> Result<Response> {
    let saved = match saved.saved.as_deref() {
        Some("name") => "Your name is changed",
        Some("password") => "Your password is changed. You are signed out everywhere but here",
        Some("session") => "That session has ended",
        _ => "",
    };
    page(&app, &staff, None, saved, (StatusCode::OK, Problems::default())).await
}

async fn page(
    app: &App,
    staff: &Staff,
    typed_name: Option<String>,
    saved: &'static str,
    (status, problems): (StatusCode, Problems),
) -> Result<Response> {
    let person = person(app, staff).await?;
    let sessions = store::sessions_of_staff(&mut app.db.read().await?, staff.id()).await?;
    let now = app.clock.now();
    let alive = sessions.into_iter().filter(|session| {
        staff_is_alive(session.created_at, session.last_seen_at, person.administrator, now)
    });
    let line = |session: store::OwnSession| SessionLine {
        name: app.secrets.session_name(&session.token_hash),
        began: moment(session.created_at),
        seen: moment(session.last_seen_at),
        is_here: session.token_hash == staff.session_hash(),
    };
    let page = AccountPage {
        frame: staff.frame(Here::Account),
        name: typed_name.unwrap_or(person.name),
        email: person.email,
        sessions: alive.map(line).collect(),
        saved,
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
            page(&app, &staff, Some(form.name.into_string()), "", refused).await
        }
    }
}

fn one_problem(field: &'static str, why: &str) -> (StatusCode, Problems) {
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
        return page(&app, &staff, None, "", one_problem("password", why)).await;
    }
    match enter::confirm(&app, &person, &form.present).await? {
        None => {
            let why = "Too many passwords were tried. Wait a quarter of an hour, then try again";
            let (_, problems) = one_problem("present", why);
            return page(&app, &staff, None, "", (StatusCode::TOO_MANY_REQUESTS, problems)).await;
        }
        Some(Err(_busy)) => return Err(Error::Busy),
        Some(Ok(false)) => {
            let why = "This is not your present password";
            return page(&app, &staff, None, "", one_problem("present", why)).await;
        }
        Some(Ok(true)) => {}
    }
    let hashing = app.secrets.hash_password(&form.password, &app.clock.new_token()).await;
    let session = own::change_password(&app, &staff, hashing.map_err(|_| Error::Busy)?).await?;
    Ok(with_cookie(session.cookie(app.https(), false).to_string(), "/account?saved=password"))
}

/// Which session is to end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionForm {
    #[serde(default)]
    session: String,
}

async fn end_session(
    State(app): State<App>,
    staff: Staff,
    Form(form): Form<SessionForm>,
) -> Result<Response> {
    let sessions = store::sessions_of_staff(&mut app.db.read().await?, staff.id()).await?;
    let named = |session: &store::OwnSession| app.secrets.session_name(&session.token_hash) == form.session;
    // One that has ended already has ended: the same page either way.
    if let Some(session) = sessions.into_iter().find(named) {
        let hash = session.token_hash;
        if hash == staff.session_hash() {
            return Ok(to("/sign-out"));
        }
        own::end_session(&app, hash).await?;
    }
    Ok(to("/account?saved=session"))
}

async fn end_all(State(app): State<App>, staff: Staff) -> Result<Response> {
    own::end_all_sessions(&app, &staff).await?;
    Ok(forgotten(&app, "/sign-in"))
}
