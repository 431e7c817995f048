//! Assigned work that goes with its seat: to another nurse, or to another seat of the same cohort.

use super::tallies::rebuild_tally;
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::scenario::library::Library;
use crate::sql;

/// Gives the assigned work of a seat to the nurse who takes it now. Where the one before put her own words on the
/// line, and how sure she was, was hers alone and goes; what she wrote looking back stays under her own id, unread. Her practice stays hers.
pub async fn hand_over(conn: &mut Conn, seat: &SeatId, nurse_id: &str) -> sqlx::Result<()> {
    // Whoever is writing into it is waited for, so that nothing of hers comes in behind what is cleared.
    let held = "UPDATE attempts SET nurse_id = nurse_id WHERE seat_id = $1 AND nurse_id <> $2";
    sql!(conn, execute, held, seat.as_str(), nurse_id)?;
    sql!(
        conn,
        execute,
        "DELETE FROM placements WHERE attempt_id IN (SELECT id FROM attempts WHERE seat_id = $1 AND nurse_id <> $2)",
        seat.as_str(),
        nurse_id
    )?;
    sql!(
        conn,
        execute,
        "UPDATE responses SET sureness = NULL WHERE sureness IS NOT NULL
            AND attempt_id IN (SELECT id FROM attempts WHERE seat_id = $1 AND nurse_id <> $2)",
        seat.as_str(),
        nurse_id
    )?;
    sql!(
        conn,
        execute,
        "UPDATE attempts SET nurse_id = $2 WHERE seat_id = $1 AND nurse_id <> $2",
        seat.as_str(),
        nurse_id
    )
    .map(drop)
}

/// Puts the assigned work of one seat into another seat of the same cohort, whose nurse is the same. The work first:
/// whoever is writing into it is waited for, and then has counted it; then the tallies, in the order of the seats.
pub async fn move_work(conn: &mut Conn, library: &Library, from: &SeatId, to: &SeatId) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE attempts SET seat_id = $2 WHERE seat_id = $1", from.as_str(), to.as_str())?;
    sql!(
        conn,
        execute,
        "UPDATE completions SET seat_id = $2 WHERE seat_id = $1",
        from.as_str(),
        to.as_str()
    )?;
    for seat in [from.min(to), from.max(to)] {
        rebuild_tally(conn, library, seat.as_str()).await?;
    }
    Ok(())
}
