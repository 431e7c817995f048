//! The second step of signing in: who has one, its recovery codes, and whether everybody must have one.

use crate::accounts::StaffId;
use crate::accounts::audit::Event;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// Somebody's second step.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SecondStep {
    /// What its secret is made of.
    pub seed: String,
    /// The latest half minute of which a code was used.
    pub last_step: i64,
    /// Since when.
    pub since: Millis,
}

/// Somebody's second step, where there is one.
pub async fn second_step(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<Option<SecondStep>> {
    sql!(
        conn,
        fetch_optional as SecondStep,
        "SELECT seed, last_step, since FROM second_steps WHERE staff_id = $1",
        staff.as_str()
    )
}

/// The ids of those who have a second step.
pub async fn with_second_step(conn: &mut Conn) -> sqlx::Result<Vec<String>> {
    let rows = sql!(conn, fetch_all as (String,), "SELECT staff_id FROM second_steps")?;
    Ok(rows.into_iter().map(|(staff,)| staff).collect())
}

/// Turns somebody's second step on.
pub async fn insert_second_step(
    conn: &mut Conn,
    staff: &StaffId,
    seed: &str,
    step: i64,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO second_steps (staff_id, seed, last_step, since) VALUES ($1, $2, $3, $4)",
        staff.as_str(),
        seed,
        step,
        now
    )
    .map(drop)
}

/// Uses up the code of one half minute; false where another was used since `used` was the latest.
pub async fn use_step(conn: &mut Conn, staff: &StaffId, step: i64, used: i64) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE second_steps SET last_step = $1 WHERE staff_id = $2 AND last_step = $3",
        step,
        staff.as_str(),
        used
    )?;
    Ok(rows == 1)
}

/// Takes somebody's second step away, recovery codes and all.
pub async fn delete_second_step(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM second_steps WHERE staff_id = $1", staff.as_str()).map(drop)
}

/// These are somebody's recovery codes from now on, and no others.
pub async fn put_recovery_codes(conn: &mut Conn, staff: &StaffId, hashes: &[String]) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM recovery_codes WHERE staff_id = $1", staff.as_str())?;
    for hash in hashes {
        sql!(
            conn,
            execute,
            "INSERT INTO recovery_codes (code_hash, staff_id) VALUES ($1, $2)",
            hash,
            staff.as_str()
        )?;
    }
    Ok(())
}

/// Uses up a recovery code; false where it is none of hers, or was used before.
pub async fn use_recovery_code(
    conn: &mut Conn,
    staff: &StaffId,
    hash: &str,
    now: Millis,
) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE recovery_codes SET used_at = $1 WHERE code_hash = $2 AND staff_id = $3 AND used_at IS NULL",
        now,
        hash,
        staff.as_str()
    )?;
    Ok(rows == 1)
}

/// Whether this is one of somebody's recovery codes, used or not.
pub async fn has_recovery_code(conn: &mut Conn, staff: &StaffId, hash: &str) -> sqlx::Result<bool> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT code_hash FROM recovery_codes WHERE code_hash = $1 AND staff_id = $2",
        hash,
        staff.as_str()
    )?;
    Ok(row.is_some())
}

/// Whether somebody was given recovery codes between these times; `from` is an id of the first, so that only the latest
/// rows of the audit log are looked at.
pub async fn codes_made_between(
    conn: &mut Conn,
    staff: &StaffId,
    from: &str,
    (since, until): (Millis, Millis),
) -> sqlx::Result<bool> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM audit
         WHERE id >= $1 AND at > $2 AND at <= $3 AND staff_id = $4 AND what IN ($5, $6) LIMIT 1",
        from,
        since,
        until,
        staff.as_str(),
        Event::SecondStepOn.stored(),
        Event::RecoveryCodesRenewed.stored()
    )?;
    Ok(row.is_some())
}

/// How many of somebody's recovery codes were not used yet.
pub async fn recovery_codes_left(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM recovery_codes WHERE staff_id = $1 AND used_at IS NULL",
        staff.as_str()
    )?;
    Ok(count)
}

/// Since when everybody of the staff must have a second step; None where nobody must.
pub async fn second_step_required(conn: &mut Conn) -> sqlx::Result<Option<Millis>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT value FROM settings WHERE name = 'second_step_since'"
    )?;
    Ok(row.and_then(|(since,)| since.parse().ok()))
}

/// From now on everybody must have a second step; or, without a time, nobody must.
pub async fn require_second_step(conn: &mut Conn, since: Option<Millis>) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM settings WHERE name = 'second_step_since'")?;
    if let Some(since) = since {
        sql!(
            conn,
            execute,
            "INSERT INTO settings (name, value) VALUES ('second_step_since', $1)",
            since.to_string()
        )?;
    }
    Ok(())
}
