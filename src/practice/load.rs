//! Attempts put together from their records.

use std::collections::{BTreeMap, HashMap};
use std::sync::Once;

use anyhow::Context as _;

use super::store::{self, AttemptRow, Part, RecordRow, TallyRow};
use super::tally::Tally;
use super::{Assigned, Attempt, AttemptId, Opening, Placement, Purpose, Response, Sureness};
use crate::accounts::nurse::Nurse;
use crate::accounts::staff::Educator;
use crate::cohorts::{AssignmentId, SeatId};
use crate::db::Conn;
use crate::scenario::library::Library;
use crate::scenario::store::{policy, revision};

/// Her attempt with this id, with everything recorded of it; another nurse's is not there.
pub async fn attempt(
    conn: &mut Conn,
    library: &Library,
    nurse: &Nurse,
    id: &AttemptId,
) -> anyhow::Result<Option<Attempt>> {
    let whole = store::whole_attempt(conn, nurse, id).await?;
    let (mut attempts, mut records) = (Vec::new(), Vec::with_capacity(whole.len()));
    for row in whole {
        if attempts.is_empty() {
            attempts.push(row.attempt);
        }
        records.push(row.record);
    }
    Ok(put_together(conn, library, attempts, records).await?.pop())
}

/// Her latest attempts in small, newest first: which replies she chose, and when she was at the last turn she came to;
/// no words, no order of the replies, not how sure she was.
pub async fn ways(
    conn: &mut Conn,
    library: &Library,
    nurse: &Nurse,
    limit: i64,
) -> anyhow::Result<Vec<Attempt>> {
    let mut attempts = Vec::new();
    for row in store::ways(conn, nurse, limit).await? {
        let mut attempt = bare(conn, library, row.attempt).await?;
        let answers = row.answers.as_deref().unwrap_or_default();
        attempt.responses = answers.split(',').filter_map(small_response).collect();
        attempt.openings = row.opened.as_deref().and_then(small_opening).into_iter().collect();
        attempts.push(attempt);
    }
    Ok(attempts)
}

fn small_response(text: &str) -> Option<(u32, Response)> {
    let mut parts = text.split(' ');
    let (number, answered_at) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let (turn_id, reply_id) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    Some((number, Response { turn_id, reply_id, sureness: None, answered_at }))
}

fn small_opening(text: &str) -> Option<(u32, Opening)> {
    let (number, opened_at) = text.split_once(' ')?;
    let opened_at = opened_at.parse().ok()?;
    let opening = Opening { own_words: None, words_gone: false, reply_order: Vec::new(), opened_at };
    Some((number.parse().ok()?, opening))
}

/// Her latest attempts, newest first, with everything recorded of them.
pub async fn attempts(
    conn: &mut Conn,
    library: &Library,
    nurse: &Nurse,
    limit: i64,
) -> anyhow::Result<Vec<Attempt>> {
    let rows = store::attempts(conn, nurse, limit).await?;
    fill(conn, library, nurse, rows).await
}

/// The assigned work of a cohort, or the part of it that is asked for, oldest first.
pub async fn of_cohort(
    conn: &mut Conn,
    library: &Library,
    educator: &Educator,
    part: Part<'_>,
) -> anyhow::Result<Vec<Attempt>> {
    let rows = store::cohort_attempts(conn, educator, part).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let records = store::cohort_records(conn, educator, part).await?;
    put_together(conn, library, rows, records).await
}

/// The assigned work of a cohort from its tallies, oldest first: all that is counted, and no words.
pub async fn tallied(
    conn: &mut Conn,
    library: &Library,
    educator: &Educator,
) -> anyhow::Result<Vec<Attempt>> {
    let mut attempts = Vec::new();
    for row in store::tallies(conn, educator).await? {
        let Some(seat) = SeatId::read(&row.seat_id) else { continue };
        let tally = unpacked(conn, library, &row).await?;
        attempts.append(&mut from_tally(conn, library, &seat, &tally).await?);
    }
    attempts.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
    Ok(attempts)
}

/// A tally as it is stored, readable: counted anew from the records where its bytes can't be read. That is logged,
/// once.
pub async fn unpacked(conn: &mut Conn, library: &Library, row: &TallyRow) -> anyhow::Result<Tally> {
    static SAID: Once = Once::new();
    match Tally::unpack(&row.packed) {
        Ok(tally) => Ok(tally),
        Err(cause) => {
            SAID.call_once(|| {
                tracing::warn!(%cause, seat = row.seat_id, "a tally can’t be read; `warmly check --tallies --mend` mends it");
            });
            let mut recount = store::recount(conn, library, &row.seat_id, &row.seat_id).await?;
            Ok(recount.tallies.remove(&row.seat_id).unwrap_or_default())
        }
    }
}

