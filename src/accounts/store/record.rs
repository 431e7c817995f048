//! What the audit log says about one nurse, for herself: who looked at what is hers, and what was done with it.

use super::audit::AuditRow;
use crate::accounts::audit::Event;
use crate::accounts::nurse::Nurse;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// The latest rows about her, newest first.
pub async fn of_nurse(conn: &mut Conn, nurse: &Nurse, limit: i64) -> sqlx::Result<Vec<AuditRow>> {
    sql!(
        conn,
        fetch_all as AuditRow,
        "SELECT id, at, what, actor_kind, actor_id, staff_id, cohort_id, object_id FROM audit
         WHERE nurse_id = $1 ORDER BY id DESC LIMIT $2",
        nurse.id(),
        limit
    )
}

/// The latest rows about everyone in a cohort since a moment, newest first: exports, administrators who gave
/// themselves a role in it, and educators who came to it by invitation.
pub async fn concerning_all(
    conn: &mut Conn,
    cohort: &CohortId,
    since: Millis,
    limit: i64,
) -> sqlx::Result<Vec<AuditRow>> {
    sql!(
        conn,
        fetch_all as AuditRow,
        "SELECT id, at, what, actor_kind, actor_id, staff_id, cohort_id, object_id FROM audit
         WHERE cohort_id = $1 AND at >= $2 AND nurse_id IS NULL
            AND (what IN ('appointed-oneself', 'exported', 'words-shown', 'words-expired') OR (what = 'membership-given' AND object_id = 'educator'))
         ORDER BY id DESC LIMIT $3",
        cohort.as_str(),
        since,
        limit
    )
}

/// Whether this was noted of the same educator, in the same cohort and about the same thing since then.
pub async fn noted_in_cohort(
    conn: &mut Conn,
    event: Event,
    educator: &Educator,
    object_id: &str,
    since: Millis,
) -> sqlx::Result<bool> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM audit
         WHERE object_id = $1 AND actor_id = $2 AND what = $3 AND at > $4 AND cohort_id = $5 LIMIT 1",
        object_id,
        educator.staff().id().as_str(),
        event.stored(),
        since,
        educator.cohort().as_str()
    )?;
    Ok(row.is_some())
}
