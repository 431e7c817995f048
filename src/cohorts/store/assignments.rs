//! What a cohort was given to do.

use crate::accounts::StaffId;
use crate::clock::Millis;
use crate::cohorts::{Assignment, AssignmentId, CohortId, Given, SeatId};
use crate::db::Conn;
use crate::sql;

/// An assignment as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct AssignmentRow {
    id: String,
    cohort_id: String,
    slug: String,
    note: String,
    due_on: Option<String>,
    made_at: Millis,
    withdrawn_at: Option<Millis>,
}

impl AssignmentRow {
    fn assignment(self) -> Option<Assignment> {
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

/// What is given to her now, in every group she sits in: what was taken back is not, and a group she left is not.
/// An archived group's is, marked so. The soonest due first, what has no day last.
pub async fn assigned_to(conn: &mut Conn, nurse_id: &str) -> sqlx::Result<Vec<Given>> {
    #[derive(sqlx::FromRow)]
    struct GivenRow {
        #[sqlx(flatten)]
        assignment: AssignmentRow,
        seat_id: String,
        cohort_name: String,
        archived: bool,
    }
    let rows = sql!(
        conn,
        fetch_all as GivenRow,
        "SELECT g.id, g.cohort_id, g.slug, g.note, g.due_on, g.made_at, g.withdrawn_at,
            s.id AS seat_id, c.name AS cohort_name, c.archived_at IS NOT NULL AS archived
         FROM seats s JOIN cohorts c ON c.id = s.cohort_id JOIN assignments g ON g.cohort_id = c.id
         WHERE s.nurse_id = $1 AND s.left_at IS NULL AND g.withdrawn_at IS NULL
         ORDER BY COALESCE(g.due_on, '9999'), g.id",
        nurse_id
    )?;
    let given = |row: GivenRow| {
        Some(Given {
            assignment: row.assignment.assignment()?,
            seat: SeatId::read(&row.seat_id)?,
            cohort_name: row.cohort_name,
            archived: row.archived,
        })
    };
    Ok(rows.into_iter().filter_map(given).collect())
}
