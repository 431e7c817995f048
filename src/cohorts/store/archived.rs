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
