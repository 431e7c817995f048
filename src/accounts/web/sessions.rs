//! Where one is signed in, and signing out there.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::own;
use crate::accounts::staff::Staff;
use crate::accounts::{staff_is_alive, store};
use crate::app::App;
use crate::clock::moment;
use crate::db::Conn;
use crate::web::form::Form;
use crate::web::route::{Route, Who, post};
use crate::web::{Result, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        post("/account/sessions", Who::Staff, end_session),
        post("/account/sessions/all", Who::Staff, end_others),
    ]
}

/// One of somebody's sessions on her page.
#[derive(Clone, Debug)]
pub(super) struct SessionLine {
    pub(super) name: String,
    /// "Firefox on Windows"; "A browser" where it doesn't say.
    pub(super) browser: String,
    pub(super) began: String,
    pub(super) seen: String,
    pub(super) is_here: bool,
}

impl SessionLine {
    /// What stands on a sample page.
    pub(super) fn samples() -> Vec<Self> {
        let line = |is_here: bool| Self {
            name: is_here.to_string(),
            browser: "Firefox on Windows".to_owned(),
            began: "March 2, 2026, 12:00 PM".to_owned(),
            seen: "March 2, 2026, 12:00 PM".to_owned(),
            is_here,
        };
        vec![line(true), line(false)]
    }
}

/// Where somebody is signed in now.
pub(super) async fn lines(app: &App, conn: &mut Conn, staff: &Staff) -> Result<Vec<SessionLine>> {
    let now = app.clock.now();
    let alive = |session: &store::OwnSession| {
        staff_is_alive(session.created_at, session.last_seen_at, staff.is_administrator(), now)
    };
    let line = |session: store::OwnSession| SessionLine {
        name: app.secrets.session_name(&session.token_hash),
        browser: if session.browser.is_empty() { "A browser".to_owned() } else { session.browser },
        began: moment(session.created_at),
        seen: moment(session.last_seen_at),
        is_here: session.token_hash == staff.session_hash(),
    };
    let sessions = store::sessions_of_staff(conn, staff.id()).await?;
    Ok(sessions.into_iter().filter(alive).map(line).collect())
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
        own::end_session(&app, &staff, hash).await?;
    }
    Ok(to("/account?saved=session"))
}

async fn end_others(State(app): State<App>, staff: Staff) -> Result<Response> {
    own::end_other_sessions(&app, &staff).await?;
    Ok(to("/account?saved=sessions"))
}
