//! Seats: who is in a cohort, under which name.

use crate::clock::Millis;
use crate::cohorts::{CameBy, CohortId, Seat, SeatId};
use crate::db::Conn;
use crate::sql;

/// A seat as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct SeatRow {
    id: String,
    cohort_id: String,
    nurse_id: Option<String>,
    name: String,
    external_id: Option<String>,
    came_by: String,
    joined_at: Option<Millis>,
    confirmed_at: Option<Millis>,
    left_at: Option<Millis>,
}

impl SeatRow {
    pub(super) fn seat(self) -> Option<Seat> {
        Some(Seat {
            id: SeatId::read(&self.id)?,
            cohort_id: CohortId::read(&self.cohort_id)?,
            nurse_id: self.nurse_id,
            name: self.name,
            external_id: self.external_id,
            came_by: CameBy::read(&self.came_by)?,
            joined_at: self.joined_at,
            confirmed_at: self.confirmed_at,
            left_at: self.left_at,
        })
    }
}

/// Writes a new seat. A nurse or an external id that has one in this cohort already is a unique violation.
pub async fn insert_seat(conn: &mut Conn, seat: &Seat, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO seats
            (id, cohort_id, nurse_id, name, external_id, came_by, made_at, joined_at, confirmed_at, left_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        seat.id.as_str(),
        seat.cohort_id.as_str(),
        seat.nurse_id.as_deref(),
        seat.name.as_str(),
        seat.external_id.as_deref(),
        seat.came_by.stored(),
        now,
        seat.joined_at,
        seat.confirmed_at,
        seat.left_at
    )
    .map(drop)
}

/// Every seat of a cohort, by name; also those that were left.
pub async fn seats(conn: &mut Conn, cohort: &CohortId) -> sqlx::Result<Vec<Seat>> {
    let rows = sql!(
        conn,
        fetch_all as SeatRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at
         FROM seats WHERE cohort_id = $1 ORDER BY LOWER(name), id",
        cohort.as_str()
    )?;
    Ok(rows.into_iter().filter_map(SeatRow::seat).collect())
}

/// A seat of this cohort; one of another cohort is not there.
pub async fn seat(conn: &mut Conn, cohort: &CohortId, id: &SeatId) -> sqlx::Result<Option<Seat>> {
    let row = sql!(
        conn,
        fetch_optional as SeatRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at
         FROM seats WHERE cohort_id = $1 AND id = $2",
        cohort.as_str(),
        id.as_str()
    )?;
    Ok(row.and_then(SeatRow::seat))
}

/// The seat a nurse has in this cohort, also where she left it.
pub async fn seat_of_nurse(conn: &mut Conn, cohort: &CohortId, nurse_id: &str) -> sqlx::Result<Option<Seat>> {
    let row = sql!(
        conn,
        fetch_optional as SeatRow,
        "SELECT id, cohort_id, nurse_id, name, external_id, came_by, joined_at, confirmed_at, left_at
         FROM seats WHERE cohort_id = $1 AND nurse_id = $2",
        cohort.as_str(),
        nurse_id
    )?;
    Ok(row.and_then(SeatRow::seat))
}

/// Opens a personal link to a seat of the demo, where no session proves that an educator does.
pub async fn put_link(conn: &mut Conn, seat: &SeatId, link_hash: &str, expires: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE seats SET link_hash = $1, link_expires_at = $2, links_made = links_made || ' ' || $1 WHERE id = $3",
        link_hash,
        expires,
        seat.as_str()
    )
    .map(drop)
}
