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
    /// She was deleted, or this session has ended, meanwhile.
    Gone,
}

/// Gives a nurse a return code. The one before stops working, and her other sessions end: whoever came back with the
/// old code is out. Of two sessions that do so at once one wins: the other one has ended by then.
pub async fn set_return_code(
    conn: &mut Conn,
    nurse: &Nurse,
    hash: &str,
    now: Millis,
) -> sqlx::Result<CodeGiven> {
    // Whoever is changing her code at this moment is waited for: only then is it known which sessions have ended.
    hold_nurse(conn, nurse.id()).await?;
    if nurse_by_return_code(conn, hash).await?.is_some_and(|other| other != nurse.id()) {
        return Ok(CodeGiven::Taken);
    }
    let rows = sql!(
        conn,
        execute,
        "UPDATE nurses SET return_code_hash = $1, return_code_at = $2
         WHERE id = $3 AND EXISTS (SELECT 1 FROM sessions WHERE token_hash = $4 AND nurse_id = $3)",
        hash,
        now,
        nurse.id(),
        nurse.session_hash()
    )?;
    if rows == 0 {
        return Ok(CodeGiven::Gone);
    }
    sql!(
        conn,
        execute,
        "DELETE FROM sessions WHERE nurse_id = $1 AND token_hash <> $2",
        nurse.id(),
        nurse.session_hash()
    )?;
    Ok(CodeGiven::Yes)
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

/// Notes that a nurse came back with the code that has this hash, and says who she is. None where it opens nothing, or
/// where a newer one has replaced it meanwhile: whoever is replacing it is waited for.
pub async fn comes_back(conn: &mut Conn, hash: &str, now: Millis) -> sqlx::Result<Option<String>> {
    let found = sql!(
        conn,
        fetch_optional as (String,),
        "UPDATE nurses SET last_seen_at = $1 WHERE return_code_hash = $2 RETURNING id",
        now,
        hash
    )?;
    Ok(found.map(|(id,)| id))
}

/// The nurse whose return code has this hash.
async fn nurse_by_return_code(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<String>> {
    let found =
        sql!(conn, fetch_optional as (String,), "SELECT id FROM nurses WHERE return_code_hash = $1", hash)?;
    Ok(found.map(|(id,)| id))
}

/// Keeps a nurse as she is until the transaction ends; before anything of hers, and her seats. False where she is gone.
pub async fn hold_nurse(conn: &mut Conn, nurse_id: &str) -> sqlx::Result<bool> {
    let text = "UPDATE nurses SET last_seen_at = last_seen_at WHERE id = $1";
    sql!(conn, execute, text, nurse_id).map(|rows| rows == 1)
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
