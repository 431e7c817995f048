//! Keeping one's practice, coming back to it, leaving this computer, deleting everything.

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;

use super::nurse::{Caller, Nurse, Visitor};
use super::{FAILURES_ALLOWED, FAILURES_COUNT_FOR, ReturnCode, store};
use crate::app::App;
use crate::db::Work;
use crate::web::form::{Form, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::session::{SessionToken, gone};
use crate::web::{Frame, Result, show, show_as, to};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/come-back", Who::Anyone, come_back),
        post("/come-back", Who::Anyone, enter),
        get("/sign-out", Who::Nurse, sign_out),
        post("/sign-out", Who::Anyone, leave),
        get("/me/return-code", Who::Nurse, return_code),
        post("/me/return-code", Who::Nurse, renew),
        post("/me/device", Who::Nurse, device),
        get("/me/delete", Who::Nurse, delete),
        post("/me/delete", Who::Nurse, delete_everything),
        get("/deleted", Who::Anyone, deleted),
    ]
}

/// A page without anything of its own to show but the frame and a few facts.
macro_rules! plain_page {
    ($(#[$doc:meta])* $page:ident, $path:literal $(, $field:ident: $kind:ty = $sample:expr)*) => {
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
                Self { frame: Frame::new(Here::Me, true), $($field: $sample,)* }
            }
        }
    };
}

plain_page!(
    /// Typing a return code.
    ComeBackPage, "accounts/come_back.html",
    typed: String = "amber".to_owned(),
    own_device: bool = true,
    problem: Option<String> = Some("That code doesn’t open anything".to_owned()),
    has_unkept_practice: bool = true
);
plain_page!(
    /// Before a code is made: what it is for.
    ReturnCodePage, "accounts/return_code.html",
    has_one: bool = true,
    code: Option<String> = Some("four words and 123".to_owned())
);
plain_page!(
    /// Before signing out: the code first.
    SignOutPage, "accounts/sign_out.html",
    has_return_code: bool = false
);
plain_page!(
    /// Before everything is deleted.
    DeletePage, "accounts/delete.html"
);
plain_page!(
    /// After everything was deleted.
    DeletedPage, "accounts/deleted.html"
);

async fn come_back(visitor: Visitor) -> Result<Response> {
    show(&ComeBackPage {
        frame: Frame::new(Here::Elsewhere, visitor.is_known()),
        typed: String::new(),
        own_device: false,
        problem: None,
        has_unkept_practice: visitor.0.is_some_and(|nurse| !nurse.has_return_code()),
    })
}

/// What the come-back form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ComeBackForm {
    #[serde(default)]
    code: Text,
    own_device: Option<String>,
}

async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Form(form): Form<ComeBackForm>,
) -> Result<Response> {
    let own_device = form.own_device.is_some();
    let refuse = |status, problem: &str| {
        let page = ComeBackPage {
            frame: Frame::new(Here::Elsewhere, visitor.is_known()),
            typed: form.code.as_str().chars().take(200).collect(),
            own_device,
            problem: Some(problem.to_owned()),
            has_unkept_practice: visitor.0.as_ref().is_some_and(|nurse| !nurse.has_return_code()),
        };
        show_as(status, &page)
    };
    if form.code.is_empty() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "Type the four words and the number");
    }
    let bucket = app.secrets.bucket(&address);
    let since = app.clock.now() - FAILURES_COUNT_FOR;
    if store::failures(&mut app.db.read().await?, &bucket, since).await? >= FAILURES_ALLOWED {
        let words = "Too many codes were tried from here. Wait a quarter of an hour, then try again";
        return refuse(StatusCode::TOO_MANY_REQUESTS, words);
    }
    let nurse = match ReturnCode::read(form.code.as_str()) {
        Some(code) => {
            let hash = app.secrets.slow_hash(&code).await?;
            store::nurse_by_return_code(&mut app.db.read().await?, &hash).await?
        }
        None => None,
    };
    let Some(nurse) = nurse else {
        let (id, now) = (app.clock.new_id(), app.clock.now());
        app.db
            .write(move |conn| {
                let (id, bucket) = (id.clone(), bucket.clone());
                Box::pin(async move { store::count_failure(conn, &id, &bucket, now, since).await })
            })
            .await?;
        return refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "That code doesn’t open anything. Check the four words and the number; a newer code replaces an older \
             one",
        );
    };
    let token = SessionToken::new(app.clock.new_token());
    let (hash, now) = (token.hash(), app.clock.now());
    let before = visitor.0.map(|nurse| nurse.session_hash().to_owned());
    app.db
        .write(move |conn| {
            let (nurse, hash, before) = (nurse.clone(), hash.clone(), before.clone());
            let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
                if let Some(before) = before {
                    store::delete_session(conn, &before).await?;
                }
                store::insert_session(conn, &hash, &nurse, own_device, now).await
            });
            work
        })
        .await?;
    Ok(with_cookie(token.cookie(app.https(), own_device).to_string(), "/practice"))
}

fn with_cookie(cookie: String, address: &str) -> Response {
    (AppendHeaders([(header::SET_COOKIE, cookie)]), to(address)).into_response()
}

async fn sign_out(nurse: Nurse) -> Result<Response> {
    show(&SignOutPage { frame: Frame::new(Here::Me, true), has_return_code: nurse.has_return_code() })
}

async fn leave(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    if let Some(nurse) = visitor.0 {
        app.db
            .write(move |conn| {
                let nurse = nurse.clone();
                Box::pin(async move { store::delete_session(conn, nurse.session_hash()).await })
            })
            .await?;
    }
    Ok(with_cookie(gone(app.https()).to_string(), "/"))
}

async fn return_code(nurse: Nurse) -> Result<Response> {
    let frame = Frame::new(Here::Me, true);
    show(&ReturnCodePage { frame, has_one: nurse.has_return_code(), code: None })
}

async fn renew(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let frame = Frame::new(Here::Me, true);
    for _ in 0..5 {
        let code = ReturnCode::new(|below| app.clock.pick(below));
        let hash = app.secrets.slow_hash(&code).await?;
        let (nurse, now) = (nurse.clone(), app.clock.now());
        let kept = app
            .db
            .write(move |conn| {
                let (nurse, hash) = (nurse.clone(), hash.clone());
                Box::pin(async move { store::set_return_code(conn, &nurse, &hash, now).await })
            })
            .await?;
        if kept {
            return show(&ReturnCodePage { frame, has_one: true, code: Some(code.shown().to_owned()) });
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
        Some(token) => Ok(with_cookie(token.cookie(app.https(), own_device).to_string(), "/me#device")),
        None => Ok(to("/me#device")),
    }
}

async fn delete(_nurse: Nurse) -> Result<Response> {
    show(&DeletePage { frame: Frame::new(Here::Me, true) })
}

async fn delete_everything(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    app.db
        .write(move |conn| {
            let nurse = nurse.clone();
            Box::pin(async move { store::delete_nurse(conn, &nurse).await })
        })
        .await?;
    Ok(with_cookie(gone(app.https()).to_string(), "/deleted"))
}

async fn deleted() -> Result<Response> {
    show(&DeletedPage { frame: Frame::stranger() })
}
