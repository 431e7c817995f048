//! What a nurse asks about her own groups: which they are, what one piece of work set for her is, who set it; and
//! what stays of her seats when she deletes what is hers.

use std::collections::HashMap;

use super::assignments::AssignmentRow;
use crate::accounts::StaffId;
use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::cohorts::{AssignmentId, CohortId, Given, Group, SeatId};
use crate::db::Conn;
use crate::sql;

/// Something she was given, as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct GivenRow {
    #[sqlx(flatten)]
    assignment: AssignmentRow,
    seat_id: String,
    cohort_name: String,
    archived: bool,
}

impl GivenRow {
    fn given(self) -> Option<Given> {
        Some(Given {
            assignment: self.assignment.assignment()?,
            seat: SeatId::read(&self.seat_id)?,
            cohort_name: self.cohort_name,
            archived: self.archived,
        })
    }
}

/// What is given to her now, in every group she sits in: what was taken back is not, and a group she left is not.
/// An archived group's is, marked so. The soonest due first, what has no day last.
pub async fn assigned_to(conn: &mut Conn, nurse_id: &str) -> sqlx::Result<Vec<Given>> {
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
    Ok(rows.into_iter().filter_map(GivenRow::given).collect())
}

/// One piece of work set for her, also where it was taken back or its group is archived. One of a group she does not
/// sit in is not there.
pub async fn given(conn: &mut Conn, nurse: &Nurse, id: &AssignmentId) -> sqlx::Result<Option<Given>> {
    let row = sql!(
        conn,
        fetch_optional as GivenRow,
        "SELECT g.id, g.cohort_id, g.slug, g.note, g.due_on, g.made_at, g.withdrawn_at,
            s.id AS seat_id, c.name AS cohort_name, c.archived_at IS NOT NULL AS archived
         FROM seats s JOIN cohorts c ON c.id = s.cohort_id JOIN assignments g ON g.cohort_id = c.id
         WHERE g.id = $1 AND s.nurse_id = $2 AND s.left_at IS NULL",
        id.as_str(),
        nurse.id()
    )?;
    Ok(row.and_then(GivenRow::given))
}

/// Who set what is set in her groups: ids of the staff by assignment.
pub async fn makers(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<HashMap<String, String>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String),
        "SELECT g.id, g.made_by FROM seats s JOIN assignments g ON g.cohort_id = s.cohort_id
         WHERE s.nurse_id = $1",
        nurse.id()
    )?;
    Ok(rows.into_iter().collect())
}

/// The cohort an assignment belongs to, its name, and who set it.
pub async fn origin(
    conn: &mut Conn,
    assignment: &AssignmentId,
) -> sqlx::Result<Option<(CohortId, String, StaffId)>> {
    let row = sql!(
        conn,
        fetch_optional as (String, String, String),
        "SELECT c.id, c.name, g.made_by FROM assignments g JOIN cohorts c ON c.id = g.cohort_id WHERE g.id = $1",
        assignment.as_str()
    )?;
    Ok(row.and_then(|(id, name, maker)| Some((CohortId::read(&id)?, name, StaffId::read(&maker)?))))
}

/// Every group she has ever been in, by name; also those she left.
pub async fn groups_of(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<Group>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String, String, Option<Millis>, bool, bool),
        "SELECT s.id, c.id, c.name, s.joined_at, s.left_at IS NOT NULL, c.archived_at IS NOT NULL
         FROM seats s JOIN cohorts c ON c.id = s.cohort_id WHERE s.nurse_id = $1 ORDER BY LOWER(c.name), s.id",
        nurse.id()
    )?;
    let group = |(seat, cohort, name, joined_at, left, archived): (String, String, String, _, _, _)| {
        Some(Group {
            seat: SeatId::read(&seat)?,
            cohort: CohortId::read(&cohort)?,
            name,
            joined_at,
            left,
            archived,
        })
    };
    Ok(rows.into_iter().filter_map(group).collect())
}

/// Takes the name from her seat: `ghost`, a nurse that nobody is, has it now, and it counts as left.
pub async fn make_nameless(
    conn: &mut Conn,
    nurse: &Nurse,
    seat: &SeatId,
    ghost: &str,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET nurse_id = $1, name = '', external_id = NULL, link_hash = NULL, link_expires_at = NULL,
            left_at = COALESCE(left_at, $2)
         WHERE id = $3 AND nurse_id = $4",
        ghost,
        now,
        seat.as_str(),
        nurse.id()
    )
    .map(drop)
}

/// Deletes the seats that are hers.
pub async fn delete_seats(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM seats WHERE nurse_id = $1", nurse.id()).map(drop)
}
