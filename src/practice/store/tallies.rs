//! Tallies: a seat's assigned work in one row, always exactly what the records say.
//!
//! Whoever adds to the records writes the record first and the tally after it; whoever counts anew holds the tally
//! first and reads the records after that. So nothing is counted twice or forgotten, whoever waits for whom. Several
//! tallies in one transaction are touched in the order of their seats' ids.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::AttemptRow;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::{AssignmentId, CohortId, SeatId};
use crate::db::Conn;
use crate::practice::tally::{Tallied, TalliedAnswer, Tally};
use crate::practice::{Attempt, AttemptId, Response};
use crate::scenario::Scenario;
use crate::scenario::library::{Library, Revision};
use crate::scenario::store::revision;
use crate::sql;

/// A tally as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TallyRow {
    /// Whose work it is.
    pub seat_id: String,
    /// Grows with every change.
    pub seq: i64,
    /// What [`Tally::unpack`] reads.
    pub packed: Vec<u8>,
}

/// The tallies of a cohort, in the order of their seats; a seat where nothing was ever begun may have none.
pub async fn tallies(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<TallyRow>> {
    sql!(
        conn,
        fetch_all as TallyRow,
        "SELECT seat_id, seq, packed FROM tallies WHERE cohort_id = $1 ORDER BY seat_id",
        educator.cohort().as_str()
    )
}

/// The tally of one seat of a cohort.
pub async fn seat_tally(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
) -> sqlx::Result<Option<TallyRow>> {
    sql!(
        conn,
        fetch_optional as TallyRow,
        "SELECT seat_id, seq, packed FROM tallies WHERE seat_id = $1 AND cohort_id = $2",
        seat.as_str(),
        educator.cohort().as_str()
    )
}

/// The tallies of the seats from one id to another (both included), in that order.
pub async fn stored_tallies(conn: &mut Conn, from: &str, to: &str) -> sqlx::Result<Vec<TallyRow>> {
    sql!(
        conn,
        fetch_all as TallyRow,
        "SELECT seat_id, seq, packed FROM tallies WHERE seat_id >= $1 AND seat_id <= $2 ORDER BY seat_id",
        from,
        to
    )
}

/// Adds attempts to the tally of their seat, after they were written with all there is of them so far.
pub async fn tally_attempts(
    conn: &mut Conn,
    library: &Library,
    seat: &str,
    written: Vec<Tallied>,
) -> sqlx::Result<()> {
    let held = sql!(
        conn,
        fetch_optional as (Vec<u8>,),
        "UPDATE tallies SET seq = seq + 1 WHERE seat_id = $1 RETURNING packed",
        seat
    )?;
    let counted = held.and_then(|(packed,)| {
        let mut tally = Tally::unpack(&packed).ok()?;
        written.into_iter().all(|attempt| tally.start(attempt)).then_some(tally)
    });
    match counted {
        Some(tally) => write_packed(conn, seat, &tally).await,
        None => rebuild_tally(conn, library, seat).await.map(drop),
    }
}

/// Adds the start of an attempt; nothing for practice.
pub(super) async fn tally_start(
    conn: &mut Conn,
    library: &Library,
    attempt: &AttemptRow,
) -> sqlx::Result<()> {
    match (attempt.seat_id.as_deref(), tallied(attempt)) {
        (Some(seat), Some(begun)) => tally_attempts(conn, library, seat, vec![begun]).await,
        _ => Ok(()),
    }
}

/// Adds an answer to the tally of the seat that the attempt belongs to now, after it was written; nothing for practice.
/// Call it only for a response that was not there before, in a transaction that holds the attempt.
pub async fn tally_answer(
    conn: &mut Conn,
    library: &Library,
    attempt: &Attempt,
    number: u32,
    response: &Response,
) -> sqlx::Result<()> {
    if attempt.assigned.is_none() {
        return Ok(());
    }
    let held = sql!(
        conn,
        fetch_optional as (String, Vec<u8>),
        "UPDATE tallies SET seq = seq + 1 WHERE seat_id = (SELECT a.seat_id FROM attempts a WHERE a.id = $1)
         RETURNING seat_id, packed",
        attempt.id.as_str()
    )?;
    let scenario = &attempt.revision.scenario;
    let (turn, reply) = (&response.turn_id, &response.reply_id);
    let answer = TalliedAnswer::of(scenario, turn, reply, response.answered_at);
    let counted = held.and_then(|(seat, packed)| {
        let mut tally = Tally::unpack(&packed).ok()?;
        tally.answer(&attempt.id, number, answer?).then_some((seat, tally))
    });
    if let Some((seat, tally)) = counted {
        return write_packed(conn, &seat, &tally).await;
    }
    let seat = sql!(
        conn,
        fetch_optional as (Option<String>,),
        "SELECT seat_id FROM attempts WHERE id = $1",
        attempt.id.as_str()
    )?;
    match seat {
        Some((Some(seat),)) => rebuild_tally(conn, library, &seat).await.map(drop),
        _ => Ok(()),
    }
}

/// Counts a seat anew from the records and stores that. Gives what it came to; nothing where there is no such seat.
pub async fn rebuild_tally(conn: &mut Conn, library: &Library, seat: &str) -> sqlx::Result<Tally> {
    sql!(
        conn,
        execute,
        "INSERT INTO tallies (seat_id, cohort_id, seq, packed)
         SELECT s.id, s.cohort_id, 1, $2 FROM seats s WHERE s.id = $1
         ON CONFLICT (seat_id) DO UPDATE SET seq = tallies.seq + 1",
        seat,
        Tally::default().pack()
    )?;
    let tally = recount(conn, library, seat, seat).await?.tallies.remove(seat).unwrap_or_default();
    write_packed(conn, seat, &tally).await?;
    Ok(tally)
}

/// Stores a tally that is known to be all there is of a seat.
pub async fn put_tally(conn: &mut Conn, seat: &SeatId, cohort: &CohortId, tally: &Tally) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO tallies (seat_id, cohort_id, seq, packed) VALUES ($1, $2, 1, $3)
         ON CONFLICT (seat_id) DO UPDATE SET seq = tallies.seq + 1, packed = excluded.packed",
        seat.as_str(),
        cohort.as_str(),
        tally.pack()
    )
    .map(drop)
}

