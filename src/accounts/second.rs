//! The second step: given when signing in; set up, its recovery codes replaced, turned off. Each change is one
//! transaction with its row in the audit log.

use super::audit::{Actor, Event};
use super::device::Device;
use super::enter::{Arrival, Arrived};
use super::nurse::Visitor;
use super::second_step::{CODE_TRIES_ALLOWED, HALF_LIVES, RecoveryCode, Typed};
use super::secrets::Secrets;
use super::staff::Staff;
use super::store::{self, AuditEntry};
use super::tries::{self, Buckets, Counted};
use super::{DEVICE_LIVES, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::db::{Conn, Work};
use crate::token::SENT_TWICE_WITHIN;
use crate::web::cookies::{DeviceToken, HalfToken};
use crate::web::session::SessionToken;

/// What became of a code after the password.
#[derive(Clone, Debug)]
pub enum Second {
    /// It was right.
    Yes(Arrived),
    /// It was not, or was used before.
    No,
    /// Too many were tried.
    TooMany,
    /// The password was given too long ago, or whoever gave it may come in no longer.
    Gone,
}

/// Who is half-way in with this token.
pub async fn half_in(app: &App, half: &HalfToken) -> sqlx::Result<Option<StaffId>> {
    store::half_session(&mut app.db.read().await?, &half.hash(), since(app.clock.now())).await
}

/// Since when somebody must have come half-way in.
const fn since(now: Millis) -> Millis {
    now - HALF_LIVES
}

/// Comes in with a code. The try is counted before it is looked at, and taken back when it was right.
pub async fn enter(
    app: &App,
    visitor: &Visitor,
    (address, device): (&str, &Device),
    half: &HalfToken,
    typed: Typed,
) -> sqlx::Result<Second> {
    let Some(staff) = half_in(app, half).await? else { return Ok(Second::Gone) };
    let buckets = Buckets {
        device: known(app, device, &staff).await?,
        account: (app.secrets.second_step_bucket(&staff), CODE_TRIES_ALLOWED),
        place: Some(app.secrets.sign_in_bucket(address)),
    };
    let Some(counted) = tries::count(app, buckets).await? else { return Ok(Second::TooMany) };
    let arrival = Arrival::new(&app.clock, staff, visitor, device);
    let (clock, secrets, half) = (app.clock.clone(), app.secrets.clone(), half.hash());
    let entering = app.db.write(move |conn| {
        let (clock, secrets, counted) = (clock.clone(), secrets.clone(), counted.clone());
        let (half, typed, arrival) = (half.clone(), typed.clone(), arrival.clone());
        let work: Work<'_, Second, sqlx::Error> = Box::pin(async move {
            let now = clock.now();
            store::hold_half_session(conn, &half).await?;
            // Whoever was disabled, or whose password was changed, since the question was asked is half-way in no
            // longer; nor is a form that was sent twice, where the first has come in. No code was looked at.
            if store::half_session(conn, &half, since(now)).await?.as_ref() != Some(&arrival.staff) {
                counted.take_back(conn).await?;
                return Ok(Second::Gone);
            }
            if !is_right(conn, &secrets, &clock, &arrival.staff, &typed).await? {
                return Ok(Second::No);
            }
            store::delete_half_session(conn, &half).await?;
            counted.take_back(conn).await?;
            Ok(arrival.arrive(conn, &clock).await?.map_or(Second::Gone, Second::Yes))
        });
        work
    });
    entering.await
}

/// The browser's own bucket, where this person came in with it before.
async fn known(app: &App, device: &Device, staff: &StaffId) -> sqlx::Result<Option<String>> {
    let Some(hash) = device.known_by.as_ref().map(DeviceToken::hash) else { return Ok(None) };
    let since = app.clock.now() - DEVICE_LIVES;
    let known_at = store::known_at_of(&mut app.db.read().await?, &hash, staff, since).await?;
    Ok(known_at.map(|known_at| app.secrets.device_bucket(staff.as_str(), known_at)))
}

