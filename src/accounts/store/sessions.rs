//! Sessions: who is here, in which browser, since when.

use super::people::hold_person;
use crate::accounts::nurse::Nurse;
use crate::accounts::staff::Staff;
use crate::accounts::{CLOCKS_DIFFER, IDLE, IDLE_ON_OWN_DEVICE, STAFF_IDLE, STAFF_LONGEST, StaffId};
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::{Conn, Work};
use crate::sql;

/// A session as it is stored, with what a page needs to know of whoever it belongs to.
#[derive(Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// The nurse whose it is; None where it is somebody's of the staff.
    pub nurse_id: Option<String>,
    /// Who of the staff it belongs to. None also where that person may no longer come in.
    pub staff_id: Option<String>,
    /// Whether the nurse said that this is her own device.
    pub own_device: bool,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used.
    pub last_seen_at: Millis,
    /// Whether the nurse has a return code.
    pub has_return_code: bool,
    /// The staff member's name.
    pub name: Option<String>,
    /// Whether the staff member is an administrator.
    pub administrator: Option<bool>,
    /// Whether the staff member may make cohorts.
    pub educator: Option<bool>,
    /// Whether the staff member belongs to any cohort.
    pub in_a_cohort: bool,
    /// Since when everybody must have a second step, where the staff member has none.
    pub second_step_since: Option<Millis>,
    /// What the browser called itself when the session began.
    pub browser: String,
    /// What the staff member may do in the cohort that was asked about, as stored: with both roles the manager's view is
    /// the one.
    pub role: Option<String>,
}

/// The session with this token hash, alive or not.
pub async fn session(conn: &mut Conn, hash: &str) -> sqlx::Result<Option<SessionRow>> {
    session_at(conn, hash, None).await
}

/// The same, with what its owner may do in a cohort.
pub async fn session_at(
    conn: &mut Conn,
    hash: &str,
    cohort: Option<&CohortId>,
) -> sqlx::Result<Option<SessionRow>> {
    sql!(
        conn,
        fetch_optional as SessionRow,
        "SELECT s.nurse_id, f.id AS staff_id, s.own_device, s.created_at, s.last_seen_at, s.browser,
            CASE WHEN s.staff_id IS NULL THEN NULL
                WHEN EXISTS (SELECT 1 FROM second_steps t WHERE t.staff_id = s.staff_id) THEN NULL
                ELSE (SELECT CAST(r.value AS BIGINT) FROM settings r WHERE r.name = 'second_step_since')
                END AS second_step_since,
            n.return_code_hash IS NOT NULL AS has_return_code, f.name, f.administrator, f.educator,
            EXISTS (SELECT 1 FROM memberships m WHERE m.staff_id = f.id) AS in_a_cohort,
            (SELECT MAX(m.role) FROM memberships m WHERE m.cohort_id = $2 AND m.staff_id = f.id) AS role
         FROM sessions s
         LEFT JOIN nurses n ON n.id = s.nurse_id
         LEFT JOIN staff f ON f.id = s.staff_id AND f.disabled_at IS NULL
         WHERE s.token_hash = $1",
        hash,
        cohort.map(CohortId::as_str)
    )
}

/// Notes that a session and its nurse were here.
pub fn seen(conn: &mut Conn, hash: String, nurse: String, now: Millis) -> Work<'_, (), sqlx::Error> {
    Box::pin(async move {
        // She first and her session after it, as everywhere: two that wait for each other would never end.
        sql!(conn, execute, "UPDATE nurses SET last_seen_at = $1 WHERE id = $2", now, nurse)?;
        sql!(conn, execute, "UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2", now, hash)
            .map(drop)
    })
}

/// Notes that a session and its owner of the staff were here.
pub fn staff_seen(conn: &mut Conn, hash: String, staff: String, now: Millis) -> Work<'_, (), sqlx::Error> {
    Box::pin(async move {
        sql!(conn, execute, "UPDATE staff SET last_seen_at = $1 WHERE id = $2", now, staff)?;
        sql!(conn, execute, "UPDATE sessions SET last_seen_at = $1 WHERE token_hash = $2", now, hash)
            .map(drop)
    })
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

