//! What a nurse asks about her own groups: which they are, what one piece of work set for her is, who set it; and
//! what stays of her seats when she deletes what is hers.

use std::collections::HashMap;

use crate::accounts::StaffId;
use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::cohorts::{Assignment, AssignmentId, CohortId, Given, Group, SeatId};
use crate::db::Conn;
use crate::sql;

/// One piece of work set for her, also where it was taken back or its group is archived. One of a group she does not
/// sit in is not there.
pub async fn given(conn: &mut Conn, nurse: &Nurse, id: &AssignmentId) -> sqlx::Result<Option<Given>> {
    #[derive(sqlx::FromRow)]
    struct Row {
        cohort_id: String,
        slug: String,
        note: String,
        due_on: Option<String>,
        made_at: Millis,
        withdrawn_at: Option<Millis>,
        seat_id: String,
        cohort_name: String,
        archived: bool,
    }
    let row = sql!(
        conn,
        fetch_optional as Row,
        "SELECT g.cohort_id, g.slug, g.note, g.due_on, g.made_at, g.withdrawn_at,
            s.id AS seat_id, c.name AS cohort_name, c.archived_at IS NOT NULL AS archived
         FROM assignments g JOIN cohorts c ON c.id = g.cohort_id JOIN seats s ON s.cohort_id = c.id
         WHERE g.id = $1 AND s.nurse_id = $2 AND s.left_at IS NULL",
        id.as_str(),
        nurse.id()
    )?;
    let given = |row: Row| {
        Some(Given {
            assignment: Assignment {
                id: id.clone(),
                cohort_id: CohortId::read(&row.cohort_id)?,
                slug: row.slug,
                note: row.note,
                due_on: row.due_on,
                made_at: row.made_at,
                withdrawn_at: row.withdrawn_at,
            },
            seat: SeatId::read(&row.seat_id)?,
            cohort_name: row.cohort_name,
            archived: row.archived,
        })
    };
    Ok(row.and_then(given))
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
