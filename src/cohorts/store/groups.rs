//! Cohorts themselves.

use crate::accounts::staff::Educator;
use crate::accounts::{CLOCKS_DIFFER, StaffId};
use crate::clock::Millis;
use crate::cohorts::code::{CODE_OPENS_FOR, LINK_OPENS_FOR};
use crate::cohorts::{Cohort, CohortId};
use crate::db::Conn;
use crate::sql;

/// A cohort as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct CohortRow {
    id: String,
    name: String,
    code_number: i64,
    code_expires_at: Option<Millis>,
    archived_at: Option<Millis>,
}

impl CohortRow {
    fn cohort(self) -> Option<Cohort> {
        Some(Cohort {
            id: CohortId::read(&self.id)?,
            name: self.name,
            code_number: self.code_number,
            code_expires_at: self.code_expires_at,
            archived_at: self.archived_at,
        })
    }
}

/// A cohort to be made.
#[derive(Clone, Debug)]
pub struct NewCohort {
    /// A new id.
    pub id: CohortId,
    /// What everyone calls it.
    pub name: String,
    /// The keyed hash of its first join code, and until when that opens.
    pub code: Option<(String, Millis)>,
    /// The hash of the form's one-time token.
    pub token_hash: String,
    /// Who makes it.
    pub created_by: StaffId,
}

/// Writes a new cohort. A form token that was used before, or a code that is open elsewhere, is a unique violation.
pub async fn insert_cohort(conn: &mut Conn, cohort: &NewCohort, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO cohorts
            (id, name, code_number, code_hash, code_expires_at, create_token_hash, created_by, created_at)
         VALUES ($1, $2, 1, $3, $4, $5, $6, $7)",
        cohort.id.as_str(),
        cohort.name.as_str(),
        cohort.code.as_ref().map(|(hash, _)| hash.as_str()),
        cohort.code.as_ref().map(|(_, expires)| *expires),
        cohort.token_hash.as_str(),
        cohort.created_by.as_str(),
        now
    )
    .map(drop)
}

/// The cohort with this id. Whoever asks has proved that she may know of it.
pub async fn cohort(conn: &mut Conn, id: &CohortId) -> sqlx::Result<Option<Cohort>> {
    let row = sql!(
        conn,
        fetch_optional as CohortRow,
        "SELECT id, name, code_number, code_expires_at, archived_at FROM cohorts WHERE id = $1",
        id.as_str()
    )?;
    Ok(row.and_then(CohortRow::cohort))
}

/// Keeps a cohort as it is until the transaction ends: of two who add something that only so many of can be, the second
/// counts what the first added.
pub async fn hold_cohort(conn: &mut Conn, id: &CohortId) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE cohorts SET name = name WHERE id = $1", id.as_str()).map(drop)
}

/// Every cohort, by name: for administrators, who see that it is there and who teaches it.
pub async fn every_cohort(conn: &mut Conn) -> sqlx::Result<Vec<Cohort>> {
    let rows = sql!(
        conn,
        fetch_all as CohortRow,
        "SELECT id, name, code_number, code_expires_at, archived_at
         FROM cohorts ORDER BY LOWER(name), id"
    )?;
    Ok(rows.into_iter().filter_map(CohortRow::cohort).collect())
}

/// The cohort that this code opens now, by the code's keyed hash.
pub async fn cohort_by_code(conn: &mut Conn, code_hash: &str, now: Millis) -> sqlx::Result<Option<Cohort>> {
    let row = sql!(
        conn,
        fetch_optional as CohortRow,
        "SELECT id, name, code_number, code_expires_at, archived_at FROM cohorts
         WHERE code_hash = $1 AND code_expires_at > $2 AND archived_at IS NULL",
        code_hash,
        now
    )?;
    Ok(row.and_then(CohortRow::cohort))
}