/// A seat's assigned work as attempts, in the tally's order. What a tally doesn't hold is not in them: no own words, no
/// order of the replies, not how sure she was; each answered turn counts as opened when it was answered, and a turn
/// that is only opened as not opened.
pub async fn from_tally(
    conn: &mut Conn,
    library: &Library,
    seat: &SeatId,
    tally: &Tally,
) -> anyhow::Result<Vec<Attempt>> {
    let mut attempts = Vec::with_capacity(tally.attempts.len());
    for tallied in &tally.attempts {
        let revision = revision(conn, library, &tallied.revision).await?;
        let (mut openings, mut responses) = (BTreeMap::new(), BTreeMap::new());
        for (number, answer) in (1..).zip(&tallied.answers) {
            let Some((turn_id, reply)) = answer.given(&revision.scenario) else { break };
            let opened_at = answer.answered_at;
            let opening = Opening { own_words: None, words_gone: false, reply_order: Vec::new(), opened_at };
            openings.insert(number, opening);
            let response = Response {
                turn_id: turn_id.to_owned(),
                reply_id: reply.id.clone(),
                sureness: None,
                answered_at: answer.answered_at,
            };
            responses.insert(number, response);
        }
        attempts.push(Attempt {
            id: tallied.id.clone(),
            revision,
            policy_version: tallied.policy_version,
            policy: policy(conn, library, tallied.policy_version).await?,
            purpose: Purpose::Assigned,
            assigned: Some(Assigned { seat: seat.clone(), assignment: tallied.assignment.clone() }),
            started_at: tallied.started_at,
            openings,
            responses,
            placements: BTreeMap::new(),
        });
    }
    Ok(attempts)
}

/// Rows newest first, as attempts in the same order.
async fn fill(
    conn: &mut Conn,
    library: &Library,
    nurse: &Nurse,
    rows: Vec<AttemptRow>,
) -> anyhow::Result<Vec<Attempt>> {
    let (Some(from), Some(to)) =
        (rows.last().map(|row| row.id.clone()), rows.first().map(|row| row.id.clone()))
    else {
        return Ok(Vec::new());
    };
    let records = store::records(conn, nurse, &from, &to).await?;
    put_together(conn, library, rows, records).await
}

async fn put_together(
    conn: &mut Conn,
    library: &Library,
    rows: Vec<AttemptRow>,
    records: Vec<RecordRow>,
) -> anyhow::Result<Vec<Attempt>> {
    let mut places: HashMap<String, usize> = HashMap::with_capacity(rows.len());
    let mut attempts = Vec::with_capacity(rows.len());
    for row in rows {
        places.insert(row.id.clone(), attempts.len());
        attempts.push(bare(conn, library, row).await?);
    }
    for record in records {
        let place = places.get(&record.attempt_id);
        if let Some(attempt) = place.and_then(|place| attempts.get_mut(*place)) {
            put(attempt, record)?;
        }
    }
    Ok(attempts)
}

/// An attempt without anything recorded of it.
async fn bare(conn: &mut Conn, library: &Library, row: AttemptRow) -> anyhow::Result<Attempt> {
    Ok(Attempt {
        id: AttemptId::read(&row.id).context("an attempt with an id that is none")?,
        revision: revision(conn, library, &row.revision_id).await?,
        policy_version: row.policy_version,
        policy: policy(conn, library, row.policy_version).await?,
        purpose: Purpose::read(&row.purpose).context("an attempt of an unknown purpose")?,
        assigned: assigned(&row),
        started_at: row.started_at,
        openings: BTreeMap::new(),
        responses: BTreeMap::new(),
        placements: BTreeMap::new(),
    })
}

/// Puts what is recorded of one turn to its attempt.
fn put(attempt: &mut Attempt, row: RecordRow) -> anyhow::Result<()> {
    let (Some(number), Some(order), Some(opened_at)) = (row.turn_number, row.reply_order, row.opened_at)
    else {
        return Ok(());
    };
    let number = u32::try_from(number)?;
    let reply_order = order.split(' ').map(str::to_owned).collect();
    let words_gone = row.words_gone_at.is_some();
    attempt.openings.insert(number, Opening { own_words: row.own_words, words_gone, reply_order, opened_at });
    if let (Some(turn_id), Some(reply_id), Some(answered_at)) = (row.turn_id, row.reply_id, row.answered_at) {
        let sureness = row.sureness.as_deref().and_then(Sureness::read);
        attempt.responses.insert(number, Response { turn_id, reply_id, sureness, answered_at });
    }
    if let Some(placement) = row.place.as_deref().and_then(Placement::read) {
        attempt.placements.insert(number, placement);
    }
    Ok(())
}

fn assigned(row: &AttemptRow) -> Option<Assigned> {
    let seat = SeatId::read(row.seat_id.as_deref()?)?;
    let assignment = AssignmentId::read(row.assignment_id.as_deref()?)?;
    Some(Assigned { seat, assignment })
}
