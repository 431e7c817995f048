//! Questions about nurses, sessions and return codes that the database answers.

use super::nurse::Nurse;
use crate::clock::Millis;
use crate::db::{Conn, Work};
use crate::sql;

/// A session as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// Whose it is.
    pub nurse_id: String,
    /// Whether she said that this is her own device.
    pub own_device: bool,
    /// When it was last used.
    pub last_seen_at: Millis,
    /// Whether she has a return code.
    pub has_return_code: bool,
}

/// The nurse's session with this token hash, alive or not.
pub async fn session(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<SessionRow>> {
    sql!(
        conn,
        fetch_optional as SessionRow,
        "SELECT s.nurse_id, s.own_device, s.last_seen_at, n.return_code_hash IS NOT NULL AS has_return_code
         FROM sessions s JOIN nurses n ON n.id = s.nurse_id
         WHERE s.token_hash = $1 AND s.kind = 'nurse'",
        hash
    )
}

/// Notes that a session and its nurse were here.
pub fn seen(conn: &mut Conn, hash: String, nurse: String, now: Millis) -> Work<'_, (), sqlx::Error> {
    Box::pin(async move {
        sql!(conn, execute, "UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2", now, hash)?;
        sql!(conn, execute, "UPDATE nurses SET last_seen_at = $1 WHERE id = $2", now, nurse).map(drop)
    })
}

/// Makes a nameless nurse.
pub async fn insert_nurse(conn: &mut Conn, id: &str, now: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "INSERT INTO nurses (id, created_at, last_seen_at) VALUES ($1, $2, $2)", id, now)
        .map(drop)
}

/// Makes a session for a nurse.
pub async fn insert_session(
    conn: &mut Conn,
    hash: &str,
    nurse: &str,
    own_device: bool,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO sessions (token_hash, kind, nurse_id, own_device, created_at, last_seen_at)
         VALUES ($1, 'nurse', $2, $3, $4, $4)",
        hash,
        nurse,
        own_device,
        now
    )
    .map(drop)
}

/// Ends a session.
pub async fn delete_session(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM sessions WHERE token_hash = $1", hash).map(drop)
}

/// Notes whether this is her own device.
pub async fn set_own_device(conn: &mut Conn, nurse: &Nurse, own_device: bool) -> sqlx::Result<()> {
    let hash = nurse.session_hash();
    sql!(conn, execute, "UPDATE sessions SET own_device = $1 WHERE token_hash = $2", own_device, hash)
        .map(drop)
}

/// What became of giving a return code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CodeGiven {
    /// It is hers now.
    Yes,
    /// Another nurse has this very code.
    Taken,
    /// She was deleted meanwhile.
    Gone,
}

/// Gives a nurse a return code. The one before stops working, and her other sessions end: whoever came back with the
/// old code is out.
pub async fn set_return_code(
    conn: &mut Conn,
    nurse: &Nurse,
    hash: &str,
    now: Millis,
) -> sqlx::Result<CodeGiven> {
    if nurse_by_return_code(conn, hash).await?.is_some_and(|other| other != nurse.id()) {
        return Ok(CodeGiven::Taken);
    }
    let rows = sql!(
        conn,
        execute,
        "UPDATE nurses SET return_code_hash = $1, return_code_at = $2 WHERE id = $3",
        hash,
        now,
        nurse.id()
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE nurse_id = $1 AND token_hash <> $2",
        nurse.id(),
        nurse.session_hash()
    )?;
    Ok(if rows == 1 { CodeGiven::Yes } else { CodeGiven::Gone })
}

/// The nurse whose return code has this hash.
pub async fn nurse_by_return_code(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<String>> {
    let found =
        sql!(conn, fetch_optional as (String,), "SELECT id FROM nurses WHERE return_code_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
}

/// Counts a try before it is looked at, so that many at once are all counted. Gives how many count now; tries from
/// before `forget` don't.
pub async fn count_try(conn: &mut Conn, bucket: &str, now: Millis, forget: Millis) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "INSERT INTO tries (bucket, count, since) VALUES ($1, 1, $2)
         ON CONFLICT (bucket) DO UPDATE SET
            count = CASE WHEN tries.since <= $3 THEN 1 ELSE tries.count + 1 END,
            since = CASE WHEN tries.since <= $3 THEN excluded.since ELSE tries.since END
         RETURNING count",
        bucket,
        now,
        forget
    )?;
    Ok(count)
}

/// Takes a try back that turned out right.
pub async fn forget_try(conn: &mut Conn, bucket: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE tries SET count = count - 1 WHERE bucket = $1", bucket).map(drop)
}

/// Forgets tries from before `since`.
pub async fn forget_tries(conn: &mut Conn, since: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM tries WHERE since <= $1", since).map(drop)
}

/// Forgets sessions that were last used before `idle`, and on her own device before `own_idle`.
pub async fn forget_sessions(conn: &mut Conn, idle: Millis, own_idle: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM sessions
         WHERE (NOT own_device AND last_seen_at <= $1) OR (own_device AND last_seen_at <= $2)",
        idle,
        own_idle
    )
    .map(drop)
}

/// Deletes a nurse and everything that is hers.
pub async fn delete_nurse(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM nurses WHERE id = $1", nurse.id()).map(drop)
}

/// The installation's random text; `fresh` becomes it where there is none yet.
pub async fn installation(conn: &mut Conn, fresh: &str) -> sqlx::Result<String> {
    sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('installation', $1) ON CONFLICT (name) DO NOTHING",
        fresh
    )?;
    let (value,) =
        sql!(conn, fetch_one as (String,), "SELECT value FROM settings WHERE name = 'installation'")?;
    Ok(value)
}
