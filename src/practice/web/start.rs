//! Starting: the first start makes a nameless nurse and her session; the same form sent twice starts once.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::conflict::conflict;
use super::welcome;
use crate::accounts;
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::record::{self, Outcome, fresh};
use crate::practice::store::{AttemptRow, by_start_token, insert_attempt, insert_opening};
use crate::practice::{AttemptId, Page, Purpose};
use crate::scenario::Turn;
use crate::scenario::library::Revision;
use crate::web::form::{Form, Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/scenarios/{slug}/attempts", Who::Anyone, start)]
}

/// What the prebrief's form and the welcome page's form send.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartForm {
    token: String,
    /// Only the welcome page asks for own words.
    own: Option<Text>,
    skip: Option<String>,
    own_device: Option<String>,
}

/// How long a form sent twice still finds the session it made, in milliseconds: ten seconds. Whoever else
/// has seen the form (it stood open on a shared computer) has no longer than that.
const FORM_SENT_TWICE_WITHIN: Millis = 10 * 1000;

/// A start, with all it needs; run again when the same form was being written at the same time.
#[derive(Clone)]
struct Start {
    app: App,
    visitor: Visitor,
    revision: Arc<Revision>,
    session_hash: String,
    token_hash: String,
    own_device: bool,
    opens: bool,
    said: Option<String>,
}

/// What became of a start.
struct Started {
    attempt: AttemptRow,
    page: Page,
    /// The session that this start made, when it made one: its cookie must reach the browser.
    new_session: bool,
    /// Whether the same form had started it before.
    again: bool,
}

async fn start(
    State(app): State<App>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Form(form): Form<StartForm>,
) -> Result<Response> {
    let revision = app.library.by_slug(&slug).ok_or(Error::NotFound)?;
    if form.token.len() != 64 || !form.token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::Invalid);
    }
    let own = form.own.filter(|_| form.skip.is_none());
    if let Some(typed) = own.as_ref().filter(|typed| typed.is_empty() || typed.excess() > 0) {
        let page = welcome::again(&app, visitor.is_known(), typed);
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page.ok_or(Error::Invalid)?);
    }
    let session = app.secrets.session_of_start(&form.token);
    let start = Start {
        app: app.clone(),
        visitor,
        revision,
        session_hash: session.hash(),
        token_hash: crate::hex(&Sha256::digest(form.token.as_bytes())),
        own_device: form.own_device.is_some(),
        opens: form.skip.is_some() || own.is_some(),
        said: own.map(Text::into_string),
    };
    let own_device = start.own_device;
    let Some(started) = start.once().await? else { return Ok(to(&format!("/scenarios/{slug}"))) };
    let id = AttemptId::read(&started.attempt.id).ok_or(Error::NotFound)?;
    let there = to(&started.page.address(&id));
    if let (true, Some(nurse), Some(said)) = (started.again, &start.visitor.nurse, &start.said) {
        // The same form again, with other words in it: they are put to the turn it started.
        return match record::open(&app, nurse, &id, 1, Some(said.clone())).await? {
            Outcome::Different => conflict(&app, nurse, id.as_str(), 1, said, Page::Replies(1)).await,
            _ => Ok(to(&Page::Replies(1).address(&id))),
        };
    }
    if !started.new_session {
        return Ok(there);
    }
    let cookie = session.cookie(app.https(), own_device).to_string();
    Ok((AppendHeaders([(header::SET_COOKIE, cookie)]), there).into_response())
}

impl Start {
    /// Starts, or finds what the same form started; None where that belongs to someone else.
    async fn once(&self) -> anyhow::Result<Option<Started>> {
        match self.try_once().await {
            Err(error) if is_clash(&error) => self.try_once().await,
            done => done,
        }
    }

    async fn try_once(&self) -> anyhow::Result<Option<Started>> {
        let start = self.clone();
        let write = self.app.db.write(move |conn| {
            let start = start.clone();
            Box::pin(async move { start.write(conn).await })
        });
        write.await
    }

    async fn write(&self, conn: &mut Conn) -> anyhow::Result<Option<Started>> {
        let now = self.app.clock.now();
        if let Some(before) = by_start_token(conn, &self.token_hash).await? {
            return self.again(conn, before, now).await;
        }
        let attempt = AttemptRow {
            id: self.app.clock.new_id(),
            nurse_id: self.nurse(conn, now).await?,
            revision_id: self.revision.id.clone(),
            policy_version: self.app.library.policy_in_force().0,
            purpose: Purpose::Practice.stored().to_owned(),
            assignment_id: None,
            seat_id: None,
            started_at: now,
        };
        insert_attempt(conn, &attempt, &self.token_hash).await?;
        if let (Some(turn), Some(id)) = (self.opened_turn(), AttemptId::read(&attempt.id)) {
            let opening = fresh(&self.app.clock, turn, self.said.clone(), now);
            insert_opening(conn, &id, 1, &self.revision.scenario.start, &opening).await?;
        }
        Ok(Some(Started { attempt, page: self.page(), new_session: !self.visitor.is_known(), again: false }))
    }

    /// The first turn, where starting already opens its replies.
    fn opened_turn(&self) -> Option<&Turn> {
        let scenario = &self.revision.scenario;
        scenario.turns.get(&scenario.start).filter(|turn| self.opens || !turn.ask_own_words)
    }

    fn page(&self) -> Page {
        self.opened_turn().map_or(Page::OwnWords(1), |_| Page::Replies(1))
    }

    /// The same form again: the attempt it started, for the nurse who started it; nothing for anyone else.
    async fn again(
        &self,
        conn: &mut Conn,
        before: AttemptRow,
        now: Millis,
    ) -> anyhow::Result<Option<Started>> {
        let page = self.page();
        if let Some(nurse) = &self.visitor.nurse {
            let hers = nurse.id() == before.nurse_id;
            return Ok(hers.then_some(Started { attempt: before, page, new_session: false, again: true }));
        }
        let session = accounts::store::session(conn, &self.session_hash).await?;
        let living = session.filter(|session| {
            session.nurse_id.as_deref() == Some(before.nurse_id.as_str())
                && accounts::is_alive(session.last_seen_at, session.own_device, now)
        });
        let just_now = living.filter(|_| now - before.started_at < FORM_SENT_TWICE_WITHIN);
        Ok(just_now.map(|_| Started { attempt: before, page, new_session: true, again: true }))
    }

    /// The nurse who starts: the one who is here, or a new nameless one with her session.
    async fn nurse(&self, conn: &mut Conn, now: Millis) -> anyhow::Result<String> {
        if let Some(nurse) = &self.visitor.nurse {
            return Ok(nurse.id().to_owned());
        }
        let id = self.app.clock.new_id();
        accounts::store::insert_nurse(conn, &id, now).await?;
        accounts::store::insert_session(conn, &self.session_hash, &id, self.own_device, now).await?;
        Ok(id)
    }
}

/// Whether another request wrote the same thing at the same time.
fn is_clash(error: &anyhow::Error) -> bool {
    let database = error.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    database.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}
