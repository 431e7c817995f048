//! What was said between nurses and their educators, counted by seat.

use crate::accounts::staff::Educator;
use crate::db::Conn;
use crate::sql;

/// By seat: how many comments were released, and how many of her answers to them nobody has read.
pub async fn said(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<(String, i64, i64)>> {
    sql!(
        conn,
        fetch_all as (String, i64, i64),
        "SELECT s.id, COUNT(DISTINCT c.id),
            COUNT(DISTINCT CASE WHEN w.staff_id IS NULL AND w.read_at IS NULL THEN w.id END)
         FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
            LEFT JOIN comment_answers w ON w.comment_id = c.id
         WHERE c.cohort_id = $1 AND s.cohort_id = $1 AND c.released_at IS NOT NULL GROUP BY s.id",
        educator.cohort().as_str()
    )
}
