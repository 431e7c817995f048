//! What an administrator decides about second steps: that everybody must have one, and that somebody's is taken away
//! because the phone is lost. Each is one transaction with its row in the audit log.

use super::StaffId;
use super::audit::{Actor, Event};
use super::audit_words::ENDED;
use super::credentials::Email;
use super::second::end;
use super::staff::Staff;
use super::store::{self, AuditEntry};
use crate::app::App;
use crate::clock::Clock;
use crate::db::{Db, Work};

/// Takes somebody's second step away. Her sessions end, and no browser is known any more. False where there is nobody
/// with this id.
pub async fn remove(app: &App, by: &Staff, staff: &StaffId) -> anyhow::Result<bool> {
    let (clock, by, staff) = (app.clock.clone(), by.clone(), staff.clone());
    let removing = app.db.write(move |conn| {
        let (clock, by, staff) = (clock.clone(), by.clone(), staff.clone());
        let work: Work<'_, bool, anyhow::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            if store::person(conn, &staff).await?.is_none() {
                return Ok(false);
            }
            if store::second_step(conn, &staff).await?.is_some() {
                end(conn, &staff).await?;
                let actor = Actor::Staff(by.id().as_str());
                let entry = AuditEntry::of(clock.new_id(), clock.now(), Event::SecondStepRemoved, actor);
                store::note(conn, &AuditEntry { staff_id: Some(staff.as_str()), ..entry }).await?;
            }
            Ok(true)
        });
        work
    });
    removing.await
}

/// The same by whoever runs the program, who needs no account: where the only administrator has lost phone and codes.
/// None where nobody has this address.
pub async fn remove_by_command(db: &Db, clock: &Clock, email: &Email) -> sqlx::Result<Option<bool>> {
    let (clock, email) = (clock.clone(), email.clone());
    let removing = db.write(move |conn| {
        let (clock, email) = (clock.clone(), email.clone());
        let work: Work<'_, Option<bool>, sqlx::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            let found = store::credentials(conn, &email).await?;
            let Some(staff) = found.and_then(|found| StaffId::read(&found.id)) else { return Ok(None) };
            if store::second_step(conn, &staff).await?.is_none() {
                return Ok(Some(false));
            }
            end(conn, &staff).await?;
            let event = Event::SecondStepRemoved;
            let entry = AuditEntry::of(clock.new_id(), clock.now(), event, Actor::Program);
            store::note(conn, &AuditEntry { staff_id: Some(staff.as_str()), ..entry }).await?;
            Ok(Some(true))
        });
        work
    });
    removing.await
}

/// What became of asking everybody for a second step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Asked {
    /// It is so.
    Yes,
    /// Whoever asks has none herself.
    HasNone,
}

/// Asks everybody of the staff for a second step from the next sign-in on, or nobody any more.
pub async fn ask_everybody(app: &App, by: &Staff, must: bool) -> anyhow::Result<Asked> {
    let (clock, by) = (app.clock.clone(), by.clone());
    let asking = app.db.write(move |conn| {
        let (clock, by) = (clock.clone(), by.clone());
        let work: Work<'_, Asked, anyhow::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            if must && store::second_step(conn, by.id()).await?.is_none() {
                return Ok(Asked::HasNone);
            }
            if store::second_step_required(conn).await?.is_some() == must {
                return Ok(Asked::Yes);
            }
            let now = clock.now();
            store::require_second_step(conn, must.then_some(now)).await?;
            let actor = Actor::Staff(by.id().as_str());
            let entry = AuditEntry::of(clock.new_id(), now, Event::SecondStepRequired, actor);
            let object_id = (!must).then_some(ENDED);
            store::note(conn, &AuditEntry { object_id, ..entry }).await?;
            Ok(Asked::Yes)
        });
        work
    });
    asking.await
}
