//! What was ticked for class and was kept long enough.

use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// Forgets which own words of a cohort were ticked for class: the words themselves go.
pub async fn delete_samples(conn: &mut Conn, cohort: &CohortId) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM samples WHERE cohort_id = $1", cohort.as_str()).map(drop)
}
