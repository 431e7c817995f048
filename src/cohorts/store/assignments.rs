//! What a cohort was given to do.

use crate::accounts::StaffId;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::{Assignment, AssignmentId, CohortId};
use crate::db::Conn;
use crate::sql;

/// An assignment as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct AssignmentRow {
    id: String,
    cohort_id: String,
    slug: String,
    note: String,
    due_on: Option<String>,
    made_at: Millis,
    withdrawn_at: Option<Millis>,
}

impl AssignmentRow {
    pub(super) fn assignment(self) -> Option<Assignment> {
        Some(Assignment {
            id: AssignmentId::read(&self.id)?,
            cohort_id: CohortId::read(&self.cohort_id)?,
            slug: self.slug,
            note: self.note,
            due_on: self.due_on,
            made_at: self.made_at,
            withdrawn_at: self.withdrawn_at,
        })
    }
}

/// Writes a new assignment. A form token that was used before is a unique violation.
pub async fn insert_assignment(
    conn: &mut Conn,
    assignment: &Assignment,
    made_by: &StaffId,
    token_hash: &str,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO assignments (id, cohort_id, slug, note, due_on, token_hash, made_by, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        assignment.id.as_str(),
        assignment.cohort_id.as_str(),
        assignment.slug.as_str(),
        assignment.note.as_str(),
        assignment.due_on.as_deref(),
        token_hash,
        made_by.as_str(),
        assignment.made_at
    )
    .map(drop)
}

/// Everything a cohort was ever given, oldest first; also what was taken back.
pub async fn assignments(conn: &mut Conn, cohort: &CohortId) -> sqlx::Result<Vec<Assignment>> {
    let rows = sql!(
        conn,
        fetch_all as AssignmentRow,
        "SELECT id, cohort_id, slug, note, due_on, made_at, withdrawn_at
         FROM assignments WHERE cohort_id = $1 ORDER BY id",
        cohort.as_str()
    )?;
    Ok(rows.into_iter().filter_map(AssignmentRow::assignment).collect())
}

/// The assignment with this id, of whichever cohort: the caller checks that it may be known.
pub async fn assignment(conn: &mut Conn, id: &AssignmentId) -> sqlx::Result<Option<Assignment>> {
    let row = sql!(
        conn,
        fetch_optional as AssignmentRow,
        "SELECT id, cohort_id, slug, note, due_on, made_at, withdrawn_at FROM assignments WHERE id = $1",
        id.as_str()
    )?;
    Ok(row.and_then(AssignmentRow::assignment))
}

/// The assignment that this cohort was given with this form, if it was.
pub async fn assignment_by_token(
    conn: &mut Conn,
    educator: &Educator,
    token_hash: &str,
) -> sqlx::Result<Option<AssignmentId>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM assignments WHERE token_hash = $1 AND cohort_id = $2",
        token_hash,
        educator.cohort().as_str()
    )?;
    Ok(row.and_then(|(id,)| AssignmentId::read(&id)))
}

/// Changes what the nurses are told and until when; not where it was taken back.
pub async fn change_assignment(
    conn: &mut Conn,
    educator: &Educator,
    id: &AssignmentId,
    note: &str,
    due_on: Option<&str>,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE assignments SET note = $1, due_on = $2 WHERE id = $3 AND cohort_id = $4 AND withdrawn_at IS NULL",
        note,
        due_on,
        id.as_str(),
        educator.cohort().as_str()
    )
    .map(drop)
}

/// Takes an assignment back. False where it was taken back before.
pub async fn withdraw_assignment(
    conn: &mut Conn,
    educator: &Educator,
    id: &AssignmentId,
    now: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE assignments SET withdrawn_at = $1 WHERE id = $2 AND cohort_id = $3 AND withdrawn_at IS NULL",
        now,
        id.as_str(),
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}
