//! Notes that a named nurse's answers were looked at, before they are shown: she can see it in her record.

use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note, noted_since};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::Seat;

/// Looking again within this time is the same look: one hour.
const ONE_LOOK: Millis = 60 * 60 * 1000;

/// Notes that this educator looked at this attempt, or seat, of a nurse. It is in the log when this returns.
pub async fn note_view(app: &App, educator: &Educator, seat: &Seat, object_id: &str) -> sqlx::Result<()> {
    let now = app.clock.now();
    let actor = educator.staff().id().as_str();
    let mut conn = app.db.read().await?;
    if noted_since(&mut conn, Event::TranscriptViewed, actor, object_id, now - ONE_LOOK).await? {
        return Ok(());
    }
    drop(conn);
    let (id, educator, seat, object_id) =
        (app.clock.new_id(), educator.clone(), seat.clone(), object_id.to_owned());
    app.db
        .write(move |conn| {
            let (id, educator, seat, object_id) =
                (id.clone(), educator.clone(), seat.clone(), object_id.clone());
            Box::pin(async move {
                let actor = educator.staff().id().as_str();
                if noted_since(conn, Event::TranscriptViewed, actor, &object_id, now - ONE_LOOK).await? {
                    return Ok(());
                }
                let entry = AuditEntry {
                    nurse_id: seat.nurse_id.as_deref(),
                    object_id: Some(&object_id),
                    ..AuditEntry::by_educator(id, now, Event::TranscriptViewed, &educator)
                };
                note(conn, &entry).await
            })
        })
        .await
}
