//! What was completed, and when: everything that a manager sees of assigned work.

use crate::accounts::staff::CohortStaff;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// When each nurse of the cohort first completed each assignment: (seat, assignment, when).
pub async fn completions(
    conn: &mut Conn,
    staff: &CohortStaff,
) -> sqlx::Result<Vec<(String, String, Millis)>> {
    sql!(
        conn,
        fetch_all as (String, String, Millis),
        "SELECT c.seat_id, c.assignment_id, MIN(c.completed_at)
         FROM seats s JOIN completions c ON c.seat_id = s.id
         WHERE s.cohort_id = $1 GROUP BY c.seat_id, c.assignment_id",
        staff.cohort().as_str()
    )
}
