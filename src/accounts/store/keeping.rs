//! How long things are kept, and nurses who have not been here for that long.

use crate::accounts::belief::Belief;
use crate::accounts::keeping::Keeping;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// How long things are kept. A row that can't be read is an error: then nothing may go.
pub async fn keeping(conn: &mut Conn) -> sqlx::Result<Keeping> {
    let row = sql!(conn, fetch_optional as (String,), "SELECT value FROM settings WHERE name = 'keeping'")?;
    let Some((text,)) = row else { return Ok(Keeping::default()) };
    Keeping::read(&text).ok_or_else(|| sqlx::Error::Decode(format!("settings, keeping: {text}").into()))
}

/// Keeps how long things are kept. What is due is then looked for at the next occasion, not only tomorrow.
pub async fn put_keeping(conn: &mut Conn, keeping: Keeping) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('keeping', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        keeping.stored()
    )?;
    sql!(conn, execute, "DELETE FROM settings WHERE name = 'keeping_swept_at'").map(drop)
}

/// When it was last looked for what is due.
pub async fn keeping_swept_at(conn: &mut Conn) -> sqlx::Result<Option<Millis>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT value FROM settings WHERE name = 'keeping_swept_at'"
    )?;
    Ok(row.and_then(|(text,)| text.parse().ok()))
}

/// Notes that it was looked for what is due.
pub async fn put_keeping_swept_at(conn: &mut Conn, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('keeping_swept_at', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        now.to_string()
    )
    .map(drop)
}

/// When the clock was last believed, and since when it is not. Where that was never noted, the last time that something
/// was let go counts.
pub async fn belief(conn: &mut Conn) -> sqlx::Result<Option<Belief>> {
    let row = sql!(conn, fetch_optional as (String,), "SELECT value FROM settings WHERE name = 'clock'")?;
    match row.and_then(|(text,)| Belief::read(&text)) {
        None => Ok(keeping_swept_at(conn).await?.map(|believed| Belief { believed, doubted: None })),
        known => Ok(known),
    }
}

/// Notes what is thought of the clock.
pub async fn put_belief(conn: &mut Conn, belief: Belief) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('clock', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        belief.stored()
    )
    .map(drop)
}

/// Takes the work of letting things go for itself, until this moment at the latest. False where another process has it.
/// A time further ahead than that was noted by a clock that went wrong.
pub async fn claim_keeping(conn: &mut Conn, now: Millis, until: Millis) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('keeping_runs_until', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value
            WHERE CAST(settings.value AS BIGINT) <= $2 OR CAST(settings.value AS BIGINT) > $3",
        until.to_string(),
        now,
        until
    )?;
    Ok(rows == 1)
}

/// Gives back that work, which was taken until this moment; another process may have taken it since, and keeps it.
pub async fn release_keeping(conn: &mut Conn, until: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM settings WHERE name = 'keeping_runs_until' AND value = $1",
        until.to_string()
    )
    .map(drop)
}

/// How many nameless nurses were last here at `limit` or before, and have no seat and no assigned work.
pub async fn nurses_due(conn: &mut Conn, limit: Millis) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM nurses n WHERE n.name IS NULL AND n.last_seen_at <= $1
            AND NOT EXISTS (SELECT 1 FROM seats s WHERE s.nurse_id = n.id)
            AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.nurse_id = n.id AND a.purpose <> 'practice')",
        limit
    )?;
    Ok(count)
}

/// Deletes at most so many nameless nurses who were last here at `limit` or before, and of whom nothing is left: no
/// seat and no attempt. Gives how many went.
pub async fn delete_unused_nurses(conn: &mut Conn, limit: Millis, most: i64) -> sqlx::Result<u64> {
    sql!(
        conn,
        execute,
        "DELETE FROM nurses WHERE last_seen_at <= $1 AND id IN (
            SELECT n.id FROM nurses n WHERE n.name IS NULL AND n.last_seen_at <= $1
                AND NOT EXISTS (SELECT 1 FROM seats s WHERE s.nurse_id = n.id)
                AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.nurse_id = n.id)
            LIMIT $2)",
        limit,
        most
    )
}
