//! Attempts put together from their records.

use std::collections::{BTreeMap, HashMap};
use std::sync::Once;

use anyhow::Context as _;

use super::store::{self, AttemptRow, OpeningRow, Part, ResponseRow, TallyRow};
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
    let Some(row) = store::attempt(conn, nurse, id).await? else { return Ok(None) };
    Ok(fill(conn, library, nurse, vec![row]).await?.pop())
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
    let records = Records {
        openings: store::cohort_openings(conn, educator, part).await?,
        responses: store::cohort_responses(conn, educator, part).await?,
        placements: Vec::new(),
    };
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
    let records = Records {
        openings: store::openings(conn, nurse, &from, &to).await?,
        responses: store::responses(conn, nurse, &from, &to).await?,
        placements: store::placements(conn, nurse, &from, &to).await?,
    };
    put_together(conn, library, rows, records).await
}

/// What is recorded of some attempts, as it is stored.
struct Records {
    openings: Vec<OpeningRow>,
    responses: Vec<ResponseRow>,
    /// (attempt, turn number, place)
    placements: Vec<(String, i64, String)>,
}

async fn put_together(
    conn: &mut Conn,
    library: &Library,
    rows: Vec<AttemptRow>,
    records: Records,
) -> anyhow::Result<Vec<Attempt>> {
    let mut openings: HashMap<String, BTreeMap<u32, Opening>> = HashMap::new();
    for row in records.openings {
        let reply_order = row.reply_order.split(' ').map(str::to_owned).collect();
        let opening = Opening {
            own_words: row.own_words,
            words_gone: row.words_gone_at.is_some(),
            reply_order,
            opened_at: row.opened_at,
        };
        openings.entry(row.attempt_id).or_default().insert(u32::try_from(row.turn_number)?, opening);
    }
    let mut responses: HashMap<String, BTreeMap<u32, Response>> = HashMap::new();
    for row in records.responses {
        let response = Response {
            turn_id: row.turn_id,
            reply_id: row.reply_id,
            sureness: row.sureness.as_deref().and_then(Sureness::read),
            answered_at: row.answered_at,
        };
        responses.entry(row.attempt_id).or_default().insert(u32::try_from(row.turn_number)?, response);
    }
    let mut placements: HashMap<String, BTreeMap<u32, Placement>> = HashMap::new();
    for (attempt, number, place) in records.placements {
        if let Some(placement) = Placement::read(&place) {
            placements.entry(attempt).or_default().insert(u32::try_from(number)?, placement);
        }
    }
    let mut attempts = Vec::with_capacity(rows.len());
    for row in rows {
        attempts.push(Attempt {
            id: AttemptId::read(&row.id).context("an attempt with an id that is none")?,
            revision: revision(conn, library, &row.revision_id).await?,
            policy_version: row.policy_version,
            policy: policy(conn, library, row.policy_version).await?,
            purpose: Purpose::read(&row.purpose).context("an attempt of an unknown purpose")?,
            assigned: assigned(&row),
            started_at: row.started_at,
            openings: openings.remove(&row.id).unwrap_or_default(),
            responses: responses.remove(&row.id).unwrap_or_default(),
            placements: placements.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(attempts)
}

fn assigned(row: &AttemptRow) -> Option<Assigned> {
    let seat = SeatId::read(row.seat_id.as_deref()?)?;
    let assignment = AssignmentId::read(row.assignment_id.as_deref()?)?;
    Some(Assigned { seat, assignment })
}
