//! Starting an attempt, for practice or for assigned work: once, whatever is sent again. The first start of all
//! makes a nameless nurse and her session.

use std::sync::Arc;

use super::record::fresh;
use super::store::{AttemptRow, SentAnyway, by_start_token, insert_attempt, insert_opening};
use super::{AttemptId, Page, Purpose};
use crate::accounts::nurse::Visitor;
use crate::accounts::{self, tries};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::store::{given, hold_seats_of};
use crate::cohorts::{AssignmentId, Given};
use crate::db::{Conn, is_clash};
use crate::scenario::Turn;
use crate::scenario::library::Revision;
use crate::token::{sent_just_now, token_hash};
use crate::web::session::SessionToken;

/// How many nurses without a name may begin from one network address within [`accounts::TRIES_COUNT_FOR`]. A whole
/// hospital or a lecture hall may share one; a machine that fills the disk with nurses is slowed.
pub const STARTS_ALLOWED: i64 = 300;

/// A start, with all it needs; run again when the same form was being written at the same time.
#[derive(Clone, Debug)]
pub struct Start {
    app: App,
    visitor: Visitor,
    revision: Arc<Revision>,
    session_hash: String,
    token_hash: String,
    /// What it is for, where it is assigned work; else it is practice. Never changed afterwards.
    pub assignment: Option<AssignmentId>,
    /// Where the start of somebody we don't know counts: the bucket of her network address.
    pub place: Option<String>,
    /// Whether a nurse who is made by this start said that the device is her own.
    pub own_device: bool,
    /// Whether starting already opens the replies of the first turn.
    pub opens: bool,
    /// What she said first, where the form asked.
    pub said: Option<String>,
    /// That she said it although something in it looks like a real person's details.
    pub anyway: Option<SentAnyway>,
}

/// What became of a start.
#[derive(Debug)]
pub enum Begun {
    /// It is there, now or from before.
    Yes(Started),
    /// The form started something else or was someone else's, or assigned work can't be begun any more.
    Not,
    /// So many have begun from this network address that the next can only from this time on.
    Later(Millis),
}

/// A start that is there.
#[derive(Debug)]
pub struct Started {
    /// The attempt.
    pub attempt: AttemptRow,
    /// The page that comes next.
    pub page: Page,
    /// Whether this start made a session: its cookie must reach the browser.
    pub new_session: bool,
    /// Whether the same form had started it before.
    pub again: bool,
}

impl Start {
    /// A start at practice with the form that has this token.
    #[must_use]
    pub fn new(app: &App, visitor: Visitor, revision: Arc<Revision>, token: &str) -> Self {
        Self {
            app: app.clone(),
            visitor,
            revision,
            session_hash: app.secrets.session_of_start(token).hash(),
            token_hash: token_hash(token),
            assignment: None,
            place: None,
            own_device: false,
            opens: false,
            said: None,
            anyway: None,
        }
    }

    /// Who starts.
    #[must_use]
    pub const fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// The session that a form with this token makes, where it makes one.
    #[must_use]
    pub fn session(app: &App, token: &str) -> SessionToken {
        app.secrets.session_of_start(token)
    }

    /// Starts, or finds what the same form started.
    pub async fn once(&self) -> anyhow::Result<Begun> {
        match self.try_once().await {
            Err(error) if error.downcast_ref().is_some_and(is_clash) => self.try_once().await,
            done => done,
        }
    }

    async fn try_once(&self) -> anyhow::Result<Begun> {
        let start = self.clone();
        let write = self.app.db.write(move |conn| {
            let start = start.clone();
            Box::pin(async move { start.write(conn).await })
        });
        write.await
    }

    async fn write(&self, conn: &mut Conn) -> anyhow::Result<Begun> {
        let now = self.app.clock.now();
        if let Some(before) = by_start_token(conn, &self.token_hash).await? {
            return Ok(self.again(conn, before, now).await?.map_or(Begun::Not, Begun::Yes));
        }
        let (purpose, seat) = match &self.assignment {
            None => (Purpose::Practice, None),
            Some(assignment) => {
                let Some(nurse) = &self.visitor.nurse else { return Ok(Begun::Not) };
                // Who is being put out of her seat right now, or deletes what is hers, begins nothing in it.
                hold_seats_of(conn, nurse).await?;
                let given = given(conn, nurse, assignment).await?;
                let Some(given) = given.filter(Given::can_begin) else { return Ok(Begun::Not) };
                (Purpose::Assigned, Some(given.seat))
            }
        };
        if let Some(until) = self.must_wait(conn, now).await? {
            return Ok(Begun::Later(until));
        }
        let attempt = AttemptRow {
            id: self.app.clock.new_id(),
            nurse_id: self.nurse(conn, now).await?,
            revision_id: self.revision.id.clone(),
            policy_version: self.app.library.policy_in_force().0,
            purpose: purpose.stored().to_owned(),
            assignment_id: self.assignment.as_ref().map(|id| id.as_str().to_owned()),
            seat_id: seat.map(|seat| seat.as_str().to_owned()),
            started_at: now,
        };
        insert_attempt(conn, &self.app.library, &attempt, &self.token_hash).await?;
        if let (Some(turn), Some(id)) = (self.opened_turn(), AttemptId::read(&attempt.id)) {
            let opening = fresh(&self.app.clock, turn, self.said.clone(), now);
            insert_opening(conn, &id, 1, &self.revision.scenario.start, &opening).await?;
            if let Some(anyway) = &self.anyway {
                anyway.by_nurse(conn, &attempt.nurse_id, &id, None).await?;
            }
        }
        let new_session = !self.visitor.is_known();
        Ok(Begun::Yes(Started { attempt, page: self.page(), new_session, again: false }))
    }

    /// The first turn, where starting already opens its replies.
    fn opened_turn(&self) -> Option<&Turn> {
        let scenario = &self.revision.scenario;
        scenario.turns.get(&scenario.start).filter(|turn| self.opens || !turn.ask_own_words)
    }

    fn page(&self) -> Page {
        self.opened_turn().map_or(Page::OwnWords(1), |_| Page::Replies(1))
    }

    /// The same form again: the attempt it started, for the nurse who started it and for the same purpose; nothing
    /// for anyone else.
    async fn again(
        &self,
        conn: &mut Conn,
        before: AttemptRow,
        now: Millis,
    ) -> anyhow::Result<Option<Started>> {
        let page = self.page();
        if before.assignment_id.as_deref() != self.assignment.as_ref().map(AssignmentId::as_str) {
            return Ok(None);
        }
        if let Some(nurse) = &self.visitor.nurse {
            let hers = nurse.id() == before.nurse_id;
            return Ok(hers.then_some(Started { attempt: before, page, new_session: false, again: true }));
        }
        let session = accounts::store::session(conn, &self.session_hash).await?;
        let living = session.filter(|session| {
            session.nurse_id.as_deref() == Some(before.nurse_id.as_str())
                && accounts::is_alive(session.last_seen_at, session.own_device, now)
        });
        let just_now = living.filter(|_| sent_just_now(before.started_at, now));
        Ok(just_now.map(|_| Started { attempt: before, page, new_session: true, again: true }))
    }

    /// Counts a start that makes a nurse; until when there is no room for it, where there is none. Whoever has a session
    /// waits for nobody.
    async fn must_wait(&self, conn: &mut Conn, now: Millis) -> sqlx::Result<Option<Millis>> {
        match &self.place {
            Some(place) if !self.visitor.is_known() => {
                tries::count_one(conn, place, STARTS_ALLOWED, now).await
            }
            _ => Ok(None),
        }
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
