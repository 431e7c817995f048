//! Keeping one's practice, coming back to it, leaving this computer; accounts of the staff, from invitation to roles.

/// A page with a few facts: its template, the frame of its sample, and each field with what the sample shows.
macro_rules! page {
    ($(#[$doc:meta])* $page:ident, $path:literal, $frame:expr $(, $field:ident: $kind:ty = $sample:expr)*) => {
        $(#[$doc])*
        #[derive(Debug, Template)]
        #[template(path = $path)]
        pub struct $page {
            frame: Frame,
            $($field: $kind,)*
        }

        impl $page {
            /// The page with everything on it.
            #[must_use]
            pub fn sample() -> Self {
                Self { frame: $frame, $($field: $sample,)* }
            }
        }
    };
}

/// A page of a nurse, or of somebody who has no account yet.
macro_rules! plain_page {
    ($(#[$doc:meta])* $page:ident, $path:literal $($fields:tt)*) => {
        page!($(#[$doc])* $page, $path, Frame::new(Here::Me, true) $($fields)*);
    };
}

/// A page of the staff; the third thing is where it stands in the menu.
macro_rules! staff_page {
    ($(#[$doc:meta])* $page:ident, $path:literal, $here:expr $(, $($fields:tt)*)?) => {
        page!($(#[$doc])* $page, $path, Frame::staff_sample($here) $(, $($fields)*)?);
    };
}

mod account;
mod audit;
mod closed_link;
mod cohort_staff;
mod cohorts;
mod come_back;
mod invitations;
mod invited;
pub mod keeping;
mod people;
mod person;
mod reset;
mod second_step;
mod sessions;
mod set_up;
mod sign_in;
mod sign_in_code;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use super::erasure;
use super::nurse::Nurse;
use super::staff::Whoever;
use super::store::{self, CodeGiven};
use crate::app::App;
use crate::web::form::Form;
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::session::{SessionToken, gone};
use crate::web::{Error, Frame, Result, show, to};
pub use account::AccountPage;
pub use audit::AuditPage;
pub use closed_link::ClosedLinkPage;
pub use cohort_staff::CohortStaffPage;
pub use cohorts::CohortsPage;
pub use come_back::ComeBackPage;
pub use invitations::InvitationsPage;
pub use invited::InvitedPage;
pub use people::PeoplePage;
pub use person::PersonPage;
pub use reset::ResetPage;
pub use second_step::{NewSecondStepPage, RecoveryCodesPage, SecondStepPage};
pub use set_up::SetUpPage;
pub use sign_in::{SignInPage, home};
pub use sign_in_code::SignInCodePage;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let of_nurses = vec![
        get("/come-back", Who::Anyone, come_back::come_back),
        post("/come-back", Who::Anyone, come_back::enter),
        get("/sign-out", Who::Anyone, sign_out),
        post("/sign-out", Who::Anyone, leave),
        get("/me/return-code", Who::Nurse, return_code),
        post("/me/return-code", Who::Nurse, renew),
        post("/me/device", Who::Nurse, device),
        get("/me/delete", Who::Nurse, delete),
        post("/me/delete", Who::Nurse, delete_everything),
        get("/deleted", Who::Anyone, deleted),
    ];
    let parts = [
        of_nurses,
        set_up::routes(),
        sign_in::routes(),
        sign_in_code::routes(),
        invited::routes(),
        reset::routes(),
        account::routes(),
        sessions::routes(),
        second_step::routes(),
        people::routes(),
        person::routes(),
        invitations::routes(),
        cohorts::routes(),
        audit::routes(),
        keeping::routes(),
        cohort_staff::routes(),
    ];
    parts.into_iter().flatten().collect()
}

plain_page!(
    /// Before a code is made: what it is for.
    ReturnCodePage, "accounts/return_code.html",
    has_one: bool = true,
    token: String = "t".to_owned(),
    host: String = "warmly.example".to_owned(),
    code: Option<String> = Some("four words and 123".to_owned())
);
plain_page!(
    /// Before signing out: for a nurse the code first.
    SignOutPage, "accounts/sign_out.html",
    has_return_code: bool = false
);
plain_page!(
    /// Before everything is deleted.
    DeletePage, "accounts/delete.html",
    groups: Vec<String> = vec!["Spring residency".to_owned()]
);
plain_page!(
    /// After everything was deleted.
    DeletedPage, "accounts/deleted.html"
);

fn with_cookie(cookie: String, address: &str) -> Response {
    with_cookies([cookie], address)
}

fn with_cookies<const N: usize>(cookies: [String; N], address: &str) -> Response {
    (AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))), to(address)).into_response()
}

/// Takes the cookie back, and asks the browser to forget what it kept of this site.
fn forgotten(app: &App, address: &str) -> Response {
    let mut response = with_cookie(gone(app.https()).to_string(), address);
    let all = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert("clear-site-data", all);
    response
}

async fn sign_out(Whoever(visitor): Whoever) -> Result<Response> {
    if !visitor.frame(Here::Me).can_leave() {
        return Ok(to("/"));
    }
    let has_return_code = visitor.nurse.as_ref().is_some_and(Nurse::has_return_code);
    show(&SignOutPage { frame: visitor.frame(Here::Me), has_return_code })
}

async fn leave(State(app): State<App>, Whoever(visitor): Whoever) -> Response {
    if let Some(session) = visitor.session_hash().map(str::to_owned) {
        let ending = app.db.write(move |conn| {
            let session = session.clone();
            Box::pin(async move { store::delete_session(conn, &session).await })
        });
        // Whoever leaves a shared computer is out of it, also where nothing can be written.
        if let Err(cause) = ending.await {
            tracing::error!(%cause, "a session could not be ended; its browser was told to forget it");
        }
    }
    forgotten(&app, "/")
}

async fn return_code(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let frame = Frame::new(Here::Me, true);
    let token = app.clock.new_token();
    show(&ReturnCodePage { frame, has_one: nurse.has_return_code(), token, host: String::new(), code: None })
}

/// What the return-code form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReturnCodeForm {
    token: String,
}

/// The code is made of the form's token, so the same form sent twice shows the same code.
async fn renew(
    State(app): State<App>,
    nurse: Nurse,
    origin: Origin,
    Form(form): Form<ReturnCodeForm>,
) -> Result<Response> {
    let frame = Frame::new(Here::Me, true);
    for turn in 0..5 {
        let code = app.secrets.return_code_of_form(&format!("{} {turn} {}", nurse.id(), form.token));
        let hash = app.secrets.slow_hash(&code).await.map_err(|_| Error::Busy)?;
        let (nurse, now) = (nurse.clone(), app.clock.now());
        let giving = app.db.write(move |conn| {
            let (nurse, hash) = (nurse.clone(), hash.clone());
            Box::pin(async move { store::set_return_code(conn, &nurse, &hash, now).await })
        });
        match giving.await? {
            CodeGiven::Yes => {
                let (code, host) = (Some(code.shown().to_owned()), origin.typed().to_owned());
                return show(&ReturnCodePage { frame, has_one: true, token: form.token, host, code });
            }
            CodeGiven::Taken => {}
            CodeGiven::Gone => return Err(Error::SignIn { staff: false }),
        }
    }
    Err(anyhow::anyhow!("no free return code was found").into())
}

/// What the device form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceForm {
    own_device: Option<String>,
}

async fn device(
    State(app): State<App>,
    nurse: Nurse,
    headers: axum::http::HeaderMap,
    Form(form): Form<DeviceForm>,
) -> Result<Response> {
    let own_device = form.own_device.is_some();
    app.db
        .write(move |conn| {
            let nurse = nurse.clone();
            Box::pin(async move { store::set_own_device(conn, &nurse, own_device).await })
        })
        .await?;
    match SessionToken::from_headers(&headers, app.https()) {
        Some(token) => {
            Ok(with_cookie(token.cookie(app.https(), own_device).to_string(), "/me?saved=1#device"))
        }
        None => Ok(to("/me?saved=1#device")),
    }
}

async fn delete(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let groups = crate::cohorts::store::groups_of(&mut app.db.read().await?, &nurse).await?;
    let groups = groups.into_iter().map(|group| group.name).collect();
    show(&DeletePage { frame: Frame::new(Here::Me, true), groups })
}

async fn delete_everything(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    erasure::erase(&app, &nurse).await?;
    Ok(forgotten(&app, "/deleted"))
}

async fn deleted() -> Result<Response> {
    show(&DeletedPage { frame: Frame::stranger() })
}