/// Makes a session for somebody of the staff, in a browser that is called so.
pub async fn insert_staff_session(
    conn: &mut Conn,
    hash: &str,
    staff: &str,
    browser: &str,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO sessions (token_hash, kind, staff_id, own_device, created_at, last_seen_at, browser)
         VALUES ($1, 'staff', $2, FALSE, $3, $3, $4)",
        hash,
        staff,
        now,
        browser
    )
    .map(drop)
}

/// Whether the session that proved who this is has not ended since: a slow hash may lie between. If it has not, nothing
/// else ends it, or begins one, before this transaction is over.
pub async fn is_still_in(conn: &mut Conn, staff: &Staff) -> sqlx::Result<bool> {
    hold_person(conn, staff.id()).await?;
    let rows = sql!(
        conn,
        execute,
        "UPDATE sessions SET last_seen_at = last_seen_at WHERE token_hash = $1 AND staff_id = $2",
        staff.session_hash(),
        staff.id().as_str()
    )?;
    Ok(rows == 1)
}

/// Ends a session.
pub async fn delete_session(conn: &mut Conn, hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM sessions WHERE token_hash = $1", hash).map(drop)
}

/// A session of somebody's own, as her account page lists it.
#[derive(Debug, sqlx::FromRow)]
pub struct OwnSession {
    /// The hash of its token.
    pub token_hash: String,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used.
    pub last_seen_at: Millis,
    /// What its browser called itself when it began.
    pub browser: String,
}

/// Somebody's sessions, the last used first.
pub async fn sessions_of_staff(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<Vec<OwnSession>> {
    sql!(
        conn,
        fetch_all as OwnSession,
        "SELECT token_hash, created_at, last_seen_at, browser FROM sessions
         WHERE staff_id = $1 ORDER BY last_seen_at DESC, created_at DESC, token_hash",
        staff.as_str()
    )
}

/// Ends every session of somebody of the staff, also where only the password was given yet.
pub async fn delete_sessions_of_staff(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM half_sessions WHERE staff_id = $1", staff.as_str())?;
    sql!(conn, execute, "DELETE FROM sessions WHERE staff_id = $1", staff.as_str()).map(drop)
}

/// The same, but for one session, by the hash of its token.
pub async fn delete_other_sessions(conn: &mut Conn, staff: &StaffId, but: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM half_sessions WHERE staff_id = $1", staff.as_str())?;
    sql!(conn, execute, "DELETE FROM sessions WHERE staff_id = $1 AND token_hash <> $2", staff.as_str(), but)
        .map(drop)
}

/// Notes whether this is her own device.
pub async fn set_own_device(conn: &mut Conn, nurse: &Nurse, own_device: bool) -> sqlx::Result<()> {
    let hash = nurse.session_hash();
    sql!(conn, execute, "UPDATE sessions SET own_device = $1 WHERE token_hash = $2", own_device, hash)
        .map(drop)
}

/// Forgets sessions that have ended by themselves. Of those from the future only the staff's: a nurse may have no other
/// way to her practice, and it may be now that the clock is wrong.
pub async fn forget_sessions(conn: &mut Conn, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM sessions
         WHERE (kind = 'nurse' AND NOT own_device AND last_seen_at <= $1)
            OR (kind = 'nurse' AND own_device AND last_seen_at <= $2)
            OR (kind = 'staff' AND (last_seen_at <= $3 OR created_at <= $4))
            OR (kind = 'staff' AND (last_seen_at > $5 OR created_at > $5))",
        now - IDLE,
        now - IDLE_ON_OWN_DEVICE,
        now - STAFF_IDLE,
        now - STAFF_LONGEST,
        now + CLOCKS_DIFFER
    )
    .map(drop)
}
