//! Coming in with a password: counted before it is looked at, one answer for everybody who may not.

use super::audit::{Actor, Event};
use super::credentials::{Email, Password};
use super::nurse::Visitor;
use super::secrets::Busy;
use super::store::{self, AuditEntry};
use super::{ACCOUNT_TRIES_ALLOWED, Person, StaffId, TRIES_ALLOWED, TRIES_COUNT_FOR};
use crate::app::App;
use crate::db::Work;
use crate::web::session::SessionToken;

/// What became of an address and a password.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// They belong together; this is the new session, and whether she belongs to any cohort.
    Yes(SessionToken, Person, bool),
    /// They don't, or nobody has this address, or whoever has it can't come in: nobody learns which.
    No,
    /// Too many were tried.
    TooMany,
    /// Too many are signing in right now.
    Busy,
}

/// The bucket of all tries that were in vain. It limits nothing.
const IN_VAIN: &str = "in vain";

/// Signs in. The try is counted before it is looked at, and taken back when it was right.
pub async fn sign_in(
    app: &App,
    visitor: &Visitor,
    address: &str,
    email: &Email,
    password: &Password,
) -> sqlx::Result<SignIn> {
    let buckets = [app.secrets.account_bucket(email), app.secrets.sign_in_bucket(address)];
    if !count(app, buckets.clone()).await? {
        return Ok(SignIn::TooMany);
    }
    let found = store::credentials(&mut app.db.read().await?, email).await?;
    let stored = found.as_ref().map(|found| found.password_hash.as_str());
    let Ok(right) = app.secrets.is_password(password, stored).await else { return Ok(SignIn::Busy) };
    let (clock, now) = (app.clock.clone(), app.clock.now());
    let before = visitor.session_hash().map(str::to_owned);
    let session = SessionToken::new(clock.new_token());
    let coming_in = app.db.write(move |conn| {
        let (clock, before, found) = (clock.clone(), before.clone(), found.clone());
        let (buckets, session) = (buckets.clone(), session.clone());
        let work: Work<'_, SignIn, sqlx::Error> = Box::pin(async move {
            let [account, place] = &buckets;
            let enters = match &found {
                Some(found) => right && store::comes_in(conn, &found.id, &found.password_hash, now).await?,
                None => false,
            };
            if !enters {
                // In vain is in vain: whether anybody has this address changes neither what is waited for nor, by
                // much, what is written.
                store::count_try(conn, IN_VAIN, now, now).await?;
            }
            let Some(found) = found else { return Ok(SignIn::No) };
            let event = if enters { Event::SignedIn } else { Event::SignInFailed };
            let actor = if enters { Actor::Staff(&found.id) } else { Actor::Stranger };
            let entry = AuditEntry::of(clock.new_id(), now, event, actor);
            store::note(conn, &AuditEntry { staff_id: Some(&found.id), ..entry }).await?;
            let staff = StaffId::read(&found.id).filter(|_| enters);
            let Some(staff) = staff else { return Ok(SignIn::No) };
            store::forget_try(conn, account).await?;
            store::forget_try(conn, place).await?;
            if let Some(before) = before {
                store::delete_session(conn, &before).await?;
            }
            store::insert_staff_session(conn, &session.hash(), staff.as_str(), now).await?;
            let in_a_cohort = store::session(conn, &session.hash()).await?.is_some_and(|it| it.in_a_cohort);
            let person = store::person(conn, &staff).await?;
            Ok(person.map_or(SignIn::No, |person| SignIn::Yes(session, person, in_a_cohort)))
        });
        work
    });
    let done = coming_in.await?;
    if matches!(done, SignIn::No) {
        metrics::counter!("warmly_sign_in_failures_total").increment(1);
    }
    Ok(done)
}

/// Counts a try in both buckets; whether it may still be looked at.
async fn count(app: &App, buckets: [String; 2]) -> sqlx::Result<bool> {
    let now = app.clock.now();
    let counting = app.db.write(move |conn| {
        let [account, place] = buckets.clone();
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let forget = now - TRIES_COUNT_FOR;
            let of_account = store::count_try(conn, &account, now, forget).await?;
            let of_place = store::count_try(conn, &place, now, forget).await?;
            Ok(of_account <= ACCOUNT_TRIES_ALLOWED && of_place <= TRIES_ALLOWED)
        });
        work
    });
    counting.await
}

/// Whether this is the password of somebody who is signed in. Counted as a sign-in is, per account; None where too
/// many were tried.
pub async fn confirm(
    app: &App,
    person: &Person,
    password: &Password,
) -> sqlx::Result<Option<Result<bool, Busy>>> {
    let Some(email) = Email::read(&person.email) else { return Ok(None) };
    let (bucket, now) = (app.secrets.account_bucket(&email), app.clock.now());
    let counted = bucket.clone();
    let counting = app.db.write(move |conn| {
        let bucket = counted.clone();
        Box::pin(async move { store::count_try(conn, &bucket, now, now - TRIES_COUNT_FOR).await })
    });
    if counting.await? > ACCOUNT_TRIES_ALLOWED {
        return Ok(None);
    }
    let stored = store::password_hash(&mut app.db.read().await?, &person.id).await?;
    let right = app.secrets.is_password(password, stored.as_deref()).await;
    if right == Ok(true) {
        let taking_back = app.db.write(move |conn| {
            let bucket = bucket.clone();
            Box::pin(async move { store::forget_try(conn, &bucket).await })
        });
        taking_back.await?;
    }
    Ok(Some(right))
}
