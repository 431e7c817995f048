//! Typing a join code, and what it opens.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::join::offer;
use crate::accounts::TRIES_ALLOWED;
use crate::accounts::nurse::{Caller, Visitor};
use crate::accounts::tries::{self, Buckets};
use crate::app::App;
use crate::cohorts::code::{JoinCode, NoCode};
use crate::cohorts::{Cohort, name, store};
use crate::db::Conn;
use crate::web::form::{Form, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/join", Who::Anyone, ask), post("/join", Who::Anyone, try_code)]
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
pub(super) struct Typed {
    /// Empty where it could be nobody's name.
    pub(super) name: String,
    pub(super) own_device: bool,
}

impl Typed {
    pub(super) fn of(name: &Text, own_device: bool) -> Self {
        Self { name: name::name(name.as_str()).unwrap_or_default(), own_device }
    }

    const fn is_nothing(&self) -> bool {
        self.name.is_empty() && !self.own_device
    }
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
pub(super) enum Opens {
    Cohort(Cohort),
    Nothing(NoCode),
    TooMany,
}

/// Codes that open nothing are counted by address; from the address that tried too many, the right one opens nothing
/// either, and whoever asks from there does not stand in anybody's line. From one address one is looked up after the
/// other. One that opens a group writes nothing, so that its page
/// can be read also while nothing can be stored, and a class that comes in at once is not kept out.
pub(super) async fn look_up(app: &App, typed: &str, address: &str) -> Result<Opens> {
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
pub(super) fn type_again(
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
    let before = Typed::of(&form.name, form.own_device.is_some());
    match (look_up(&app, typed, &address).await?, JoinCode::read(typed)) {
        (Opens::Cohort(_), Ok(code)) if before.is_nothing() => Ok(to(&format!("/join/{}", code.joined()))),
        (Opens::Cohort(cohort), Ok(code)) => {
            offer(&app, &visitor, &cohort, code.joined().to_owned(), before).await
        }
        (opens, _) => type_again(&visitor, (typed, before), &opens, StatusCode::UNPROCESSABLE_ENTITY),
    }
}
