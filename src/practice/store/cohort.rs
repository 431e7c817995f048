//! Assigned work of a cohort, for its educators: attempts with their openings and responses, and what a nurse asked
//! to talk about. Placements and reflections that she keeps to herself are never read here.

use super::attempts::AttemptRow;
use super::records::RecordRow;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::{AssignmentId, SeatId};
use crate::db::Conn;
use crate::practice::{Assigned, AttemptId, Readiness};
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

/// Asks for a part of a cohort's work: these columns of the attempts `a` and of what is joined to them.
macro_rules! of_part {
    ($conn:expr, $row:ty, $educator:expr, $part:expr, $columns:literal, $join:literal, $order:literal) => {{
        let cohort = $educator.cohort().as_str();
        match $part {
            Part::All => sql!(
                $conn,
                fetch_all as $row,
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM seats s JOIN attempts a ON a.seat_id = s.id ",
                    $join,
                    " WHERE s.cohort_id = $1 ",
                    $order
                ),
                cohort
            ),
            Part::Between(from, to) => sql!(
                $conn,
                fetch_all as $row,
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM seats s JOIN attempts a ON a.seat_id = s.id ",
                    $join,
                    " WHERE s.cohort_id = $1 AND a.id >= $2 AND a.id <= $3 ",
                    $order
                ),
                cohort,
                from,
                to
            ),
            Part::Scenario(slug) => sql!(
                $conn,
                fetch_all as $row,
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM assignments g JOIN attempts a ON a.assignment_id = g.id
                     JOIN seats s ON s.id = a.seat_id ",
                    $join,
                    " WHERE g.cohort_id = $1 AND g.slug = $2 AND s.cohort_id = $1 ",
                    $order
                ),
                cohort,
                slug
            ),
            Part::Seat(seat) => sql!(
                $conn,
                fetch_all as $row,
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM seats s JOIN attempts a ON a.seat_id = s.id ",
                    $join,
                    " WHERE s.cohort_id = $1 AND s.id = $2 ",
                    $order
                ),
                cohort,
                seat.as_str()
            ),
            Part::One(attempt) => sql!(
                $conn,
                fetch_all as $row,
                concat!(
                    "SELECT ",
                    $columns,
                    " FROM attempts a JOIN seats s ON s.id = a.seat_id ",
                    $join,
                    " WHERE a.id = $2 AND s.cohort_id = $1"
                ),
                cohort,
                attempt.as_str()
            ),
        }
    }};
}

/// The attempts of this part, oldest first.
pub async fn cohort_attempts(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<AttemptRow>> {
    of_part!(
        conn,
        AttemptRow,
        educator,
        part,
        "a.id, a.nurse_id, a.revision_id, a.policy_version, a.purpose, a.assignment_id, a.seat_id, a.started_at",
        "",
        "ORDER BY a.id"
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

/// What is recorded of them, without how sure they were and where they put their own words: that is hers alone.
pub async fn cohort_records(
    conn: &mut Conn,
    educator: &Educator,
    part: Part<'_>,
) -> sqlx::Result<Vec<RecordRow>> {
    of_part!(
        conn,
        RecordRow,
        educator,
        part,
        "o.attempt_id, o.turn_number, o.own_words, o.words_gone_at, o.reply_order, o.opened_at, r.turn_id, r.reply_id,
            CAST(NULL AS TEXT) AS sureness, r.answered_at, CAST(NULL AS TEXT) AS place",
        "JOIN openings o ON o.attempt_id = a.id
            LEFT JOIN responses r ON r.attempt_id = o.attempt_id AND r.turn_number = o.turn_number",
        ""
    )
}

/// What a nurse wrote about an attempt that she asked to talk about.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Talk {
    /// The attempt.
    pub attempt_id: String,
    /// What was going on in her.
    pub feeling: String,
    /// What she was trying to do.
    pub aim: String,
    /// How ready she feels, as stored by [`Readiness`].
    pub readiness: Option<String>,
}

/// What nurses of the cohort wrote where they asked to talk about it. The if-then sentence stays hers. What somebody wrote who had the place before is not read: she could not take it back any more.
pub async fn talks(conn: &mut Conn, educator: &Educator, part: Part<'_>) -> sqlx::Result<Vec<Talk>> {
    of_part!(
        conn,
        Talk,
        educator,
        part,
        "r.attempt_id, r.feeling, r.aim, r.readiness",
        "JOIN reflections r ON r.attempt_id = a.id AND r.nurse_id = a.nurse_id AND r.wants_talk",
        ""
    )
}

/// That a nurse asked to talk about an attempt.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Whose place it is, and what was set.
    pub assigned: Assigned,
    /// When the attempt was started.
    pub started_at: Millis,
    /// How ready she feels, where she said so.
    pub readiness: Option<Readiness>,
}

/// Where nurses of the cohort asked to talk, in the order of their attempts, without what they wrote. What somebody asked
/// who had the place before is left out here too.
pub async fn asks(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<Ask>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String, Millis, Option<String>),
        "SELECT a.seat_id, a.assignment_id, a.started_at, r.readiness
         FROM reflections r JOIN attempts a ON a.id = r.attempt_id AND a.nurse_id = r.nurse_id
            JOIN seats s ON s.id = a.seat_id
         WHERE r.wants_talk AND r.cohort_id = $1 AND s.cohort_id = $1 AND a.assignment_id IS NOT NULL
         ORDER BY r.attempt_id",
        educator.cohort().as_str()
    )?;
    let ask = |(seat, assignment, started_at, readiness): (String, String, _, Option<String>)| {
        let assigned = Assigned { seat: SeatId::read(&seat)?, assignment: AssignmentId::read(&assignment)? };
        Some(Ask { assigned, started_at, readiness: readiness.as_deref().and_then(Readiness::read) })
    };
    Ok(rows.into_iter().filter_map(ask).collect())
}
