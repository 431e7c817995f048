//! Educators, managers and administrators, and the cohorts they belong to.

use std::collections::HashMap;

use crate::accounts::{Role, StaffId};
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// Somebody new of the staff.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// A new id.
    pub id: StaffId,
    /// The address to sign in with, in its one spelling.
    pub email: String,
    /// As others see it.
    pub name: String,
    /// The slow hash of the password.
    pub password_hash: String,
    /// Whether this person runs the installation.
    pub administrator: bool,
    /// Whether this person may make cohorts.
    pub educator: bool,
}

/// Writes a new member of the staff. An e-mail address that somebody has already is a unique violation.
pub async fn insert_staff(conn: &mut Conn, staff: &NewStaff, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO staff (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        staff.id.as_str(),
        staff.email.as_str(),
        staff.name.as_str(),
        staff.password_hash.as_str(),
        staff.administrator,
        staff.educator,
        now
    )
    .map(drop)
}

/// Gives somebody a role in a cohort; nothing happens where that is so already.
pub async fn insert_membership(
    conn: &mut Conn,
    cohort: &CohortId,
    staff: &StaffId,
    role: Role,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO memberships (cohort_id, staff_id, role, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        cohort.as_str(),
        staff.as_str(),
        role.stored(),
        now
    )
    .map(drop)
}

/// The roles somebody has in a cohort; none where the cohort does not exist or is somebody else's.
pub async fn roles(conn: &mut Conn, cohort: &CohortId, staff: &StaffId) -> sqlx::Result<Vec<Role>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT role FROM memberships WHERE cohort_id = $1 AND staff_id = $2",
        cohort.as_str(),
        staff.as_str()
    )?;
    Ok(rows.iter().filter_map(|(role,)| Role::read(role)).collect())
}

/// The names of a cohort's educators, by name; without those who can no longer come in.
pub async fn educators_of(conn: &mut Conn, cohort: &CohortId) -> sqlx::Result<Vec<String>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT f.name FROM memberships m JOIN staff f ON f.id = m.staff_id
         WHERE m.cohort_id = $1 AND m.role = 'educator' AND f.disabled_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM memberships o
                WHERE o.cohort_id = m.cohort_id AND o.staff_id = m.staff_id AND o.role = 'manager')
         ORDER BY LOWER(f.name), f.id",
        cohort.as_str()
    )?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The cohorts somebody belongs to, with the role that counts in each: the manager's where there are both.
pub async fn memberships_of(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<Vec<(CohortId, Role)>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String),
        "SELECT cohort_id, MAX(role) FROM memberships WHERE staff_id = $1 GROUP BY cohort_id ORDER BY cohort_id DESC",
        staff.as_str()
    )?;
    // 'manager' sorts after 'educator'.
    Ok(rows.iter().filter_map(|(cohort, role)| Some((CohortId::read(cohort)?, Role::read(role)?))).collect())
}

/// The names of everyone of the staff by id, also of those who can no longer come in.
pub async fn staff_names(conn: &mut Conn) -> sqlx::Result<HashMap<String, String>> {
    let rows = sql!(conn, fetch_all as (String, String), "SELECT id, name FROM staff")?;
    Ok(rows.into_iter().collect())
}
