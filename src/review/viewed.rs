//! Notes that a named nurse's answers were looked at, before they are shown: she can see it in her record.

use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, hold_person, note, noted_in_cohort};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::Seat;

/// Looking again within this time is the same look: one hour.
const ONE_LOOK: Millis = 60 * 60 * 1000;

/// Notes that this educator opened the page with everybody's answers to one turn, as `slug/turn`. It is in the log when
/// this returns.
pub async fn note_turn(app: &App, educator: &Educator, turn: &str) -> sqlx::Result<()> {
    note_once(app, educator, Event::WordsShown, None, turn).await
}

/// Notes that this educator opened a page that shows own words of this attempt to the group. It is in the log when this
/// returns.
pub async fn note_sample(app: &App, educator: &Educator, nurse_id: &str, attempt: &str) -> sqlx::Result<()> {
    note_once(app, educator, Event::WordsShown, Some(nurse_id), attempt).await
}

/// Notes that this educator looked at this attempt, or seat, of a nurse. It is in the log when this returns.
pub async fn note_view(app: &App, educator: &Educator, seat: &Seat, object_id: &str) -> sqlx::Result<()> {
    note_once(app, educator, Event::TranscriptViewed, seat.nurse_id.as_deref(), object_id).await
}

/// Notes it once an hour.
async fn note_once(
    app: &App,
    educator: &Educator,
    event: Event,
    nurse_id: Option<&str>,
    object_id: &str,
) -> sqlx::Result<()> {
    let now = app.clock.now();
    let since = now - ONE_LOOK;
    if noted_in_cohort(&mut app.db.read().await?, event, educator, object_id, since).await? {
        return Ok(());
    }
    let (id, educator) = (app.clock.new_id(), educator.clone());
    let (nurse_id, object_id) = (nurse_id.map(str::to_owned), object_id.to_owned());
    app.db
        .write(move |conn| {
            let (id, educator) = (id.clone(), educator.clone());
            let (nurse_id, object_id) = (nurse_id.clone(), object_id.clone());
            Box::pin(async move {
                // Two pages that she opens at once are one look.
                hold_person(conn, educator.staff().id()).await?;
                if noted_in_cohort(conn, event, &educator, &object_id, since).await? {
                    return Ok(());
                }
                let entry = AuditEntry {
                    nurse_id: nurse_id.as_deref(),
                    object_id: Some(&object_id),
                    ..AuditEntry::by_educator(id, now, event, &educator)
                };
                note(conn, &entry).await
            })
        })
        .await
}
