//! What the audit log says about one nurse, for herself: who looked at what is hers, and what was done with it.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// A row of the audit log that concerns a nurse.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RecordRow {
    /// Its id; later rows have greater ones.
    pub id: String,
    /// When.
    pub at: Millis,
    /// What was done, as stored.
    pub what: String,
    /// 'staff', 'nurse', 'stranger' or 'program'.
    pub actor_kind: String,
    /// Who did it.
    pub actor_id: Option<String>,
    /// The cohort it happened in.
    pub cohort_id: Option<String>,
    /// The attempt or seat it is about.
    pub object_id: Option<String>,
}

/// The latest rows about her, newest first.
pub async fn of_nurse(conn: &mut Conn, nurse: &Nurse, limit: i64) -> sqlx::Result<Vec<RecordRow>> {
    sql!(
        conn,
        fetch_all as RecordRow,
        "SELECT id, at, what, actor_kind, actor_id, cohort_id, object_id FROM audit
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
) -> sqlx::Result<Vec<RecordRow>> {
    sql!(
        conn,
        fetch_all as RecordRow,
        "SELECT id, at, what, actor_kind, actor_id, cohort_id, object_id FROM audit
         WHERE cohort_id = $1 AND at >= $2 AND nurse_id IS NULL
            AND (what IN ('appointed-oneself', 'exported') OR (what = 'membership-given' AND object_id = 'educator'))
         ORDER BY id DESC LIMIT $3",
        cohort.as_str(),
        since,
        limit
    )
}
