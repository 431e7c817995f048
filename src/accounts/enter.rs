//! Coming in with a password: counted before it is looked at, one answer for everybody who may not.
//!
//! Whether anybody has an address must not show in how long a refusal takes. A refusal makes one slow hash and speaks
//! the same number of statements to the database either way; a test counts both.

use super::audit::{Actor, Event};
use super::credentials::{Email, Password};
use super::device::Device;
use super::nurse::Visitor;
use super::secrets::Busy;
use super::store::{self, AuditEntry, Credentials};
use super::tries::{self, Buckets, Counted};
use super::{ACCOUNT_TRIES_ALLOWED, DEVICE_LIVES, Person, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::db::{Conn, Work};
use crate::web::cookies::{DeviceToken, HalfToken};
use crate::web::session::SessionToken;

/// What became of an address and a password.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// They belong together, and nothing else is asked for.
    Yes(Arrived),
    /// They belong together; a code is asked for next.
    Half(HalfToken),
    /// They don't, or nobody has this address, or whoever has it can't come in: nobody learns which.
    No,
    /// Too many were tried.
    TooMany,
    /// Too many are signing in right now.
    Busy,
}

/// Somebody who is in.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// The new session.
    pub session: SessionToken,
    /// What the browser is known by from now on.
    pub device: DeviceToken,
    /// Who it is.
    pub person: Person,
    /// Whether she belongs to any cohort.
    pub in_a_cohort: bool,
}

/// Somebody who is coming in: what becomes of the browser and its session.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) staff: StaffId,
    /// The session that this browser had before.
    before: Option<String>,
    session: SessionToken,
    device: DeviceToken,
    known_by: Option<String>,
    browser: String,
}

impl Arrival {
    pub(super) fn new(clock: &Clock, staff: StaffId, visitor: &Visitor, device: &Device) -> Self {
        Self {
            staff,
            before: visitor.session_hash().map(str::to_owned),
            session: SessionToken::new(clock.new_token()),
            device: DeviceToken::new(clock.new_token()),
            known_by: device.known_by.as_ref().map(DeviceToken::hash),
            browser: device.browser.clone(),
        }
    }

    /// Makes the session, and the browser known. None where there is nobody with this id any more.
    pub(super) async fn arrive(self, conn: &mut Conn, clock: &Clock) -> sqlx::Result<Option<Arrived>> {
        let now = clock.now();
        if let Some(before) = &self.before {
            store::delete_session(conn, before).await?;
        }
        let hash = self.session.hash();
        store::insert_staff_session(conn, &hash, self.staff.as_str(), &self.browser, now).await?;
        let device = self.device.hash();
        if let Some(known_by) = &self.known_by {
            store::rename_device(conn, known_by, &device).await?;
        }
        store::put_device(conn, &device, &self.staff, now).await?;
        let actor = Actor::Staff(self.staff.as_str());
        let entry = AuditEntry::of(clock.new_id(), now, Event::SignedIn, actor);
        store::note(conn, &AuditEntry { staff_id: Some(self.staff.as_str()), ..entry }).await?;
        let in_a_cohort = store::session(conn, &hash).await?.is_some_and(|session| session.in_a_cohort);
        let person = store::person(conn, &self.staff).await?;
        let (session, device) = (self.session, self.device);
        Ok(person.map(|person| Arrived { session, device, person, in_a_cohort }))
    }
}

/// The buckets of all tries that were in vain, and of those at addresses that nobody has. They limit nothing.
const IN_VAIN: &str = "in vain";
const NOBODY: &str = "nobody";

/// Signs in. The try is counted before it is looked at, and taken back when it was right.
pub async fn sign_in(
    app: &App,
    visitor: &Visitor,
    (address, device): (&str, &Device),
    email: &Email,
    password: &Password,
) -> sqlx::Result<SignIn> {
    let buckets = Buckets {
        device: known(app, device, email).await?,
        account: (app.secrets.account_bucket(email), ACCOUNT_TRIES_ALLOWED),
        place: Some(app.secrets.sign_in_bucket(address)),
    };
    let Some(counted) = tries::count(app, buckets).await? else { return Ok(SignIn::TooMany) };
    let found = store::credentials(&mut app.db.read().await?, email).await?;
    let stored = found.as_ref().map(|found| found.password_hash.as_str());
    let Ok(right) = app.secrets.is_password(password, stored).await else {
        counted.was_not_wrong(app).await?;
        return Ok(SignIn::Busy);
    };
    let staff = found.as_ref().and_then(|found| StaffId::read(&found.id));
    let Some(staff) = staff.filter(|_| right) else {
        refuse(app, found.map(|found| found.id)).await?;
        return Ok(SignIn::No);
    };
    let arrival = Arrival::new(&app.clock, staff, visitor, device);
    let half = HalfToken::new(app.clock.new_token());
    let clock = app.clock.clone();
    let coming_in = app.db.write(move |conn| {
        let (clock, found, counted) = (clock.clone(), found.clone(), counted.clone());
        let (arrival, half) = (arrival.clone(), half.clone());
        let work: Work<'_, SignIn, sqlx::Error> = Box::pin(async move {
            let Some(found) = found else { return Ok(SignIn::No) };
            with_the_password(conn, &clock, &found, &counted, arrival, half).await
        });
        work
    });
    let done = coming_in.await?;
    if matches!(done, SignIn::No) {
        metrics::counter!("warmly_sign_in_failures_total").increment(1);
    }
    Ok(done)
}

