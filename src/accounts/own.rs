//! What somebody of the staff changes about her own account, each in one transaction.

use super::audit::{Actor, Event};
use super::staff::Staff;
use super::store::{self, AuditEntry};
use crate::app::App;
use crate::db::Work;
use crate::web::session::SessionToken;

/// Changes one's own name.
pub async fn rename(app: &App, staff: &Staff, name: String) -> anyhow::Result<()> {
    let staff = staff.clone();
    let renaming = app.db.write(move |conn| {
        let (staff, name) = (staff.clone(), name.clone());
        let work: Work<'_, (), anyhow::Error> = Box::pin(async move {
            staff.is_still_here(conn).await?;
            Ok(store::set_name(conn, staff.id(), &name).await?)
        });
        work
    });
    renaming.await
}

/// Sets one's own password. Every other session ends and no browser is known any more; this one has a new session. None
/// where this one has ended, as each does when the password is changed or the account is disabled.
pub async fn change_password(app: &App, staff: &Staff, hash: String) -> sqlx::Result<Option<SessionToken>> {
    let (clock, staff) = (app.clock.clone(), staff.clone());
    let session = SessionToken::new(clock.new_token());
    let changing = app.db.write(move |conn| {
        let (clock, staff, session) = (clock.clone(), staff.clone(), session.clone());
        let hash = hash.clone();
        let work: Work<'_, Option<SessionToken>, sqlx::Error> = Box::pin(async move {
            let (id, now) = (staff.id(), clock.now());
            if !store::is_still_in(conn, &staff).await? {
                return Ok(None);
            }
            store::set_password(conn, id, &hash).await?;
            store::withdraw_resets_for(conn, id, now).await?;
            store::delete_sessions_of_staff(conn, id).await?;
            store::forget_devices_of(conn, id).await?;
            store::insert_staff_session(conn, &session.hash(), id.as_str(), staff.browser(), now).await?;
            let actor = Actor::Staff(id.as_str());
            let entry = AuditEntry::of(clock.new_id(), now, Event::PasswordChanged, actor);
            store::note(conn, &AuditEntry { staff_id: Some(id.as_str()), ..entry }).await?;
            Ok(Some(session))
        });
        work
    });
    changing.await
}

/// Ends one session; the caller has made sure that it is one's own.
pub async fn end_session(app: &App, staff: &Staff, hash: String) -> anyhow::Result<()> {
    let staff = staff.clone();
    let ending = app.db.write(move |conn| {
        let (staff, hash) = (staff.clone(), hash.clone());
        let work: Work<'_, (), anyhow::Error> = Box::pin(async move {
            staff.is_still_here(conn).await?;
            Ok(store::delete_session(conn, &hash).await?)
        });
        work
    });
    ending.await
}

/// Signs out everywhere else. No browser is known any more: whoever does this may have reason to. A session that has
/// ended itself ends no other.
pub async fn end_other_sessions(app: &App, staff: &Staff) -> anyhow::Result<()> {
    let (clock, staff) = (app.clock.clone(), staff.clone());
    let ending = app.db.write(move |conn| {
        let (clock, staff) = (clock.clone(), staff.clone());
        let work: Work<'_, (), anyhow::Error> = Box::pin(async move {
            staff.is_still_here(conn).await?;
            store::delete_other_sessions(conn, staff.id(), staff.session_hash()).await?;
            store::forget_devices_of(conn, staff.id()).await?;
            let actor = Actor::Staff(staff.id().as_str());
            let entry = AuditEntry::of(clock.new_id(), clock.now(), Event::SignedOutEverywhere, actor);
            Ok(store::note(conn, &AuditEntry { staff_id: Some(staff.id().as_str()), ..entry }).await?)
        });
        work
    });
    ending.await
}
