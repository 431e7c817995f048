//! Taking a seat, by code or by a personal link, and leaving it.

use super::seats::SeatRow;
use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::cohorts::{Seat, SeatId};
use crate::db::Conn;
use crate::sql;

/// The seat whose latest personal link has this hash, and until when that opens; None as a time where it was used
/// or closed.
pub async fn seat_by_link(conn: &mut Conn, link_hash: &str) -> sqlx::Result<Option<(Seat, Option<Millis>)>> {
    #[derive(sqlx::FromRow)]
    struct LinkedRow {
        #[sqlx(flatten)]
        seat: SeatRow,
        link_expires_at: Option<Millis>,
    }
    let row = sql!(
        conn,
        fetch_optional as LinkedRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at, link_expires_at
         FROM seats WHERE link_hash = $1",
        link_hash
    )?;
    Ok(row.and_then(|row| Some((row.seat.seat()?, row.link_expires_at))))
}

/// Keeps the seat of this personal link as it is until the transaction ends: of two who use a link at once, the second
/// finds it used.
pub async fn hold_by_link(conn: &mut Conn, link_hash: &str) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE seats SET name = name WHERE link_hash = $1", link_hash).map(drop)
}

/// Keeps a seat as it is until the transaction ends.
pub async fn hold_seat(conn: &mut Conn, seat: &SeatId) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE seats SET name = name WHERE id = $1", seat.as_str()).map(drop)
}

/// Keeps every seat of a nurse hers until the transaction ends.
pub async fn hold_seats_of(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE seats SET name = name WHERE nurse_id = $1", nurse.id()).map(drop)
}

/// Closes the open personal link of a seat, if there is one.
pub async fn close_link(conn: &mut Conn, seat: &SeatId) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE seats SET link_expires_at = NULL WHERE id = $1", seat.as_str()).map(drop)
}

/// Gives a seat to a nurse whom an educator's link or hand brought here; its link is used up.
pub async fn give_seat(
    conn: &mut Conn,
    seat: &SeatId,
    nurse_id: &str,
    joined_at: Millis,
    confirmed_at: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET nurse_id = $1, joined_at = $2, confirmed_at = $3, left_at = NULL, link_expires_at = NULL
         WHERE id = $4",
        nurse_id,
        joined_at,
        confirmed_at,
        seat.as_str()
    )
    .map(drop)
}

/// Brings a nurse back by code to the seat she had left, under the name she gives now; to be confirmed again. False where
/// that seat is hers no longer, or she is back already.
pub async fn return_to_seat(
    conn: &mut Conn,
    seat: &SeatId,
    (nurse_id, name): (&str, &str),
    now: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET name = $1, joined_at = $2, confirmed_at = NULL, left_at = NULL
         WHERE id = $3 AND nurse_id = $4 AND left_at IS NOT NULL",
        name,
        now,
        seat.as_str(),
        nurse_id
    )
    .map(|rows| rows == 1)
}

/// Takes away a seat whose nurse and work are in another seat of the cohort now, and gives that its external id
/// where it has none.
pub async fn fold_seat(conn: &mut Conn, from: &Seat, to: &SeatId) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM seats WHERE id = $1", from.id.as_str())?;
    sql!(
        conn,
        execute,
        "UPDATE seats SET external_id = COALESCE(external_id, $1) WHERE id = $2",
        from.external_id.as_deref(),
        to.as_str()
    )
    .map(drop)
}

/// Her seat with this id; another nurse's is not there.
pub async fn own_seat(conn: &mut Conn, nurse: &Nurse, seat: &SeatId) -> sqlx::Result<Option<Seat>> {
    let row = sql!(
        conn,
        fetch_optional as SeatRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at
         FROM seats WHERE id = $1 AND nurse_id = $2",
        seat.as_str(),
        nurse.id()
    )?;
    Ok(row.and_then(SeatRow::seat))
}

/// Notes that she left. False where she had left before.
pub async fn leave_seat(conn: &mut Conn, nurse: &Nurse, seat: &SeatId, now: Millis) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET left_at = $1, link_expires_at = NULL
         WHERE id = $2 AND nurse_id = $3 AND left_at IS NULL",
        now,
        seat.as_str(),
        nurse.id()
    )
    .map(|rows| rows == 1)
}
