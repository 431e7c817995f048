//! Every export is noted in the audit log, before its first byte leaves.

use crate::accounts::audit::{Actor, Event};
use crate::accounts::audit_words::COMPLETION;
use crate::accounts::staff::Staff;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::cohorts::CohortId;

/// Notes that somebody takes answers of this cohort along; returns once that is durable.
pub(super) async fn logged(app: &App, staff: &Staff, cohort: &CohortId) -> sqlx::Result<()> {
    noted(app, staff, cohort, None).await
}

/// The same where only who finished what is taken along.
pub(super) async fn completion_logged(app: &App, staff: &Staff, cohort: &CohortId) -> sqlx::Result<()> {
    noted(app, staff, cohort, Some(COMPLETION)).await
}

/// The same where the answers to one turn are taken along, as `slug/turn`.
pub(super) async fn turn_logged(app: &App, staff: &Staff, cohort: &CohortId, turn: &str) -> sqlx::Result<()> {
    noted(app, staff, cohort, Some(turn)).await
}

async fn noted(app: &App, staff: &Staff, cohort: &CohortId, object: Option<&str>) -> sqlx::Result<()> {
    let (id, at) = (app.clock.new_id(), app.clock.now());
    let (staff, cohort, object) = (staff.id().clone(), cohort.clone(), object.map(str::to_owned));
    let write = app.db.write(move |conn| {
        let (id, staff, cohort) = (id.clone(), staff.clone(), cohort.clone());
        let object = object.clone();
        Box::pin(async move {
            let entry = AuditEntry {
                cohort_id: Some(cohort.as_str()),
                object_id: object.as_deref(),
                ..AuditEntry::of(id, at, Event::Exported, Actor::Staff(staff.as_str()))
            };
            note(conn, &entry).await
        })
    });
    write.await
}
