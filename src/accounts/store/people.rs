//! People of the staff: signing in, their names, passwords and roles, who may come in.

use crate::accounts::credentials::Email;
use crate::accounts::{Membership, Person, Role, StaffId};
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// What signing in is checked against.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Credentials {
    /// Whose account it is.
    pub id: String,
    /// The slow hash of the password.
    pub password_hash: String,
    /// Since when she can't come in.
    pub disabled_at: Option<Millis>,
}

/// The account with this address.
pub async fn credentials(conn: &mut Conn, email: &Email) -> sqlx::Result<Option<Credentials>> {
    sql!(
        conn,
        fetch_optional as Credentials,
        "SELECT id, password_hash, disabled_at FROM staff WHERE email = $1",
        email.as_str()
    )
}

/// The slow hash of somebody's password.
pub async fn password_hash(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<Option<String>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT password_hash FROM staff WHERE id = $1",
        staff.as_str()
    )?;
    Ok(row.map(|(hash,)| hash))
}

/// Notes that somebody came in with this password; false where it was changed, or she was disabled, meanwhile.
pub async fn comes_in(conn: &mut Conn, staff: &str, password_hash: &str, now: Millis) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE staff SET last_seen_at = $1 WHERE id = $2 AND password_hash = $3 AND disabled_at IS NULL",
        now,
        staff,
        password_hash
    )?;
    Ok(rows == 1)
}

#[derive(Debug, sqlx::FromRow)]
struct PersonRow {
    id: String,
    email: String,
    name: String,
    administrator: bool,
    educator: bool,
    last_seen_at: Millis,
    disabled_at: Option<Millis>,
}

impl PersonRow {
    fn person(self) -> Option<Person> {
        Some(Person {
            id: StaffId::read(&self.id)?,
            email: self.email,
            name: self.name,
            administrator: self.administrator,
            educator: self.educator,
            last_seen_at: self.last_seen_at,
            disabled_at: self.disabled_at,
        })
    }
}

/// Everybody of the staff, by name.
pub async fn people(conn: &mut Conn) -> sqlx::Result<Vec<Person>> {
    let rows = sql!(
        conn,
        fetch_all as PersonRow,
        "SELECT id, email, name, administrator, educator, last_seen_at, disabled_at
         FROM staff ORDER BY LOWER(name), id"
    )?;
    Ok(rows.into_iter().filter_map(PersonRow::person).collect())
}

/// The person with this id.
pub async fn person(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<Option<Person>> {
    let row = sql!(
        conn,
        fetch_optional as PersonRow,
        "SELECT id, email, name, administrator, educator, last_seen_at, disabled_at FROM staff WHERE id = $1",
        staff.as_str()
    )?;
    Ok(row.and_then(PersonRow::person))
}

/// Holds every other change of roles until this transaction is over: two at once could leave nobody in charge.
pub async fn one_change_of_roles_at_a_time(conn: &mut Conn) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE settings SET value = value WHERE name = 'installation'").map(drop)
}

/// Keeps somebody's account as it is until this transaction is over. Whatever ends her sessions does this first, so that
/// of two such changes at once the second sees what the first has ended.
pub async fn hold_person(conn: &mut Conn, staff: &StaffId) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE staff SET name = name WHERE id = $1", staff.as_str()).map(drop)
}

/// How many administrators can come in.
pub async fn administrators(conn: &mut Conn) -> sqlx::Result<i64> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM staff WHERE administrator AND disabled_at IS NULL"
    )?;
    Ok(count)
}

/// Changes somebody's name.
pub async fn set_name(conn: &mut Conn, staff: &StaffId, name: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE staff SET name = $1 WHERE id = $2", name, staff.as_str()).map(drop)
}

/// Sets somebody's password.
pub async fn set_password(conn: &mut Conn, staff: &StaffId, hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE staff SET password_hash = $1 WHERE id = $2", hash, staff.as_str()).map(drop)
}

/// Makes somebody an administrator, or one no longer; and says whether she may make cohorts.
pub async fn set_rights(
    conn: &mut Conn,
    staff: &StaffId,
    administrator: bool,
    educator: bool,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE staff SET administrator = $1, educator = $2 WHERE id = $3",
        administrator,
        educator,
        staff.as_str()
    )
    .map(drop)
}

/// Keeps somebody out since `disabled_at`, or lets her in again.
pub async fn set_disabled(conn: &mut Conn, staff: &StaffId, disabled_at: Option<Millis>) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE staff SET disabled_at = $1 WHERE id = $2", disabled_at, staff.as_str())
        .map(drop)
}

#[derive(Debug, sqlx::FromRow)]
struct MembershipRow {
    cohort_id: String,
    staff_id: String,
    name: String,
    role: String,
    since: Millis,
}

impl MembershipRow {
    fn membership(self) -> Option<Membership> {
        Some(Membership {
            cohort: CohortId::read(&self.cohort_id)?,
            staff: StaffId::read(&self.staff_id)?,
            name: self.name,
            role: Role::read(&self.role)?,
            since: self.since,
        })
    }
}

/// Who belongs to which cohort, by name: in all cohorts, or in one. Also those who can't come in.
pub async fn memberships(conn: &mut Conn, cohort: Option<&CohortId>) -> sqlx::Result<Vec<Membership>> {
    let rows = sql!(
        conn,
        fetch_all as MembershipRow,
        "SELECT m.cohort_id, m.staff_id, f.name, m.role, m.since
         FROM memberships m JOIN staff f ON f.id = m.staff_id
         WHERE $1 IS NULL OR m.cohort_id = $1
         ORDER BY LOWER(f.name), m.staff_id, m.role",
        cohort.map(CohortId::as_str)
    )?;
    Ok(rows.into_iter().filter_map(MembershipRow::membership).collect())
}

/// Ends somebody's role in a cohort; false where she had none.
pub async fn delete_membership(
    conn: &mut Conn,
    cohort: &CohortId,
    staff: &StaffId,
    role: Role,
) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "DELETE FROM memberships WHERE cohort_id = $1 AND staff_id = $2 AND role = $3",
        cohort.as_str(),
        staff.as_str(),
        role.stored()
    )?;
    Ok(rows == 1)
}
