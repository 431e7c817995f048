//! What a nurse asks about her own groups: which they are, what one piece of work set for her is, who can read it; and
//! what stays of her seats when she deletes what is hers.

use super::assignments::AssignmentRow;
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
    set_by: Option<String>,
    archived: bool,
}

impl GivenRow {
    fn given(self) -> Option<Given> {
        Some(Given {
            assignment: self.assignment.assignment()?,
            seat: SeatId::read(&self.seat_id)?,
            cohort_name: self.cohort_name,
            set_by: self.set_by.unwrap_or_default(),
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
            s.id AS seat_id, c.name AS cohort_name, f.name AS set_by, c.archived_at IS NOT NULL AS archived
         FROM seats s JOIN cohorts c ON c.id = s.cohort_id JOIN assignments g ON g.cohort_id = c.id
            LEFT JOIN staff f ON f.id = g.made_by
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
            s.id AS seat_id, c.name AS cohort_name, f.name AS set_by, c.archived_at IS NOT NULL AS archived
         FROM seats s JOIN cohorts c ON c.id = s.cohort_id JOIN assignments g ON g.cohort_id = c.id
            LEFT JOIN staff f ON f.id = g.made_by
         WHERE g.id = $1 AND s.nurse_id = $2 AND s.left_at IS NULL",
        id.as_str(),
        nurse.id()
    )?;
    Ok(row.and_then(GivenRow::given))
}

/// Who can read the work of an assignment besides the nurse: the group's name, who set it (empty where that person has no
/// account any more), and the group's educators by name, without those who can no longer come in or are its managers
/// too.
pub async fn readers(
    conn: &mut Conn,
    assignment: &AssignmentId,
) -> sqlx::Result<Option<(String, String, Vec<String>)>> {
    let rows = sql!(
        conn,
        fetch_all as (String, Option<String>, Option<String>),
        "SELECT c.name, k.name, f.name
         FROM assignments g JOIN cohorts c ON c.id = g.cohort_id LEFT JOIN staff k ON k.id = g.made_by
            LEFT JOIN memberships m ON m.cohort_id = c.id AND m.role = 'educator'
                AND NOT EXISTS (SELECT 1 FROM memberships o
                    WHERE o.cohort_id = m.cohort_id AND o.staff_id = m.staff_id AND o.role = 'manager')
            LEFT JOIN staff f ON f.id = m.staff_id AND f.disabled_at IS NULL
         WHERE g.id = $1 ORDER BY LOWER(f.name), f.id",
        assignment.as_str()
    )?;
    let mut readers = None;
    for (group, set_by, educator) in rows {
        let (_, _, educators) = readers.get_or_insert((group, set_by.unwrap_or_default(), Vec::new()));
        educators.extend(educator);
    }
    Ok(readers)
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
