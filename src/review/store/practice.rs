//! How many nurses of a cohort practiced on their own, and how often: two numbers, counted now and then.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// From how many nurses on a count can be read, and how many must have changed before another one can.
const FEW_NURSES: i64 = 5;

/// The cohorts whose last count was made before `before`, or never.
pub async fn practice_to_count(conn: &mut Conn, before: Millis) -> sqlx::Result<Vec<String>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT c.cohort_id FROM (SELECT DISTINCT s.cohort_id FROM seats s WHERE s.left_at IS NULL) c
         WHERE NOT EXISTS
            (SELECT 1 FROM practice_counts p WHERE p.cohort_id = c.cohort_id AND p.counted_at >= $1)",
        before
    )?;
    Ok(rows.into_iter().map(|(cohort,)| cohort).collect())
}

/// Counts a cohort again where its last count was made before `before`, or never.
///
/// Where a count can be read already (five nurses or more), a new one takes its place only when at least five nurses
/// joined, left or practiced since: the difference of two counts must not tell what one of them did.
pub async fn count_practice(conn: &mut Conn, cohort: &str, before: Millis, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO practice_counts (cohort_id, nurses, times, counted_at)
         SELECT s.cohort_id, COUNT(DISTINCT a.nurse_id), COUNT(a.id), $2
         FROM seats s LEFT JOIN attempts a ON a.nurse_id = s.nurse_id AND a.purpose = 'practice'
         WHERE s.cohort_id = $4 AND s.left_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM practice_counts p WHERE p.cohort_id = s.cohort_id AND p.counted_at >= $1)
            AND NOT EXISTS (SELECT 1 FROM practice_counts q WHERE q.cohort_id = s.cohort_id AND q.nurses >= $3
                AND (SELECT COUNT(*) FROM seats t WHERE t.cohort_id = q.cohort_id AND t.nurse_id IS NOT NULL
                    AND (t.joined_at > q.counted_at OR t.left_at > q.counted_at
                        OR (t.left_at IS NULL AND EXISTS (SELECT 1 FROM attempts b WHERE b.nurse_id = t.nurse_id
                            AND b.purpose = 'practice' AND b.started_at > q.counted_at)))) < $3)
         GROUP BY s.cohort_id
         ON CONFLICT (cohort_id) DO UPDATE SET
            nurses = excluded.nurses, times = excluded.times, counted_at = excluded.counted_at
         WHERE practice_counts.counted_at < $1",
        before,
        now,
        FEW_NURSES,
        cohort
    )
    .map(drop)
}

/// The last count of this cohort: (nurses, times, when); None where nobody counted yet.
pub async fn practice_count(
    conn: &mut Conn,
    educator: &Educator,
) -> sqlx::Result<Option<(i64, i64, Millis)>> {
    sql!(
        conn,
        fetch_optional as (i64, i64, Millis),
        "SELECT nurses, times, counted_at FROM practice_counts WHERE cohort_id = $1",
        educator.cohort().as_str()
    )
}
