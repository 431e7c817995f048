//! Coming in with a link: to set up, to accept an invitation, to set a new password. Each is one transaction.

use super::audit::{Actor, Event};
use super::changes::close_seat_links;
use super::credentials::Email;
use super::link::{Gives, Link, LinkKind};
use super::nurse::Visitor;
use super::staff::Staff;
use super::store::{self, AuditEntry, NewStaff};
use super::{Role, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::db::{Conn, Work};
use crate::token::token_hash;
use crate::web::session::SessionToken;

/// Somebody who is to have an account.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Her name.
    pub name: String,
    /// Her address.
    pub email: Email,
    /// The slow hash of her password.
    pub password_hash: String,
    /// What her browser calls itself.
    pub browser: String,
}

/// What became of a link that somebody used.
#[derive(Clone, Debug)]
pub enum Admitted {
    /// It gave her this, and this is her new session.
    Yes(SessionToken, Gives),
    /// It opens nothing (any more).
    Closed,
    /// There is an account with this address already.
    HasAccount,
    /// She made it herself, for somebody else.
    HerOwn,
}

/// Makes the account that a set-up link or an invitation is for, and signs in. Of two who use a link, one wins.
pub async fn newcomer(
    app: &App,
    visitor: &Visitor,
    kind: LinkKind,
    token: &str,
    newcomer: Newcomer,
) -> sqlx::Result<Admitted> {
    let (clock, now) = (app.clock.clone(), app.clock.now());
    let (token_hash, before) = (token_hash(token), visitor.session_hash().map(str::to_owned));
    let session = SessionToken::new(clock.new_token());
    let made = app.db.write(move |conn| {
        let (clock, token_hash, before) = (clock.clone(), token_hash.clone(), before.clone());
        let (newcomer, session) = (newcomer.clone(), session.clone());
        let work: Work<'_, Admitted, sqlx::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            let Some(link) = usable(conn, kind, &token_hash, now).await? else { return Ok(Admitted::Closed) };
            if store::credentials(conn, &newcomer.email).await?.is_some() {
                return Ok(Admitted::HasAccount);
            }
            let Some(id) = StaffId::read(&clock.new_id()) else { return Ok(Admitted::Closed) };
            let staff = NewStaff {
                id: id.clone(),
                email: newcomer.email.as_str().to_owned(),
                name: newcomer.name,
                password_hash: newcomer.password_hash,
                administrator: link.gives.administrator,
                educator: link.gives.educator,
            };
            // Taken back or used since it was looked at: then nothing is given.
            if !store::use_link(conn, &link.id, now).await? {
                return Ok(Admitted::Closed);
            }
            store::insert_staff(conn, &staff, now).await?;
            give(conn, &clock, &link, kind, &id).await?;
            if let Some(before) = before {
                store::delete_session(conn, &before).await?;
            }
            let hash = session.hash();
            store::insert_staff_session(conn, &hash, id.as_str(), &newcomer.browser, now).await?;
            Ok(Admitted::Yes(session, link.gives))
        });
        work
    });
    made.await
}

/// Gives somebody who has an account what an invitation gives. Her sessions end; a new one begins here.
pub async fn accept(app: &App, by: &Staff, token: &str) -> anyhow::Result<Admitted> {
    let (clock, now) = (app.clock.clone(), app.clock.now());
    let (token_hash, by) = (token_hash(token), by.clone());
    let session = SessionToken::new(clock.new_token());
    let accepted = app.db.write(move |conn| {
        let (clock, token_hash) = (clock.clone(), token_hash.clone());
        let (by, session) = (by.clone(), session.clone());
        let work: Work<'_, Admitted, anyhow::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            let staff = by.id();
            let kind = LinkKind::Invitation;
            let link = usable(conn, kind, &token_hash, now).await?;
            let (Some(link), Some(person)) = (link, store::person(conn, staff).await?) else {
                return Ok(Admitted::Closed);
            };
            if link.made_by.as_ref() == Some(staff) {
                return Ok(Admitted::HerOwn);
            }
            let administrator = person.administrator || link.gives.administrator;
            let educator = person.educator || link.gives.educator;
            if !store::use_link(conn, &link.id, now).await? {
                return Ok(Admitted::Closed);
            }
            store::set_rights(conn, staff, administrator, educator).await?;
            give(conn, &clock, &link, kind, staff).await?;
            store::delete_sessions_of_staff(conn, staff).await?;
            let hash = session.hash();
            store::insert_staff_session(conn, &hash, staff.as_str(), by.browser(), now).await?;
            Ok(Admitted::Yes(session, link.gives))
        });
        work
    });
    accepted.await
}

