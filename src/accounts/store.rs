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

/// Gives a nurse a return code; the one before stops working. False when another nurse has this very code.
pub async fn set_return_code(conn: &mut Conn, nurse: &Nurse, hash: &str, now: Millis) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE nurses SET return_code_hash = $1, return_code_at = $2
         WHERE id = $3 AND NOT EXISTS (SELECT 1 FROM nurses WHERE return_code_hash = $1)",
        hash,
        now,
        nurse.id()
    )
    .map(|rows| rows == 1)
}

/// The nurse whose return code has this hash.
pub async fn nurse_by_return_code(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<String>> {
    let found =
        sql!(conn, fetch_optional as (String,), "SELECT id FROM nurses WHERE return_code_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
}

/// How many wrong codes this bucket has sent since `since`.
pub async fn failures(conn: &mut Conn, bucket: &str, since: Millis) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM failures WHERE bucket = $1 AND failed_at > $2",
        bucket,
        since
    )?;
    Ok(count)
}

/// Counts a wrong code, and forgets those from before `since`.
pub async fn count_failure(
    conn: &mut Conn,
    id: &str,
    bucket: &str,
    now: Millis,
    since: Millis,
) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM failures WHERE failed_at <= $1", since)?;
    sql!(conn, execute, "INSERT INTO failures (id, bucket, failed_at) VALUES ($1, $2, $3)", id, bucket, now)
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