/// Whether this opens now; it is used up where it does. Either way it is noted, but a code that opens as ever.
async fn is_right(
    conn: &mut Conn,
    secrets: &Secrets,
    clock: &Clock,
    staff: &StaffId,
    typed: &Typed,
) -> sqlx::Result<bool> {
    let now = clock.now();
    let right = match (store::second_step(conn, staff).await?, typed) {
        (None, _) => false,
        (Some(step), Typed::Code(code)) => {
            let used = step.last_step;
            match secrets.second_step(staff, &step.seed).step_of(code, now, used) {
                Some(step) => store::use_step(conn, staff, step, used).await?,
                None => false,
            }
        }
        (Some(_), Typed::Recovery(code)) => {
            store::use_recovery_code(conn, staff, &secrets.recovery_code_hash(code), now).await?
        }
    };
    match (right, typed) {
        (true, Typed::Code(_)) => {}
        (true, Typed::Recovery(_)) => note(conn, clock, staff, Event::RecoveryCodeUsed).await?,
        (false, _) => {
            let entry = AuditEntry::of(clock.new_id(), now, Event::SecondStepFailed, Actor::Stranger);
            store::note(conn, &AuditEntry { staff_id: Some(staff.as_str()), ..entry }).await?;
        }
    }
    Ok(right)
}

/// Notes what somebody did about herself.
async fn note(conn: &mut Conn, clock: &Clock, staff: &StaffId, event: Event) -> sqlx::Result<()> {
    let entry = AuditEntry::of(clock.new_id(), clock.now(), event, Actor::Staff(staff.as_str()));
    store::note(conn, &AuditEntry { staff_id: Some(staff.as_str()), ..entry }).await
}

/// What became of a change to one's own second step.
#[derive(Clone, Debug)]
pub enum Changed<T> {
    /// It is so.
    Yes(T),
    /// The code was wrong.
    No,
    /// Too many codes were tried.
    TooMany,
    /// It can't be: it is on already, or off, or everybody must have one, or this session has ended meanwhile.
    Not,
    /// This very form has shown its recovery codes before, and not just now.
    Shown,
}

/// Recovery codes that were asked for.
pub type Codes = Changed<Vec<RecoveryCode>>;

fn hashes(secrets: &Secrets, codes: &[RecoveryCode]) -> Vec<String> {
    codes.iter().map(|code| secrets.recovery_code_hash(code)).collect()
}

/// What a form shows that has made these very codes before. None where it made none, or where others were made since.
async fn again(
    conn: &mut Conn,
    clock: &Clock,
    staff: &StaffId,
    (codes, hashes): (&[RecoveryCode], &[String]),
) -> sqlx::Result<Option<Codes>> {
    let Some(first) = hashes.first() else { return Ok(None) };
    if !store::has_recovery_code(conn, staff, first).await? {
        return Ok(None);
    }
    let (now, since) = (clock.now(), clock.now() - SENT_TWICE_WITHIN);
    let just_now = store::codes_made_between(conn, staff, &clock.new_id_at(since), (since, now)).await?;
    Ok(Some(if just_now { Changed::Yes(codes.to_vec()) } else { Changed::Shown }))
}

/// What the form shows that has turned the second step on in this session before. None where it has not.
pub async fn made_before(app: &App, staff: &Staff, form_token: &str) -> sqlx::Result<Option<Codes>> {
    let mut conn = app.db.read().await?;
    let seed = app.secrets.seed_of_session(staff.session_hash());
    if store::second_step(&mut conn, staff.id()).await?.is_none_or(|step| step.seed != seed) {
        return Ok(None);
    }
    let codes = app.secrets.recovery_codes_of_form(staff.id(), form_token);
    again(&mut conn, &app.clock, staff.id(), (&codes, &hashes(&app.secrets, &codes))).await
}

/// Turns one's own second step on with the first code of the phone, and gives the recovery codes. Every other session
/// ends: it began without one.
pub async fn turn_on(app: &App, staff: &Staff, form_token: &str, code: String) -> sqlx::Result<Codes> {
    let (clock, secrets, staff) = (app.clock.clone(), app.secrets.clone(), staff.clone());
    let codes = secrets.recovery_codes_of_form(staff.id(), form_token);
    let turning = app.db.write(move |conn| {
        let (clock, secrets, staff) = (clock.clone(), secrets.clone(), staff.clone());
        let (codes, code) = (codes.clone(), code.clone());
        let work: Work<'_, Codes, sqlx::Error> = Box::pin(async move {
            let (id, now) = (staff.id(), clock.now());
            let hashes = hashes(&secrets, &codes);
            store::one_change_of_roles_at_a_time(conn).await?;
            if !store::is_still_in(conn, &staff).await? {
                return Ok(Changed::Not);
            }
            if store::second_step(conn, id).await?.is_some() {
                return Ok(again(conn, &clock, id, (&codes, &hashes)).await?.unwrap_or(Changed::Not));
            }
            let seed = secrets.seed_of_session(staff.session_hash());
            let Some(step) = secrets.second_step(id, &seed).step_of(&code, now, 0) else {
                return Ok(Changed::No);
            };
            store::insert_second_step(conn, id, &seed, step, now).await?;
            store::put_recovery_codes(conn, id, &hashes).await?;
            store::delete_other_sessions(conn, id, staff.session_hash()).await?;
            note(conn, &clock, id, Event::SecondStepOn).await?;
            Ok(Changed::Yes(codes))
        });
        work
    });
    turning.await
}

