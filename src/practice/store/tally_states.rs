//! Tallies by the state they are in: which of a cohort's have changed, and those alone.

use std::collections::HashSet;

use super::tallies::{TallyRow, tallies};
use crate::accounts::staff::Educator;
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::sql;

/// The states of a cohort's tallies, as (seat, number that grows with every change).
pub async fn tally_seqs(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<(String, i64)>> {
    sql!(
        conn,
        fetch_all as (String, i64),
        "SELECT seat_id, seq FROM tallies WHERE cohort_id = $1",
        educator.cohort().as_str()
    )
}

/// The tallies of these seats of a cohort, in any order: in one question, however many they are.
pub async fn tallies_of(
    conn: &mut Conn,
    educator: &Educator,
    seats: &[SeatId],
) -> sqlx::Result<Vec<TallyRow>> {
    let mut ids = seats.iter().map(SeatId::as_str);
    match seats.len() {
        0 => Ok(Vec::new()),
        1..=8 => {
            let mut next = || ids.next().unwrap_or_default();
            sql!(
                conn,
                fetch_all as TallyRow,
                "SELECT seat_id, seq, packed FROM tallies
                 WHERE seat_id IN ($2, $3, $4, $5, $6, $7, $8, $9) AND cohort_id = $1",
                educator.cohort().as_str(),
                next(),
                next(),
                next(),
                next(),
                next(),
                next(),
                next(),
                next()
            )
        }
        _ => {
            let mut rows = tallies(conn, educator).await?;
            let wanted: HashSet<&str> = ids.collect();
            rows.retain(|row| wanted.contains(row.seat_id.as_str()));
            Ok(rows)
        }
    }
}
