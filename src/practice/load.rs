//! Attempts put together from their records.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::store::{self, AttemptRow};
use super::{Attempt, AttemptId, Opening, Placement, Purpose, Response, Sureness};
use crate::accounts::nurse::Nurse;
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
    let mut openings: BTreeMap<String, BTreeMap<u32, Opening>> = BTreeMap::new();
    for row in store::openings(conn, nurse, &from, &to).await? {
        let reply_order = row.reply_order.split(' ').map(str::to_owned).collect();
        let opening = Opening { own_words: row.own_words, reply_order, opened_at: row.opened_at };
        openings.entry(row.attempt_id).or_default().insert(u32::try_from(row.turn_number)?, opening);
    }
    let mut responses: BTreeMap<String, BTreeMap<u32, Response>> = BTreeMap::new();
    for row in store::responses(conn, nurse, &from, &to).await? {
        let response = Response {
            turn_id: row.turn_id,
            reply_id: row.reply_id,
            sureness: row.sureness.as_deref().and_then(Sureness::read),
            answered_at: row.answered_at,
        };
        responses.entry(row.attempt_id).or_default().insert(u32::try_from(row.turn_number)?, response);
    }
    let mut placements: BTreeMap<String, BTreeMap<u32, Placement>> = BTreeMap::new();
    for (attempt, number, place) in store::placements(conn, nurse, &from, &to).await? {
        if let Some(placement) = Placement::read(&place) {
            placements.entry(attempt).or_default().insert(u32::try_from(number)?, placement);
        }
    }
    let mut attempts = Vec::with_capacity(rows.len());
    for row in rows {
        attempts.push(Attempt {
            id: AttemptId(row.id.clone()),
            revision: revision(conn, library, &row.revision_id).await?,
            policy_version: row.policy_version,
            policy: policy(conn, library, row.policy_version).await?,
            purpose: Purpose::read(&row.purpose).context("an attempt of an unknown purpose")?,
            started_at: row.started_at,
            openings: openings.remove(&row.id).unwrap_or_default(),
            responses: responses.remove(&row.id).unwrap_or_default(),
            placements: placements.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(attempts)
}