/// Counts a code that somebody who is signed in types.
async fn count(app: &App, staff: &Staff) -> sqlx::Result<Option<Counted>> {
    let account = (app.secrets.second_step_bucket(staff.id()), CODE_TRIES_ALLOWED);
    tries::count(app, Buckets { device: None, account, place: None }).await
}

/// Makes new recovery codes; the old ones open nothing any more.
pub async fn renew_codes(app: &App, staff: &Staff, form_token: &str, typed: Typed) -> sqlx::Result<Codes> {
    let Some(counted) = count(app, staff).await? else { return Ok(Changed::TooMany) };
    let (clock, secrets, staff) = (app.clock.clone(), app.secrets.clone(), staff.clone());
    let codes = secrets.recovery_codes_of_form(staff.id(), form_token);
    let renewing = app.db.write(move |conn| {
        let (clock, secrets, staff) = (clock.clone(), secrets.clone(), staff.clone());
        let (codes, typed, counted) = (codes.clone(), typed.clone(), counted.clone());
        let work: Work<'_, Codes, sqlx::Error> = Box::pin(async move {
            let (id, hashes) = (staff.id(), hashes(&secrets, &codes));
            store::one_change_of_roles_at_a_time(conn).await?;
            if !store::is_still_in(conn, &staff).await? || store::second_step(conn, id).await?.is_none() {
                return Ok(Changed::Not);
            }
            let again = again(conn, &clock, id, (&codes, &hashes)).await?;
            if again.is_none() && !is_right(conn, &secrets, &clock, id, &typed).await? {
                return Ok(Changed::No);
            }
            counted.take_back(conn).await?;
            if let Some(again) = again {
                return Ok(again);
            }
            store::put_recovery_codes(conn, id, &hashes).await?;
            note(conn, &clock, id, Event::RecoveryCodesRenewed).await?;
            Ok(Changed::Yes(codes))
        });
        work
    });
    renewing.await
}

/// Turns one's own second step off. Every session ends and no browser is known any more; here a new session begins.
pub async fn turn_off(app: &App, staff: &Staff, typed: Typed) -> sqlx::Result<Changed<SessionToken>> {
    let Some(counted) = count(app, staff).await? else { return Ok(Changed::TooMany) };
    let (clock, secrets, staff) = (app.clock.clone(), app.secrets.clone(), staff.clone());
    let session = SessionToken::new(clock.new_token());
    let turning = app.db.write(move |conn| {
        let (clock, secrets, staff) = (clock.clone(), secrets.clone(), staff.clone());
        let (typed, counted, session) = (typed.clone(), counted.clone(), session.clone());
        let work: Work<'_, Changed<SessionToken>, sqlx::Error> = Box::pin(async move {
            let id = staff.id();
            store::one_change_of_roles_at_a_time(conn).await?;
            let may =
                store::is_still_in(conn, &staff).await? && store::second_step(conn, id).await?.is_some();
            if !may || store::second_step_required(conn).await?.is_some() {
                return Ok(Changed::Not);
            }
            if !is_right(conn, &secrets, &clock, id, &typed).await? {
                return Ok(Changed::No);
            }
            counted.take_back(conn).await?;
            end(conn, id).await?;
            let (hash, browser) = (session.hash(), staff.browser());
            store::insert_staff_session(conn, &hash, id.as_str(), browser, clock.now()).await?;
            note(conn, &clock, id, Event::SecondStepOff).await?;
            Ok(Changed::Yes(session))
        });
        work
    });
    turning.await
}

/// Takes somebody's second step away, with every session and every browser she is known in.
pub(super) async fn end(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<()> {
    store::hold_person(conn, staff).await?;
    store::delete_sessions_of_staff(conn, staff).await?;
    store::forget_devices_of(conn, staff).await?;
    store::delete_second_step(conn, staff).await
}
