//! What was tried in vain, counted per bucket: a keyed hash of an address or an account, never the thing itself.

use crate::accounts::CLOCKS_DIFFER;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// Counts a try before it is looked at, so that many at once are all counted. Gives how many count now; tries from
/// before `forget` don't, nor those that a clock noted which was ahead: they would count for ever.
pub async fn count_try(conn: &mut Conn, bucket: &str, now: Millis, forget: Millis) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "INSERT INTO tries (bucket, count, since) VALUES ($1, 1, $2)
         ON CONFLICT (bucket) DO UPDATE SET
            count = CASE WHEN tries.since <= $3 OR tries.since > $4 THEN 1 ELSE tries.count + 1 END,
            since = CASE WHEN tries.since <= $3 OR tries.since > $4 THEN excluded.since ELSE tries.since END
         RETURNING count",
        bucket,
        now,
        forget,
        now + CLOCKS_DIFFER
    )?;
    Ok(count)
}

/// How many tries count in a bucket, and since when, as [`count_try`] would find them; None where none do.
pub async fn tries_counted(
    conn: &mut Conn,
    bucket: &str,
    now: Millis,
    forget: Millis,
) -> sqlx::Result<Option<(i64, Millis)>> {
    sql!(
        conn,
        fetch_optional as (i64, Millis),
        "SELECT count, since FROM tries WHERE bucket = $1 AND since > $2 AND since <= $3",
        bucket,
        forget,
        now + CLOCKS_DIFFER
    )
}

/// Takes a try back that turned out right, or that nobody looked at. There are never fewer than none: a try that was
/// forgotten meanwhile gives nobody another one. Where none is left, nothing is kept.
pub async fn forget_try(conn: &mut Conn, bucket: &str) -> sqlx::Result<()> {
    let last = sql!(conn, execute, "DELETE FROM tries WHERE bucket = $1 AND count <= 1", bucket)?;
    if last == 0 {
        sql!(conn, execute, "UPDATE tries SET count = count - 1 WHERE bucket = $1 AND count > 1", bucket)?;
    }
    Ok(())
}

/// Forgets the tries in one bucket.
pub async fn clear_tries(conn: &mut Conn, bucket: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM tries WHERE bucket = $1", bucket).map(drop)
}

/// Forgets tries from before `since`, and those that a clock noted which was ahead.
pub async fn forget_tries(conn: &mut Conn, since: Millis, now: Millis) -> sqlx::Result<()> {
    let latest = now + CLOCKS_DIFFER;
    sql!(conn, execute, "DELETE FROM tries WHERE since <= $1 OR since > $2", since, latest).map(drop)
}
