//! Cohorts that have ended.

use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// Every cohort that was archived at `limit` or before.
pub async fn archived_before(conn: &mut Conn, limit: Millis) -> sqlx::Result<Vec<CohortId>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT id FROM cohorts WHERE archived_at <= $1 ORDER BY id",
        limit
    )?;
    Ok(rows.iter().filter_map(|(id,)| CohortId::read(id)).collect())
}

/// Keeps such a cohort as it is until the transaction ends. False where it was opened again meanwhile.
pub async fn hold_archived(conn: &mut Conn, cohort: &CohortId, limit: Millis) -> sqlx::Result<bool> {
    let text = "UPDATE cohorts SET name = name WHERE id = $1 AND archived_at <= $2";
    sql!(conn, execute, text, cohort.as_str(), limit).map(|rows| rows == 1)
}