/// The cohort that this person made with this form, if she did.
pub async fn cohort_by_token(
    conn: &mut Conn,
    token_hash: &str,
    created_by: &StaffId,
) -> sqlx::Result<Option<CohortId>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM cohorts WHERE create_token_hash = $1 AND created_by = $2",
        token_hash,
        created_by.as_str()
    )?;
    Ok(row.and_then(|(id,)| CohortId::read(&id)))
}

/// How much there is in a cohort.
#[derive(Clone, Copy, Debug, Default, sqlx::FromRow)]
pub struct Counts {
    /// Nurses who are in.
    pub nurses: i64,
    /// Of them, those who came by code and were not confirmed yet.
    pub unconfirmed: i64,
    /// Assignments whose last day is not over.
    pub open: i64,
}

/// How much there is in a cohort on this day, written as 2026-03-02.
pub async fn counts(conn: &mut Conn, cohort: &CohortId, today: &str) -> sqlx::Result<Counts> {
    sql!(
        conn,
        fetch_one as Counts,
        "SELECT CAST(COUNT(*) AS BIGINT) AS nurses,
            CAST(COUNT(*) FILTER (WHERE nurse_id IS NOT NULL AND confirmed_at IS NULL) AS BIGINT) AS unconfirmed,
            (SELECT CAST(COUNT(*) AS BIGINT) FROM assignments
             WHERE cohort_id = $1 AND withdrawn_at IS NULL AND (due_on IS NULL OR due_on >= $2)) AS open
         FROM seats WHERE cohort_id = $1 AND left_at IS NULL AND name <> ''",
        cohort.as_str(),
        today
    )
}

/// Gives the cohort another name. False where that is its name.
pub async fn rename_cohort(conn: &mut Conn, educator: &Educator, name: &str) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE cohorts SET name = $1 WHERE id = $2 AND name <> $1",
        name,
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}

/// Archives the cohort: its code no longer opens, nor does any personal link. False where it was archived before.
pub async fn archive_cohort(conn: &mut Conn, educator: &Educator, now: Millis) -> sqlx::Result<bool> {
    let cohort = educator.cohort().as_str();
    let rows = sql!(
        conn,
        execute,
        "UPDATE cohorts SET archived_at = $1, code_hash = NULL, code_expires_at = NULL
         WHERE id = $2 AND archived_at IS NULL",
        now,
        cohort
    )?;
    sql!(conn, execute, "UPDATE seats SET link_expires_at = NULL WHERE cohort_id = $1", cohort)?;
    Ok(rows == 1)
}

/// Opens an archived cohort again, without a code. False where it was open.
pub async fn reopen_cohort(conn: &mut Conn, educator: &Educator) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE cohorts SET archived_at = NULL WHERE id = $1 AND archived_at IS NOT NULL",
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}

/// Opens the code with this number, and closes the one before. False where that code is open already, another was
/// made meanwhile, or the cohort is archived. A code that is open elsewhere is a unique violation.
pub async fn set_code(
    conn: &mut Conn,
    educator: &Educator,
    (before, number): (i64, i64),
    code_hash: &str,
    expires: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE cohorts SET code_number = $1, code_hash = $2, code_expires_at = $3
         WHERE id = $4 AND code_number = $5 AND archived_at IS NULL",
        number,
        code_hash,
        expires,
        educator.cohort().as_str(),
        before
    )
    .map(|rows| rows == 1)
}

/// Codes and personal links that a clock which was far ahead has made open from now on for as long as others do, not for
/// years.
pub async fn bring_back(conn: &mut Conn, now: Millis) -> sqlx::Result<()> {
    let (end, late) = (now + CODE_OPENS_FOR, now + CODE_OPENS_FOR + CLOCKS_DIFFER);
    sql!(conn, execute, "UPDATE cohorts SET code_expires_at = $1 WHERE code_expires_at > $2", end, late)?;
    let (end, late) = (now + LINK_OPENS_FOR, now + LINK_OPENS_FOR + CLOCKS_DIFFER);
    sql!(conn, execute, "UPDATE seats SET link_expires_at = $1 WHERE link_expires_at > $2", end, late)
        .map(drop)
}
