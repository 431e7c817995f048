//! Coming back with a return code, from any computer or phone.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::with_cookie;
use crate::accounts::nurse::{Caller, Visitor};
use crate::accounts::tries::{self, Buckets};
use crate::accounts::{ReturnCode, TRIES_ALLOWED, store};
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
    match come_in(&app, &visitor, &form.code, &address, own_device).await? {
        CameBack::In(session) => {
            Ok(with_cookie(session.cookie(app.https(), own_device).to_string(), "/practice"))
        }
        CameBack::Nobody => refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "That code doesn’t open anything. Check the four words and the number; a newer code replaces an older \
             one",
        ),
        CameBack::TooMany => refuse(
            StatusCode::TOO_MANY_REQUESTS,
            "Too many codes were tried from here. Wait a quarter of an hour, then try again",
        ),
        CameBack::Busy => refuse(
            StatusCode::SERVICE_UNAVAILABLE,
            "Too many people are coming back right now. Try again in a moment",
        ),
    }
}

/// What became of a typed code.
enum CameBack {
    In(SessionToken),
    Nobody,
    TooMany,
    Busy,
}

/// The try is counted before it is looked at, and taken back when it was right. A new session for the nurse who came
/// back, in the transaction that finds her: a code that is replaced meanwhile opens nothing. The session this browser
/// had before ends.
async fn come_in(
    app: &App,
    visitor: &Visitor,
    typed: &Text,
    address: &str,
    own_device: bool,
) -> sqlx::Result<CameBack> {
    let Some(code) = ReturnCode::read(typed.as_str()) else { return Ok(CameBack::Nobody) };
    let account = (app.secrets.bucket(address), TRIES_ALLOWED);
    let buckets = Buckets { device: None, account, place: None };
    let Some(counted) = tries::count(app, buckets).await? else { return Ok(CameBack::TooMany) };
    let Ok(code) = app.secrets.slow_hash(&code).await else {
        counted.was_not_wrong(app).await?;
        return Ok(CameBack::Busy);
    };
    let session = SessionToken::new(app.clock.new_token());
    let (hash, now) = (session.hash(), app.clock.now());
    let before = visitor.session_hash().map(str::to_owned);
    let coming_in = app.db.write(move |conn| {
        let (code, counted) = (code.clone(), counted.clone());
        let (hash, before) = (hash.clone(), before.clone());
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let Some(nurse) = store::comes_back(conn, &code, now).await? else { return Ok(false) };
            counted.take_back(conn).await?;
            if let Some(before) = before {
                store::delete_session(conn, &before).await?;
            }
            store::insert_session(conn, &hash, &nurse, own_device, now).await?;
            Ok(true)
        });
        work
    });
    Ok(if coming_in.await? { CameBack::In(session) } else { CameBack::Nobody })
}