/// The link, where it can be used now. The first administrator is set up only while there is none.
async fn usable(
    conn: &mut Conn,
    kind: LinkKind,
    token_hash: &str,
    now: Millis,
) -> sqlx::Result<Option<Link>> {
    let late = kind == LinkKind::SetUp && store::administrators(conn).await? > 0;
    if late { Ok(None) } else { store::open_link(conn, kind, token_hash, now).await }
}

/// Writes down what a link gave that was used up.
async fn give(
    conn: &mut Conn,
    clock: &Clock,
    link: &Link,
    kind: LinkKind,
    staff: &StaffId,
) -> sqlx::Result<()> {
    let now = clock.now();
    let about = |event| AuditEntry {
        staff_id: Some(staff.as_str()),
        object_id: Some(link.id.as_str()),
        ..AuditEntry::of(clock.new_id(), now, event, Actor::Staff(staff.as_str()))
    };
    if kind == LinkKind::SetUp {
        return store::note(conn, &about(Event::SetUp)).await;
    }
    store::note(conn, &about(Event::InvitationAccepted)).await?;
    if link.gives.administrator {
        store::note(conn, &about(Event::AdministratorChanged)).await?;
    }
    if link.gives.educator {
        store::note(conn, &about(Event::EducatorChanged)).await?;
    }
    if let Some((cohort, role)) = &link.gives.membership {
        store::insert_membership(conn, cohort, staff, *role, now).await?;
        if *role == Role::Manager {
            close_seat_links(conn, staff, Some(cohort), now).await?;
        }
        let given = AuditEntry {
            cohort_id: Some(cohort.as_str()),
            object_id: Some(role.stored()),
            ..about(Event::MembershipGiven)
        };
        store::note(conn, &given).await?;
    }
    Ok(())
}

/// Sets a new password with a link. Every session of its owner ends, and tries in vain are forgotten.
pub async fn reset(app: &App, token: &str, email: &Email, password_hash: String) -> sqlx::Result<bool> {
    let (clock, now) = (app.clock.clone(), app.clock.now());
    let (token_hash, bucket) = (token_hash(token), app.secrets.account_bucket(email));
    let resetting = app.db.write(move |conn| {
        let (clock, token_hash, bucket) = (clock.clone(), token_hash.clone(), bucket.clone());
        let password_hash = password_hash.clone();
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let link = store::open_link(conn, LinkKind::Reset, &token_hash, now).await?;
            let Some((link, staff)) = link.and_then(|link| Some((link.id, link.staff?))) else {
                return Ok(false);
            };
            if !store::use_link(conn, &link, now).await? {
                return Ok(false);
            }
            store::withdraw_resets_for(conn, &staff, now).await?;
            store::set_password(conn, &staff, &password_hash).await?;
            store::delete_sessions_of_staff(conn, &staff).await?;
            store::forget_devices_of(conn, &staff).await?;
            store::clear_tries(conn, &bucket).await?;
            let actor = Actor::Staff(staff.as_str());
            let entry = AuditEntry::of(clock.new_id(), now, Event::PasswordReset, actor);
            let entry =
                AuditEntry { staff_id: Some(staff.as_str()), object_id: Some(link.as_str()), ..entry };
            store::note(conn, &entry).await?;
            Ok(true)
        });
        work
    });
    resetting.await
}
