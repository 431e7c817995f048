//! One's own second step: setting it up, its recovery codes, turning it off.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::account::{confirmed, one_problem};
use super::sign_in::home;
use super::with_cookie;
use crate::accounts::credentials::Password;
use crate::accounts::second::{self, Changed};
use crate::accounts::second_step::{RecoveryCode, Typed};
use crate::accounts::staff::{Arriving, SET_UP_SECOND_STEP, Staff};
use crate::accounts::store;
use crate::app::App;
use crate::clock::day;
use crate::token::is_token;
use crate::web::form::{Form, Problems, Query, Text};
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::qr::Square;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/account/second-step", Who::Staff, second_step),
        post("/account/second-step", Who::Staff, change),
        get(SET_UP_SECOND_STEP, Who::Staff, new),
        post(SET_UP_SECOND_STEP, Who::Staff, turn_on),
    ]
}

const TOO_MANY: &str = "Too many codes were tried. Wait a quarter of an hour, then try again";

/// Where a form leads that has shown its recovery codes before.
const SHOWN: &str = "/account/second-step?shown=1";

/// What a page says of a code that is not right now.
pub(super) const NO: &str = "That code doesn’t fit. Wait for the next one and type it in. Still no? Check that your \
                             phone’s clock sets itself";

staff_page!(
    /// Setting up one's second step.
    NewSecondStepPage, "accounts/second_step_new.html", Here::Account,
    must: bool = true,
    email: String = "ruth@hospital.example".to_owned(),
    square: Option<Square> = Square::of("otpauth://totp/Warmly"),
    secret: String = "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".to_owned(),
    address: String = "otpauth://totp/Warmly".to_owned(),
    token: String = "t".to_owned(),
    asks_password: bool = true,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("code", NO);
        problems
    }
);

async fn new(State(app): State<App>, arriving: Arriving) -> Result<Response> {
    let token = app.clock.new_token();
    set_up_page(&app, arriving.staff(), token, (StatusCode::OK, Problems::default())).await
}

async fn set_up_page(
    app: &App,
    staff: &Staff,
    token: String,
    (status, problems): (StatusCode, Problems),
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    if store::second_step(&mut conn, staff.id()).await?.is_some() {
        return Ok(to("/account/second-step"));
    }
    let email = store::person(&mut conn, staff.id()).await?.ok_or(Error::NotFound)?.email;
    let secret = app.secrets.second_step(staff.id(), &app.secrets.seed_of_session(staff.session_hash()));
    let address = secret.address(&email);
    let page = NewSecondStepPage {
        frame: staff.frame(Here::Account),
        must: staff.needs_second_step(),
        email,
        square: Square::of(&address),
        secret: secret.in_groups(),
        address,
        token,
        asks_password: !staff.needs_second_step(),
        problems,
    };
    show_as(status, &page)
}

/// What both forms send. The password is asked for where it was not typed just now; the address stands there for password
/// managers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StepForm {
    token: String,
    /// Where the step is on, which button was pressed: `codes` or `off`.
    #[serde(default, rename = "do")]
    what: String,
    #[serde(default)]
    present: Password,
    #[serde(default)]
    code: Text,
    #[serde(default, rename = "username")]
    _username: String,
}

async fn turn_on(
    State(app): State<App>,
    arriving: Arriving,
    origin: Origin,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    let staff = arriving.staff();
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    // Sent twice, nothing is missing the second time: the password would be asked for that this form has no field for.
    match second::made_before(&app, staff, &form.token).await? {
        Some(Changed::Yes(codes)) => return codes_page(&app, staff, &origin, &codes, true).await,
        Some(_) => return Ok(to(SHOWN)),
        None => {}
    }
    if !staff.needs_second_step()
        && let Some(refused) = confirmed(&app, staff, &form.present).await?
    {
        return set_up_page(&app, staff, form.token, refused).await;
    }
    let Some(Typed::Code(code)) = Typed::read(form.code.as_str()) else {
        let why = "Type the six digits that the app on your phone shows";
        return set_up_page(&app, staff, form.token, one_problem("code", why)).await;
    };
    match second::turn_on(&app, staff, &form.token, code).await? {
        Changed::Yes(codes) => codes_page(&app, staff, &origin, &codes, true).await,
        Changed::No | Changed::TooMany => {
            let why = "This code is not the one for this square. Wait for the next code, and check the clock of your \
                       phone";
            set_up_page(&app, staff, form.token, one_problem("code", why)).await
        }
        Changed::Not => Ok(to("/account/second-step")),
        Changed::Shown => Ok(to(SHOWN)),
    }
}

