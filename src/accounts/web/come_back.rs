//! Coming back with a return code, from any computer or phone.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::with_cookie;
use crate::accounts::nurse::{Caller, Visitor};
use crate::accounts::{ReturnCode, TRIES_ALLOWED, TRIES_COUNT_FOR, store};
use crate::app::App;
use crate::db::Work;
use crate::web::form::{Form, Text};
use crate::web::page::Here;
use crate::web::session::SessionToken;
use crate::web::{Frame, Result, show, show_as};

plain_page!(
    /// Typing a return code.
    ComeBackPage, "accounts/come_back.html",
    typed: String = "amber".to_owned(),
    own_device: bool = true,
    problem: Option<String> = Some("That code doesn’t open anything".to_owned()),
    has_unkept_practice: bool = true
);
pub(super) async fn come_back(visitor: Visitor) -> Result<Response> {
    show(&ComeBackPage {
        frame: visitor.frame(Here::Elsewhere),
        typed: String::new(),
        own_device: false,
        problem: None,
        has_unkept_practice: visitor.has_unkept_practice(),
    })
}

/// What the come-back form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ComeBackForm {
    #[serde(default)]
    code: Text,
    own_device: Option<String>,
}

pub(super) async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Caller(address): Caller,
    Form(form): Form<ComeBackForm>,
) -> Result<Response> {
    let own_device = form.own_device.is_some();
    let refuse = |status, problem: &str| {
        let page = ComeBackPage {
            frame: visitor.frame(Here::Elsewhere),
            typed: form.code.as_str().chars().take(200).collect(),
            own_device,
            problem: Some(problem.to_owned()),
            has_unkept_practice: visitor.has_unkept_practice(),
        };
        show_as(status, &page)
    };
    if form.code.is_empty() {
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, "Type the four words and the number");
    }
    match look_up(&app, &form.code, &address).await? {
        LookedUp::Nurse(nurse) => come_in(&app, &visitor, nurse, own_device).await,
        LookedUp::Nobody => refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "That code doesn’t open anything. Check the four words and the number; a newer code replaces an older \
             one",
        ),
        LookedUp::TooMany => refuse(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many codes were tried from here. Wait a quarter of an hour, then try again",
        ),
        LookedUp::Busy => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many people are coming back right now. Try again in a moment",
        ),
    }
}

/// Whom a typed code belongs to.
enum LookedUp {
    Nurse(String),
    Nobody,
    TooMany,
    Busy,
}

/// The try is counted before it is looked at, and taken back when it was right or nobody had time to look.
async fn look_up(app: &App, typed: &Text, address: &str) -> Result<LookedUp> {
    let Some(code) = ReturnCode::read(typed.as_str()) else { return Ok(LookedUp::Nobody) };
    let (bucket, now) = (app.secrets.bucket(address), app.clock.now());
    let counted = bucket.clone();
    let counting = app.db.write(move |conn| {
        let bucket = counted.clone();
        Box::pin(async move { store::count_try(conn, &bucket, now, now - TRIES_COUNT_FOR).await })
    });
    if counting.await? > TRIES_ALLOWED {
        return Ok(LookedUp::TooMany);
    }
    let found = match app.secrets.slow_hash(&code).await {
        Ok(hash) => match store::nurse_by_return_code(&mut app.db.read().await?, &hash).await? {
            Some(nurse) => LookedUp::Nurse(nurse),
            None => return Ok(LookedUp::Nobody),
        },
        Err(_) => LookedUp::Busy,
    };
    let taking_back = app.db.write(move |conn| {
        let bucket = bucket.clone();
        Box::pin(async move { store::forget_try(conn, &bucket).await })
    });
    taking_back.await?;
    Ok(found)
}

/// A new session for the nurse who came back; the one this browser had before ends.
async fn come_in(app: &App, visitor: &Visitor, nurse: String, own_device: bool) -> Result<Response> {
    let token = SessionToken::new(app.clock.new_token());
    let (hash, now) = (token.hash(), app.clock.now());
    let before = visitor.session_hash().map(str::to_owned);
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
