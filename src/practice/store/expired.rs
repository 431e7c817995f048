//! What was kept long enough: practice, own words of cohorts that ended, and that work was done.

use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::practice::Purpose;
use crate::sql;

/// How many practice attempts belong to nurses who were last here at `limit` or before.
// CROSS JOIN: SQLite then begins with the few nurses who stayed away, not with every attempt there is.
pub async fn practice_due(conn: &mut Conn, limit: Millis) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM nurses n CROSS JOIN attempts a
         WHERE a.nurse_id = n.id AND n.last_seen_at <= $1 AND a.purpose = $2",
        limit,
        Purpose::Practice.stored()
    )?;
    Ok(count)
}

/// Deletes at most so many of them, with everything recorded of them. Gives how many went.
pub async fn delete_practice(conn: &mut Conn, limit: Millis, most: i64) -> sqlx::Result<u64> {
    sql!(
        conn,
        execute,
        "DELETE FROM attempts WHERE id IN (
            SELECT a.id FROM nurses n CROSS JOIN attempts a
            WHERE a.nurse_id = n.id AND n.last_seen_at <= $1 AND a.purpose = $2 LIMIT $3)",
        limit,
        Purpose::Practice.stored(),
        most
    )
}

/// How many attempts of a cohort still hold own words, or what a nurse wrote when she looked back.
pub async fn words_left(conn: &mut Conn, cohort: &CohortId) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM seats s JOIN attempts a ON a.seat_id = s.id
         WHERE s.cohort_id = $1 AND (
            EXISTS (SELECT 1 FROM openings o WHERE o.attempt_id = a.id AND o.own_words IS NOT NULL)
            OR EXISTS (SELECT 1 FROM reflections r WHERE r.attempt_id = a.id))",
        cohort.as_str()
    )?;
    Ok(count)
}

/// Takes them away from at most so many attempts of a cohort: where words stood, it is noted that they are gone. Gives
/// how many attempts lost something.
pub async fn take_words_away(
    conn: &mut Conn,
    cohort: &CohortId,
    now: Millis,
    most: i64,
) -> sqlx::Result<usize> {
    let due = sql!(
        conn,
        fetch_all as (String,),
        "SELECT a.id FROM seats s JOIN attempts a ON a.seat_id = s.id
         WHERE s.cohort_id = $1 AND (
            EXISTS (SELECT 1 FROM openings o WHERE o.attempt_id = a.id AND o.own_words IS NOT NULL)
            OR EXISTS (SELECT 1 FROM reflections r WHERE r.attempt_id = a.id))
         ORDER BY a.id LIMIT $2",
        cohort.as_str(),
        most
    )?;
    let (Some((from,)), Some((to,))) = (due.first(), due.last()) else { return Ok(0) };
    sql!(
        conn,
        execute,
        "UPDATE openings SET own_words = NULL, words_gone_at = $4
         WHERE own_words IS NOT NULL AND attempt_id IN (
            SELECT a.id FROM seats s JOIN attempts a ON a.seat_id = s.id
            WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3)",
        cohort.as_str(),
        from,
        to,
        now
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM reflections WHERE attempt_id IN (
            SELECT a.id FROM seats s JOIN attempts a ON a.seat_id = s.id
            WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3)",
        cohort.as_str(),
        from,
        to
    )?;
    Ok(due.len())
}

/// How many times assigned work was done at `limit` or before.
pub async fn completions_due(conn: &mut Conn, limit: Millis) -> sqlx::Result<i64> {
    let (count,) =
        sql!(conn, fetch_one as (i64,), "SELECT COUNT(*) FROM completions WHERE completed_at <= $1", limit)?;
    Ok(count)
}

/// Forgets at most so many of them. Gives how many went.
pub async fn delete_completions(conn: &mut Conn, limit: Millis, most: i64) -> sqlx::Result<u64> {
    sql!(
        conn,
        execute,
        "DELETE FROM completions WHERE attempt_id IN (
            SELECT c.attempt_id FROM completions c WHERE c.completed_at <= $1 LIMIT $2)",
        limit,
        most
    )
}
