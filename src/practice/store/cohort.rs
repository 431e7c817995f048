//! Assigned work of a cohort, for its educators: attempts with their openings and responses, and what a nurse asked
//! to talk about. Placements and reflections that she keeps to herself are never read here.

use super::attempts::AttemptRow;
use super::records::{OpeningRow, ResponseRow};
use super::reflections::Reflection;
use crate::accounts::staff::Educator;
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::sql;

/// Which assigned work of a cohort is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// All of it.
    All,
    /// The attempts from one id to another, both included.
    Between(&'a str, &'a str),
    /// That of what was set of one scenario, by its slug.
    Scenario(&'a str),
    /// One nurse's.
    Seat(&'a SeatId),
    /// One attempt.
    One(&'a AttemptId),
}

impl<'a> Part<'a> {
    /// The first id, the last id, and the seat; "" where it may be any seat.
    fn bounds(self) -> (&'a str, &'a str, &'a str) {
        // Ids are hexadecimal digits and hyphens: all of them lie between these two.
        let (first, last) = ("", "g");
        match self {
            Self::All => (first, last, ""),
            Self::Between(from, to) => (from, to, ""),
            Self::Seat(seat) => (first, last, seat.as_str()),
            Self::One(attempt) => (attempt.as_str(), attempt.as_str(), ""),
        }
    }
}

/// The attempts of this part, oldest first.
pub async fn cohort_attempts(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<AttemptRow>> {
    let (from, to, seat) = part.bounds();
    sql!(
        conn,
        fetch_all as AttemptRow,
        "SELECT a.id, a.nurse_id, a.revision_id, a.policy_version, a.purpose, a.assignment_id, a.seat_id, a.started_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id
         WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3 AND ($4 = '' OR s.id = $4) ORDER BY a.id",
        educator.cohort().as_str(),
        from,
        to,
        seat
    )
}

/// The ids of all attempts, oldest first, so that many can be gone through in pieces.
pub async fn attempt_ids(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<String>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT a.id FROM seats s JOIN attempts a ON a.seat_id = s.id WHERE s.cohort_id = $1 ORDER BY a.id",
        educator.cohort().as_str()
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Their openings.
pub async fn cohort_openings(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<OpeningRow>> {
    let (from, to, seat) = part.bounds();
    sql!(
        conn,
        fetch_all as OpeningRow,
        "SELECT o.attempt_id, o.turn_number, o.own_words, o.words_gone_at, o.reply_order, o.opened_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN openings o ON o.attempt_id = a.id
         WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3 AND ($4 = '' OR s.id = $4)",
        educator.cohort().as_str(),
        from,
        to,
        seat
    )
}

/// Their responses, without how sure they were: that is hers alone.
pub async fn cohort_responses(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<ResponseRow>> {
    let (from, to, seat) = part.bounds();
    sql!(
        conn,
        fetch_all as ResponseRow,
        "SELECT r.attempt_id, r.turn_number, r.turn_id, r.reply_id, CAST(NULL AS TEXT) AS sureness, r.answered_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN responses r ON r.attempt_id = a.id
         WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3 AND ($4 = '' OR s.id = $4)",
        educator.cohort().as_str(),
        from,
        to,
        seat
    )
}

/// What nurses of the cohort wrote where they asked to talk about it, as (attempt, what she wrote). The if-then sentence
/// stays hers. What somebody wrote who had the place before is not read: she could not take it back any more.
pub async fn talks(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<(String, Reflection)>> {
    let (from, to, seat) = part.bounds();
    let rows = sql!(
        conn,
        fetch_all as (String, String, String, Option<String>),
        "SELECT r.attempt_id, r.feeling, r.aim, r.readiness
         FROM seats s JOIN attempts a ON a.seat_id = s.id
            JOIN reflections r ON r.attempt_id = a.id AND r.nurse_id = a.nurse_id
         WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3 AND ($4 = '' OR s.id = $4) AND r.wants_talk",
        educator.cohort().as_str(),
        from,
        to,
        seat
    )?;
    let talk = |(attempt, feeling, aim, readiness)| {
        (attempt, Reflection { feeling, aim, readiness, wants_talk: true, ..Reflection::default() })
    };
    Ok(rows.into_iter().map(talk).collect())
}
