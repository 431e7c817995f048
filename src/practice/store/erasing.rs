//! Deleting: practice goes with its nurse; of assigned work the replies stay, without words and without a name.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::sql;

/// The seats that she did assigned work in, or is noted to have done some in.
pub async fn seats_with_work(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<SeatId>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT seat_id FROM attempts WHERE nurse_id = $1 AND seat_id IS NOT NULL
         UNION SELECT c.seat_id FROM completions c JOIN seats s ON s.id = c.seat_id WHERE s.nurse_id = $1",
        nurse.id()
    )?;
    Ok(rows.iter().filter_map(|(seat,)| SeatId::read(seat)).collect())
}

/// Gives her assigned work of a seat to `ghost`, a nurse that nobody is. Whatever is being written into it right now
/// is waited for.
pub async fn give_to_ghost(conn: &mut Conn, nurse: &Nurse, seat: &SeatId, ghost: &str) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE attempts SET nurse_id = $1 WHERE seat_id = $2 AND nurse_id = $3",
        ghost,
        seat.as_str(),
        nurse.id()
    )
    .map(drop)
}

/// Takes the words out of a ghost's work, and everything else that was the nurse's own: only which replies were
/// chosen, in which order they stood and when is left.
pub async fn blank(conn: &mut Conn, ghost: &str, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE openings SET own_words = NULL, words_gone_at = $2
         WHERE own_words IS NOT NULL AND attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        ghost,
        now
    )?;
    sql!(
        conn,
        execute,
        "UPDATE responses SET sureness = NULL
         WHERE sureness IS NOT NULL AND attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        ghost
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM blacked_out WHERE attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        ghost
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM placements WHERE attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        ghost
    )
    .map(drop)
}

/// Deletes what she wrote when she looked back, also on work that is somebody else's by now. What others wrote who had
/// her place before her stays theirs.
pub async fn delete_reflections(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM reflections WHERE nurse_id = $1", nurse.id()).map(drop)
}
