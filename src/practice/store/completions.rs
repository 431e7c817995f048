//! What was completed, and when: everything that a manager sees of assigned work.

use crate::accounts::staff::{CohortStaff, Educator};
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

/// How many nurses who are in the cohort now have completed each assignment, as (assignment, how many).
pub async fn completed(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<(String, i64)>> {
    sql!(
        conn,
        fetch_all as (String, i64),
        "SELECT k.assignment_id, CAST(COUNT(DISTINCT k.seat_id) AS BIGINT)
         FROM completions k JOIN seats s ON s.id = k.seat_id
         WHERE s.cohort_id = $1 AND s.nurse_id IS NOT NULL AND s.left_at IS NULL
         GROUP BY k.assignment_id",
        educator.cohort().as_str()
    )
}
