//! Nurses, and the codes that bring them back.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// Makes a nameless nurse.
pub async fn insert_nurse(conn: &mut Conn, id: &str, now: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "INSERT INTO nurses (id, created_at, last_seen_at) VALUES ($1, $2, $2)", id, now)
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

/// Gives a return code to a nurse who was just made, and has no session yet.
pub async fn put_return_code(conn: &mut Conn, nurse_id: &str, hash: &str, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE nurses SET return_code_hash = $1, return_code_at = $2 WHERE id = $3",
        hash,
        now,
        nurse_id
    )
    .map(drop)
}

/// The nurse whose return code has this hash.
pub async fn nurse_by_return_code(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<String>> {
    let found =
        sql!(conn, fetch_optional as (String,), "SELECT id FROM nurses WHERE return_code_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
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
