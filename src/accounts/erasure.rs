//! Deleting everything that is a nurse's own, in one transaction over every part of the program.

use super::audit::{Actor, Event};
use super::nurse::Nurse;
use super::store::{self, AuditEntry};
use crate::app::App;
use crate::db::Conn;
use crate::{cohorts, practice, review};

/// Deletes everything that is hers. Of assigned work the replies stay, without words and without a name: a nurse that
/// nobody is has them then, one for each group. Afterwards nothing of it can be read in the database's files either.
pub async fn erase(app: &App, nurse: &Nurse) -> sqlx::Result<()> {
    let (doing, nurse) = (app.clone(), nurse.clone());
    app.db
        .write(move |conn| {
            let (app, nurse) = (doing.clone(), nurse.clone());
            Box::pin(async move { everything(conn, &app, &nurse).await })
        })
        .await?;
    app.db.forget().await;
    Ok(())
}

async fn everything(conn: &mut Conn, app: &App, nurse: &Nurse) -> sqlx::Result<()> {
    let now = app.clock.now();
    store::hold_nurse(conn, nurse.id()).await?;
    cohorts::store::hold_seats_of(conn, nurse).await?;
    for seat in practice::store::seats_with_work(conn, nurse).await? {
        let ghost = app.clock.new_id();
        store::insert_nurse(conn, &ghost, now).await?;
        // Her work first: from here on nothing more is written into it.
        practice::store::give_to_ghost(conn, nurse, &seat, &ghost).await?;
        practice::store::blank(conn, &ghost, now).await?;
        review::store::hers::forget(conn, &ghost).await?;
        cohorts::store::make_nameless(conn, nurse, &seat, &ghost, now).await?;
    }
    practice::store::delete_reflections(conn, nurse).await?;
    cohorts::store::delete_seats(conn, nurse).await?;
    let entry = AuditEntry {
        nurse_id: Some(nurse.id()),
        ..AuditEntry::of(app.clock.new_id(), now, Event::Erased, Actor::Nurse(nurse.id()))
    };
    store::note(conn, &entry).await?;
    // Her practice goes with her.
    store::delete_nurse(conn, nurse).await
}
