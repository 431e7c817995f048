//! Educators, managers and administrators, and the cohorts they belong to.

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

/// The name others see of somebody of the staff.
pub async fn staff_name(conn: &mut Conn, id: &str) -> sqlx::Result<Option<String>> {
    let row = sql!(conn, fetch_optional as (String,), "SELECT name FROM staff WHERE id = $1", id)?;
    Ok(row.map(|(name,)| name))
}
