//! Attempts put together from their records.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;

use super::store::{self, AttemptRow, OpeningRow, Part, ResponseRow};
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