staff_page!(
    /// Recovery codes, shown once.
    RecoveryCodesPage, "accounts/recovery_codes.html", Here::Account,
    is_new: bool = true,
    host: String = "practice.hospital.example".to_owned(),
    email: String = "ruth@hospital.example".to_owned(),
    made: String = "March 2, 2026".to_owned(),
    codes: Vec<String> = vec!["0123-4567-89ab-cdef".to_owned(); 10],
    way_on: &'static str = "/cohorts"
);

async fn codes_page(
    app: &App,
    staff: &Staff,
    origin: &Origin,
    codes: &[RecoveryCode],
    is_new: bool,
) -> Result<Response> {
    let person = store::person(&mut app.db.read().await?, staff.id()).await?.ok_or(Error::NotFound)?;
    let arrives = staff.needs_second_step();
    show(&RecoveryCodesPage {
        frame: staff.frame(Here::Account),
        is_new,
        host: origin.typed().to_owned(),
        email: person.email,
        made: day(app.clock.now()),
        codes: codes.iter().map(RecoveryCode::shown).collect(),
        way_on: if arrives { home(staff.is_administrator(), staff.works_with_cohorts()) } else { "/account" },
    })
}

staff_page!(
    /// One's own second step, where it is on.
    SecondStepPage, "accounts/second_step.html", Here::Account,
    since: String = "March 2, 2026".to_owned(),
    left: i64 = 9,
    must: bool = false,
    shown: bool = true,
    email: String = "ruth@hospital.example".to_owned(),
    token: String = "t".to_owned(),
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("code", NO);
        problems
    }
);

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Led {
    shown: Option<String>,
}

async fn second_step(State(app): State<App>, staff: Staff, Query(led): Query<Led>) -> Result<Response> {
    let fine = (StatusCode::OK, Problems::default());
    page(&app, &staff, (app.clock.new_token(), led.shown.is_some()), fine).await
}

async fn page(
    app: &App,
    staff: &Staff,
    (token, shown): (String, bool),
    (status, problems): (StatusCode, Problems),
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let Some(step) = store::second_step(&mut conn, staff.id()).await? else {
        return Ok(to(SET_UP_SECOND_STEP));
    };
    let page = SecondStepPage {
        frame: staff.frame(Here::Account),
        since: day(step.since),
        left: store::recovery_codes_left(&mut conn, staff.id()).await?,
        must: store::second_step_required(&mut conn).await?.is_some(),
        shown,
        email: store::person(&mut conn, staff.id()).await?.ok_or(Error::NotFound)?.email,
        token,
        problems,
    };
    show_as(status, &page)
}

async fn change(
    State(app): State<App>,
    staff: Staff,
    origin: Origin,
    Form(form): Form<StepForm>,
) -> Result<Response> {
    if !is_token(&form.token) || !matches!(form.what.as_str(), "codes" | "off") {
        return Err(Error::Invalid);
    }
    if let Some(refused) = confirmed(&app, &staff, &form.present).await? {
        return page(&app, &staff, (form.token, false), refused).await;
    }
    let Some(typed) = Typed::read(form.code.as_str()) else {
        let why = "Type the six digits that the app on your phone shows, or a recovery code";
        return page(&app, &staff, (form.token, false), one_problem("code", why)).await;
    };
    let refused = if form.what == "off" {
        match second::turn_off(&app, &staff, typed).await? {
            Changed::Yes(session) => {
                let cookie = session.cookie(app.https(), false).to_string();
                return Ok(with_cookie(cookie, "/account?saved=second-step"));
            }
            other => other.refused(),
        }
    } else {
        match second::renew_codes(&app, &staff, &form.token, typed).await? {
            Changed::Yes(codes) => return codes_page(&app, &staff, &origin, &codes, false).await,
            Changed::Shown => return Ok(to(SHOWN)),
            other => other.refused(),
        }
    };
    match refused {
        Some(refused) => page(&app, &staff, (form.token, false), refused).await,
        None => Ok(to("/account/second-step")),
    }
}

impl<T> Changed<T> {
    /// What the page says where it was not done; None where there is nothing to do.
    fn refused(&self) -> Option<(StatusCode, Problems)> {
        match self {
            Self::Yes(_) | Self::Not | Self::Shown => None,
            Self::No => Some(one_problem("code", NO)),
            Self::TooMany => Some((StatusCode::TOO_MANY_REQUESTS, one_problem("code", TOO_MANY).1)),
        }
    }
}