async fn write_packed(conn: &mut Conn, seat: &str, tally: &Tally) -> sqlx::Result<()> {
    sql!(conn, execute, "UPDATE tallies SET packed = $2 WHERE seat_id = $1", seat, tally.pack()).map(drop)
}

/// Whether there is any tally.
pub async fn any_tally(conn: &mut Conn) -> sqlx::Result<bool> {
    let found = sql!(conn, fetch_optional as (String,), "SELECT seat_id FROM tallies LIMIT 1")?;
    Ok(found.is_some())
}

/// Seats after this one that have assigned work but no tally, at most so many, in the order of their ids.
pub async fn seats_to_tally(conn: &mut Conn, after: &str, most: i64) -> sqlx::Result<Vec<String>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT s.id FROM seats s
         WHERE s.id > $1 AND NOT EXISTS (SELECT 1 FROM tallies t WHERE t.seat_id = s.id)
            AND EXISTS (SELECT 1 FROM attempts a WHERE a.seat_id = s.id)
         ORDER BY s.id LIMIT $2",
        after,
        most
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Seats after this one, at most so many, in the order of their ids.
pub async fn seats_from(conn: &mut Conn, after: &str, most: i64) -> sqlx::Result<Vec<String>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT id FROM seats WHERE id > $1 ORDER BY id LIMIT $2",
        after,
        most
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What the records say.
#[derive(Clone, Debug, Default)]
pub struct Recount {
    /// By seat; a seat where nothing was begun has none.
    pub tallies: BTreeMap<String, Tally>,
    /// How many responses were read.
    pub responses: usize,
}

/// Counts the seats from one id to another (both included) from the records.
pub async fn recount(conn: &mut Conn, library: &Library, from: &str, to: &str) -> sqlx::Result<Recount> {
    let rows = sql!(
        conn,
        fetch_all as RecordedRow,
        "SELECT a.id, a.nurse_id, a.revision_id, a.policy_version, a.purpose, a.assignment_id, a.seat_id, a.started_at,
            (SELECT STRING_AGG(CAST(r.turn_number AS TEXT) || ' ' || CAST(r.answered_at AS TEXT) || ' ' || r.turn_id
                || ' ' || r.reply_id, ',') FROM responses r WHERE r.attempt_id = a.id) AS answers
         FROM attempts a WHERE a.seat_id >= $1 AND a.seat_id <= $2",
        from,
        to
    )?;
    let mut recount = Recount::default();
    for row in rows {
        let (Some(mut counted), Some(seat)) = (tallied(&row.attempt), row.attempt.seat_id) else { continue };
        if let Some(answers) = row.answers {
            recount.responses += answers.split(',').count();
            if let Some(revision) = readable(conn, library, &counted.revision).await? {
                counted.answers = in_order(&revision.scenario, &answers);
            }
        }
        recount.tallies.entry(seat).or_default().start(counted);
    }
    Ok(recount)
}

#[derive(Debug, sqlx::FromRow)]
struct RecordedRow {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    /// Number, time, turn and reply of each response, with spaces between; and commas between the responses.
    answers: Option<String>,
}

/// The answers to turn 1, 2 and so on, up to the first gap; one that chose nothing of this scenario is a gap.
fn in_order(scenario: &Scenario, answers: &str) -> Vec<TalliedAnswer> {
    let mut recorded: Vec<(u32, TalliedAnswer)> = answers
        .split(',')
        .filter_map(|answer| {
            let mut parts = answer.split(' ');
            let (number, answered_at) = (parts.next()?.parse().ok()?, parts.next()?.parse::<Millis>().ok()?);
            Some((number, TalliedAnswer::of(scenario, parts.next()?, parts.next()?, answered_at)?))
        })
        .collect();
    recorded.sort_by_key(|(number, _)| *number);
    (1..)
        .zip(recorded)
        .take_while(|(next, (number, _))| next == number)
        .map(|(_, (_, answer))| answer)
        .collect()
}

/// An attempt without answers as a tally holds it. None where its ids are none.
fn tallied(attempt: &AttemptRow) -> Option<Tallied> {
    Some(Tallied {
        id: AttemptId::read(&attempt.id)?,
        assignment: AssignmentId::read(attempt.assignment_id.as_deref()?)?,
        revision: attempt.revision_id.clone(),
        policy_version: attempt.policy_version,
        started_at: attempt.started_at,
        answers: Vec::new(),
    })
}

/// A revision; None, and logged, where its content can't be read: no page can show its answers then.
async fn readable(conn: &mut Conn, library: &Library, id: &str) -> sqlx::Result<Option<Arc<Revision>>> {
    match revision(conn, library, id).await.map_err(anyhow::Error::downcast::<sqlx::Error>) {
        Ok(revision) => Ok(Some(revision)),
        Err(Ok(cause)) => Err(cause),
        Err(Err(cause)) => {
            tracing::error!(%cause, revision = id, "this revision can’t be read: its answers are not counted");
            Ok(None)
        }
    }
}
