//! Cohorts themselves.

use crate::accounts::StaffId;
use crate::clock::Millis;
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
    created_at: Millis,
    archived_at: Option<Millis>,
}

impl CohortRow {
    fn cohort(self) -> Option<Cohort> {
        Some(Cohort {
            id: CohortId::read(&self.id)?,
            name: self.name,
            code_number: self.code_number,
            code_expires_at: self.code_expires_at,
            created_at: self.created_at,
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
        "SELECT id, name, code_number, code_expires_at, created_at, archived_at FROM cohorts WHERE id = $1",
        id.as_str()
    )?;
    Ok(row.and_then(CohortRow::cohort))
}

/// Every cohort, by name: for administrators, who see that it is there and who teaches it.
pub async fn every_cohort(conn: &mut Conn) -> sqlx::Result<Vec<Cohort>> {
    let rows = sql!(
        conn,
        fetch_all as CohortRow,
        "SELECT id, name, code_number, code_expires_at, created_at, archived_at
         FROM cohorts ORDER BY LOWER(name), id"
    )?;
    Ok(rows.into_iter().filter_map(CohortRow::cohort).collect())
}
