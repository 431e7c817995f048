//! Joining a group: typing the code, reading who will see what, giving a name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::come_in::{Way, came_in, entered, joined, not_for_staff};
use super::{Seen, about_name};
use crate::accounts::TRIES_ALLOWED;
use crate::accounts::nurse::{Caller, Visitor};
use crate::accounts::tries::{self, Buckets};
use crate::app::App;
use crate::cohorts::code::{JoinCode, NoCode};
use crate::cohorts::enter::Comer;
use crate::cohorts::{Cohort, name, store};
use crate::db::Conn;
use crate::token::is_token;
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/join", Who::Anyone, ask),
        post("/join", Who::Anyone, try_code),
        get("/join/{code}", Who::Anyone, group),
        post("/join/{code}", Who::Anyone, join),
    ]
}

/// Typing a join code.
#[derive(Debug, Template)]
#[template(path = "cohorts/type_code.html")]
pub struct TypeCodePage {
    frame: Frame,
    typed: String,
    /// What was typed for a group whose code closed meanwhile.
    before: Typed,
    problems: Problems,
}

/// What was typed to join a group.
#[derive(Debug, Default)]
struct Typed {
    name: String,
    own_device: bool,
}

impl TypeCodePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("code", "K7M 2QQ isn’t open right now");
        let before = Typed { name: "Ana".to_owned(), own_device: true };
        Self { frame: Frame::stranger(), typed: "K7M 2QQ".to_owned(), before, problems }
    }
}

async fn ask(visitor: Visitor) -> Result<Response> {
    let frame = visitor.frame(Here::Elsewhere);
    let (before, problems) = (Typed::default(), Problems::default());
    show(&TypeCodePage { frame, typed: String::new(), before, problems })
}

/// What a code opens.
enum Opens {
    Cohort(Cohort),
    Nothing(NoCode),
    TooMany,
}

/// Codes that open nothing are counted by address; from the address that tried too many, the right one opens nothing
/// either, and whoever asks from there does not stand in anybody's line. From one address one is looked up after the
/// other. One that opens a group writes nothing, so that its page
/// can be read also while nothing can be stored, and a class that comes in at once is not kept out.
async fn look_up(app: &App, typed: &str, address: &str) -> Result<Opens> {
    let code = match JoinCode::read(typed) {
        Ok(code) => code,
        Err(why) => return Ok(Opens::Nothing(why)),
    };
    let (bucket, now) = (app.secrets.bucket(&format!("join {address}")), app.clock.now());
    let is_full = async |conn: &mut Conn| {
        Ok::<_, Error>(tries::full_until(conn, &bucket, TRIES_ALLOWED, now).await?.is_some())
    };
    if is_full(&mut app.db.read().await?).await? {
        return Ok(Opens::TooMany);
    }
    let _turn = app.lines.wait(&bucket).await.ok_or(Error::Busy)?;
    let mut conn = app.db.read().await?;
    if is_full(&mut conn).await? {
        return Ok(Opens::TooMany);
    }
    let cohort = store::cohort_by_code(&mut conn, &app.secrets.join_code_hash(&code), now).await?;
    drop(conn);
    if let Some(cohort) = cohort {
        return Ok(Opens::Cohort(cohort));
    }
    let buckets = Buckets { device: None, account: (bucket, TRIES_ALLOWED), place: None };
    let counted = tries::count(app, buckets).await?;
    Ok(counted.map_or(Opens::TooMany, |_| Opens::Nothing(NoCode::Other)))
}

/// The page to type a code again: what was typed, and why it opens nothing.
fn type_again(
    visitor: &Visitor,
    (typed, before): (&str, Typed),
    opens: &Opens,
    closed: StatusCode,
) -> Result<Response> {
    let typed: String = typed.chars().take(40).collect();
    let mut problems = Problems::default();
    let (status, text) = match opens {
        Opens::TooMany => (
            StatusCode::TOO_MANY_REQUESTS,
            "Too many codes were tried from here. Wait a quarter of an hour, then try again".to_owned(),
        ),
        _ if typed.trim().is_empty() => (closed, "Type the code that your educator shows".to_owned()),
        Opens::Nothing(NoCode::LooksAlike) => (
            closed,
            "A code has no letter O or I and no number 0 or 1. Check it against the screen".to_owned(),
        ),
        Opens::Nothing(NoCode::Length) => {
            (closed, "A code has six letters and numbers. Check it against the screen".to_owned())
        }
        _ => (
            closed,
            format!("{typed} isn’t open right now. Check it against the screen, or ask for a new one"),
        ),
    };
    problems.add("code", text);
    show_as(status, &TypeCodePage { frame: visitor.frame(Here::Elsewhere), typed, before, problems })
}

/// What the code form sends. With a name, after the code of a group closed that it was typed for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeForm {
    #[serde(default)]
    code: Text,
    #[serde(default)]
    name: Text,
    own_device: Option<String>,
}

async fn try_code(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let typed = form.code.as_str();
    let before = Typed { name: form.name.into_string(), own_device: form.own_device.is_some() };
    match (look_up(&app, typed, &address).await?, JoinCode::read(typed)) {
        (Opens::Cohort(_), Ok(code)) if before.name.is_empty() => Ok(to(&format!("/join/{}", code.joined()))),
        (Opens::Cohort(cohort), Ok(code)) => {
            offer(&app, &visitor, &cohort, code.joined().to_owned(), before).await
        }
        (opens, _) => type_again(&visitor, (typed, before), &opens, StatusCode::UNPROCESSABLE_ENTITY),
    }
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
async fn offer(
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
            let typed = Typed { name: form.name.into_string(), own_device };
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
