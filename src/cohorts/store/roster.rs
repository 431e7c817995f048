//! What educators change in a roster: who is confirmed, links, names, who is no longer in.

use super::seats::SeatRow;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::{Seat, SeatId};
use crate::db::Conn;
use crate::sql;

/// Personal links that are open now, as (seat, until when).
pub async fn open_links(
    conn: &mut Conn,
    educator: &Educator,
    now: Millis,
) -> sqlx::Result<Vec<(String, Millis)>> {
    sql!(
        conn,
        fetch_all as (String, Millis),
        "SELECT id, link_expires_at FROM seats WHERE cohort_id = $1 AND link_expires_at > $2",
        educator.cohort().as_str(),
        now
    )
}

/// Notes that whoever sits here is who it says. False where there is nobody to confirm.
pub async fn confirm_seat(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
    now: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET confirmed_at = $1
         WHERE id = $2 AND cohort_id = $3 AND nurse_id IS NOT NULL AND left_at IS NULL AND confirmed_at IS NULL",
        now,
        seat.as_str(),
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}

/// Gives a seat another name and external id. An id that another seat of the cohort has is a unique violation.
pub async fn rename_seat(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
    name: &str,
    external_id: Option<&str>,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET name = $1, external_id = $2 WHERE id = $3 AND cohort_id = $4 AND name <> ''",
        name,
        external_id,
        seat.as_str(),
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}

/// Takes a nurse out of the cohort: her seat stays with her work, marked. A seat that nobody ever took goes. False
/// where she was out before.
pub async fn remove_seat(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
    now: Millis,
) -> sqlx::Result<bool> {
    let cohort = educator.cohort().as_str();
    let gone = sql!(
        conn,
        execute,
        "DELETE FROM seats WHERE id = $1 AND cohort_id = $2 AND nurse_id IS NULL AND joined_at IS NULL",
        seat.as_str(),
        cohort
    )?;
    sql!(
        conn,
        execute,
        "UPDATE seats SET left_at = $1, link_expires_at = NULL WHERE id = $2 AND cohort_id = $3 AND left_at IS NULL",
        now,
        seat.as_str(),
        cohort
    )
    .map(|rows| rows + gone > 0)
}

/// Opens a personal link to a seat, and closes the one before. False where this very link was made before (it may have
/// been used since, or a newer one made), or the seat can't have one.
pub async fn open_link(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
    link_hash: &str,
    expires: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET link_hash = $1, link_expires_at = $2, links_made = links_made || ' ' || $1
         WHERE id = $3 AND cohort_id = $4 AND name <> '' AND links_made NOT LIKE '%' || $1 || '%'",
        link_hash,
        expires,
        seat.as_str(),
        educator.cohort().as_str()
    )
    .map(|rows| rows == 1)
}

/// Until when this personal link opens a seat of the cohort; None where it opens nothing any more.
pub async fn link_open_until(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
    link_hash: &str,
    now: Millis,
) -> sqlx::Result<Option<Millis>> {
    let row = sql!(
        conn,
        fetch_optional as (Millis,),
        "SELECT link_expires_at FROM seats
         WHERE id = $1 AND cohort_id = $2 AND link_hash = $3 AND link_expires_at > $4",
        seat.as_str(),
        educator.cohort().as_str(),
        link_hash,
        now
    )?;
    Ok(row.map(|(until,)| until))
}

/// Seats that nobody has taken yet, by name.
pub async fn free_seats(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<Seat>> {
    let rows = sql!(
        conn,
        fetch_all as SeatRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at
         FROM seats WHERE cohort_id = $1 AND nurse_id IS NULL AND joined_at IS NULL AND left_at IS NULL
         ORDER BY LOWER(name), id",
        educator.cohort().as_str()
    )?;
    Ok(rows.into_iter().filter_map(SeatRow::seat).collect())
}