/// The browser's own bucket, where whoever has this address came in with it before.
async fn known(app: &App, device: &Device, email: &Email) -> sqlx::Result<Option<String>> {
    let Some(hash) = device.known_by.as_ref().map(DeviceToken::hash) else { return Ok(None) };
    let since = app.clock.now() - DEVICE_LIVES;
    let known_at = store::known_at(&mut app.db.read().await?, &hash, email, since).await?;
    Ok(known_at.map(|known_at| app.secrets.device_bucket(email.as_str(), known_at)))
}

/// Notes that a password was wrong, of an account that is there. Otherwise as much is written as if it were.
async fn refuse(app: &App, account: Option<String>) -> sqlx::Result<()> {
    metrics::counter!("warmly_sign_in_failures_total").increment(1);
    let clock = app.clock.clone();
    let refusing = app.db.write(move |conn| {
        let (clock, account) = (clock.clone(), account.clone());
        Box::pin(async move { note_refused(conn, &clock, account.as_deref()).await })
    });
    refusing.await
}

async fn note_refused(conn: &mut Conn, clock: &Clock, account: Option<&str>) -> sqlx::Result<()> {
    let now = clock.now();
    store::count_try(conn, IN_VAIN, now, now).await?;
    if account.is_none() {
        return store::count_try(conn, NOBODY, now, now).await.map(drop);
    }
    let entry = AuditEntry::of(clock.new_id(), now, Event::SignInFailed, Actor::Stranger);
    store::note(conn, &AuditEntry { staff_id: account, ..entry }).await
}

/// The password was right when it was looked at: in, half-way in, or refused because that changed meanwhile.
async fn with_the_password(
    conn: &mut Conn,
    clock: &Clock,
    found: &Credentials,
    counted: &Counted,
    arrival: Arrival,
    half: HalfToken,
) -> sqlx::Result<SignIn> {
    let now: Millis = clock.now();
    if !store::comes_in(conn, &found.id, &found.password_hash, now).await? {
        note_refused(conn, clock, Some(&found.id)).await?;
        return Ok(SignIn::No);
    }
    counted.take_back(conn).await?;
    if store::second_step(conn, &arrival.staff).await?.is_some() {
        store::insert_half_session(conn, &half.hash(), &arrival.staff, now).await?;
        return Ok(SignIn::Half(half));
    }
    Ok(arrival.arrive(conn, clock).await?.map_or(SignIn::No, SignIn::Yes))
}

/// What became of the password of somebody who is signed in.
#[derive(Clone, Debug)]
pub enum Confirmed {
    /// It was right. By the time something is done with it there may be another; then her session has ended.
    Yes,
    /// It was wrong.
    No,
    /// Too many were tried.
    TooMany,
    /// Too many are signing in right now.
    Busy,
}

/// Whether this is the password of somebody who is signed in. Counted as a sign-in is, but apart from those.
pub async fn confirm(app: &App, staff: &StaffId, password: &Password) -> sqlx::Result<Confirmed> {
    let account = (app.secrets.confirming_bucket(staff), ACCOUNT_TRIES_ALLOWED);
    let buckets = Buckets { device: None, account, place: None };
    let Some(counted) = tries::count(app, buckets).await? else { return Ok(Confirmed::TooMany) };
    let stored = store::password_hash(&mut app.db.read().await?, staff).await?;
    let confirmed = match app.secrets.is_password(password, stored.as_deref()).await {
        Ok(true) => Confirmed::Yes,
        Ok(false) => return Ok(Confirmed::No),
        Err(Busy) => Confirmed::Busy,
    };
    // It was right, or it was not looked at.
    counted.was_not_wrong(app).await?;
    Ok(confirmed)
}
