//! Those who are half-way in, between password and code; and the browsers in which somebody came in before.

use crate::accounts::StaffId;
use crate::accounts::credentials::Email;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// Somebody gave the right password and has yet to give a code.
pub async fn insert_half_session(
    conn: &mut Conn,
    hash: &str,
    staff: &StaffId,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO half_sessions (token_hash, staff_id, begun_at) VALUES ($1, $2, $3)",
        hash,
        staff.as_str(),
        now
    )
    .map(drop)
}

/// Who is half-way in with this token, since `since` or later. Nobody who was disabled meanwhile.
pub async fn half_session(conn: &mut Conn, hash: &str, since: Millis) -> sqlx::Result<Option<StaffId>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT h.staff_id FROM half_sessions h JOIN staff f ON f.id = h.staff_id
         WHERE h.token_hash = $1 AND h.begun_at > $2 AND f.disabled_at IS NULL",
        hash,
        since
    )?;
    Ok(row.and_then(|(staff,)| StaffId::read(&staff)))
}

/// Holds every other try of whoever is half-way in with this token until this transaction is over.
pub async fn hold_half_session(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE half_sessions SET begun_at = begun_at WHERE token_hash = $1", hash).map(drop)
}

/// Somebody is half-way in no longer.
pub async fn delete_half_session(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM half_sessions WHERE token_hash = $1", hash).map(drop)
}

/// Forgets those who went half-way before `since`.
pub async fn forget_half_sessions(conn: &mut Conn, since: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM half_sessions WHERE begun_at <= $1", since).map(drop)
}

/// When whoever has this address last came in with this browser; None where that was not since `since`. The same
/// question whether or not anybody has the address.
pub async fn known_at(
    conn: &mut Conn,
    hash: &str,
    email: &Email,
    since: Millis,
) -> sqlx::Result<Option<Millis>> {
    let row = sql!(
        conn,
        fetch_optional as (i64,),
        "SELECT d.known_at FROM known_devices d JOIN staff f ON f.id = d.staff_id
         WHERE d.token_hash = $1 AND f.email = $2 AND d.known_at > $3",
        hash,
        email.as_str(),
        since
    )?;
    Ok(row.map(|(known_at,)| known_at))
}

/// When this person last came in with this browser; None where that was not since `since`.
pub async fn known_at_of(
    conn: &mut Conn,
    hash: &str,
    staff: &StaffId,
    since: Millis,
) -> sqlx::Result<Option<Millis>> {
    let row = sql!(
        conn,
        fetch_optional as (i64,),
        "SELECT known_at FROM known_devices WHERE token_hash = $1 AND staff_id = $2 AND known_at > $3",
        hash,
        staff.as_str(),
        since
    )?;
    Ok(row.map(|(known_at,)| known_at))
}

/// A browser is known by a new token, to everybody who came in with it.
pub async fn rename_device(conn: &mut Conn, old: &str, new: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE known_devices SET token_hash = $1 WHERE token_hash = $2", new, old).map(drop)
}

/// Somebody came in with this browser.
pub async fn put_device(conn: &mut Conn, hash: &str, staff: &StaffId, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO known_devices (token_hash, staff_id, known_at) VALUES ($1, $2, $3)
         ON CONFLICT (token_hash, staff_id) DO UPDATE SET known_at = excluded.known_at",
        hash,
        staff.as_str(),
        now
    )
    .map(drop)
}

/// No browser is known to this person any more.
pub async fn forget_devices_of(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM known_devices WHERE staff_id = $1", staff.as_str()).map(drop)
}

/// Forgets browsers with which nobody came in since `since`.
pub async fn forget_devices(conn: &mut Conn, since: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM known_devices WHERE known_at <= $1", since).map(drop)
}
