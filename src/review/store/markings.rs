//! What educators see in own words, element by element.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::review::remark::{Marking, Seen, element, stored};
use crate::sql;

/// What was seen of one element, as it is stored: (turn, staff, when, when released, element, seen).
pub(super) type MarkRow = (i64, String, Millis, Option<Millis>, String, String);

/// Rows in the order of turns and people, put together to one marking for each.
pub(super) fn put_together(rows: Vec<MarkRow>) -> Vec<Marking> {
    let mut markings: Vec<Marking> = Vec::new();
    for (number, staff_id, marked_at, released_at, name, seen) in rows {
        let (Ok(number), Some(element), Some(seen)) =
            (u32::try_from(number), element(&name), Seen::read(&seen))
        else {
            continue;
        };
        let same = |last: &&mut Marking| last.number == number && last.staff_id == staff_id;
        if let Some(last) = markings.last_mut().filter(same) {
            last.seen.insert(element, seen);
        } else {
            let seen = [(element, seen)].into();
            markings.push(Marking { number, staff_id, marked_at, released_at, seen });
        }
    }
    markings
}

/// The markings of an attempt of the cohort that this educator may see: released ones and her own.
pub async fn markings(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<Marking>> {
    let rows = sql!(
        conn,
        fetch_all as MarkRow,
        "SELECT m.turn_number, m.staff_id, m.marked_at, m.released_at, e.element, e.seen
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN markings m ON m.attempt_id = a.id
            JOIN marked_elements e ON e.attempt_id = m.attempt_id AND e.turn_number = m.turn_number
                AND e.staff_id = m.staff_id
         WHERE s.cohort_id = $1 AND a.id = $2 AND (m.released_at IS NOT NULL OR m.staff_id = $3)
         ORDER BY m.turn_number, m.staff_id",
        educator.cohort().as_str(),
        attempt.as_str(),
        educator.staff().id().as_str()
    )?;
    Ok(put_together(rows))
}

/// Keeps what this educator sees in the own words of one answer of the cohort, in place of what she saw before.
/// What is released stays so. Tells whether it was released just now.
pub async fn put_marking(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
    marking: &Marking,
    now: Millis,
) -> sqlx::Result<bool> {
    let number = i64::from(marking.number);
    let staff = educator.staff().id().as_str();
    let before = sql!(
        conn,
        fetch_optional as (Option<Millis>,),
        "SELECT released_at FROM markings WHERE attempt_id = $1 AND turn_number = $2 AND staff_id = $3",
        attempt.as_str(),
        number,
        staff
    )?;
    let was_released = before.is_some_and(|(released_at,)| released_at.is_some());
    let kept = sql!(
        conn,
        execute,
        "INSERT INTO markings (attempt_id, turn_number, staff_id, marked_at, released_at)
         SELECT a.id, $1, $2, $3, $4 FROM attempts a JOIN seats s ON s.id = a.seat_id
         WHERE a.id = $5 AND s.cohort_id = $6 AND s.name <> ''
         ON CONFLICT (attempt_id, turn_number, staff_id) DO UPDATE SET marked_at = excluded.marked_at,
            released_at = COALESCE(markings.released_at, excluded.released_at)",
        number,
        staff,
        now,
        marking.released_at,
        attempt.as_str(),
        educator.cohort().as_str()
    )?;
    if kept == 0 {
        return Ok(false);
    }
    sql!(
        conn,
        execute,
        "DELETE FROM marked_elements WHERE attempt_id = $1 AND turn_number = $2 AND staff_id = $3",
        attempt.as_str(),
        number,
        staff
    )?;
    for (element, seen) in &marking.seen {
        sql!(
            conn,
            execute,
            "INSERT INTO marked_elements (attempt_id, turn_number, staff_id, element, seen)
             VALUES ($1, $2, $3, $4, $5)",
            attempt.as_str(),
            number,
            staff,
            stored(*element),
            seen.stored()
        )?;
    }
    Ok(marking.released_at.is_some() && !was_released)
}
