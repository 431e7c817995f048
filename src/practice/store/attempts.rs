//! Attempts: which there are, whose they are, and what she first answered.

use super::tallies::tally_start;
use crate::accounts::nurse::Nurse;
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::{Attempt, AttemptId, Purpose};
use crate::scenario::library::Library;
use crate::sql;

/// An attempt as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AttemptRow {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub nurse_id: String,
    /// The revision it goes through.
    pub revision_id: String,
    /// The local words it was started under.
    pub policy_version: i64,
    /// Why it was made, as stored.
    pub purpose: String,
    /// Of assigned work: the assignment it belongs to.
    pub assignment_id: Option<String>,
    /// Of assigned work: the nurse's place in the cohort.
    pub seat_id: Option<String>,
    /// When it was started.
    pub started_at: Millis,
}

/// Writes the start of an attempt, also into the tally of its seat. A start token that was used before is a unique
/// violation.
pub async fn insert_attempt(
    conn: &mut Conn,
    library: &Library,
    attempt: &AttemptRow,
    token_hash: &str,
) -> sqlx::Result<()> {
    write_attempt(conn, attempt, token_hash).await?;
    tally_start(conn, library, attempt).await
}

/// The same without the tally, for whoever puts the whole tally of the seat in the same transaction.
pub async fn write_attempt(conn: &mut Conn, attempt: &AttemptRow, token_hash: &str) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO attempts
            (id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id, start_token_hash, started_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        attempt.id.as_str(),
        attempt.nurse_id.as_str(),
        attempt.revision_id.as_str(),
        attempt.policy_version,
        attempt.purpose.as_str(),
        attempt.assignment_id.as_deref(),
        attempt.seat_id.as_deref(),
        token_hash,
        attempt.started_at
    )
    .map(drop)
}

/// The attempt that was started with this token.
pub async fn by_start_token(conn: &mut Conn, token_hash: &str) -> sqlx::Result<Option<AttemptRow>> {
    sql!(
        conn,
        fetch_optional as AttemptRow,
        "SELECT id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id, started_at
         FROM attempts WHERE start_token_hash = $1",
        token_hash
    )
}

/// Keeps her assigned work hers until the transaction ends, so that nothing new is written into it while she deletes
/// what is hers. False where it is hers no longer. Practice needs no holding: it is deleted as a whole.
pub async fn hold(conn: &mut Conn, nurse: &Nurse, attempt: &Attempt) -> sqlx::Result<bool> {
    if attempt.assigned.is_none() {
        return Ok(true);
    }
    hold_any(conn, nurse, attempt).await
}

/// The same for practice as well: where what is written depends on what was there before, one comes after the other.
pub async fn hold_any(conn: &mut Conn, nurse: &Nurse, attempt: &Attempt) -> sqlx::Result<bool> {
    if conn.writes_alone() {
        let text = "SELECT id FROM attempts WHERE id = $1 AND nurse_id = $2";
        let hers = sql!(conn, fetch_optional as (String,), text, attempt.id.as_str(), nurse.id())?;
        return Ok(hers.is_some());
    }
    let text = "UPDATE attempts SET nurse_id = nurse_id WHERE id = $1 AND nurse_id = $2";
    sql!(conn, execute, text, attempt.id.as_str(), nurse.id()).map(|rows| rows == 1)
}

/// The same for an educator of the cohort who writes about it: whoever deletes what is hers right now is waited for.
pub async fn hold_of_cohort(conn: &mut Conn, educator: &Educator, attempt: &AttemptId) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE attempts SET nurse_id = nurse_id
         WHERE id = $1 AND seat_id IN (SELECT s.id FROM seats s WHERE s.cohort_id = $2)",
        attempt.as_str(),
        educator.cohort().as_str()
    )
    .map(drop)
}

/// Her latest attempts, newest first.
pub async fn attempts(conn: &mut Conn, nurse: &Nurse, limit: i64) -> sqlx::Result<Vec<AttemptRow>> {
    sql!(
        conn,
        fetch_all as AttemptRow,
        "SELECT id, nurse_id, revision_id, policy_version, purpose, assignment_id, seat_id, started_at
         FROM attempts WHERE nurse_id = $1 ORDER BY id DESC LIMIT $2",
        nurse.id(),
        limit
    )
}

/// Notes that assigned work was done, in the seat it belongs to now; nothing for practice, and nothing new where that is
/// noted already.
pub async fn insert_completion(conn: &mut Conn, attempt: &Attempt, now: Millis) -> sqlx::Result<()> {
    if attempt.assigned.is_none() {
        return Ok(());
    }
    sql!(
        conn,
        execute,
        "INSERT INTO completions (attempt_id, seat_id, assignment_id, revision_id, completed_at)
         SELECT a.id, a.seat_id, a.assignment_id, a.revision_id, $2 FROM attempts a
         WHERE a.id = $1 AND a.seat_id IS NOT NULL ON CONFLICT DO NOTHING",
        attempt.id.as_str(),
        now
    )
    .map(drop)
}

/// Her very first answers, for one purpose, to the turns of one revision, wherever she met a turn with the same
/// content: (turn id in this revision, attempt id, reply id).
pub async fn first_answers(
    conn: &mut Conn,
    nurse: &Nurse,
    purpose: Purpose,
    revision_id: &str,
) -> sqlx::Result<Vec<(String, String, String)>> {
    sql!(
        conn,
        fetch_all as (String, String, String),
        "SELECT turn_id, attempt_id, reply_id FROM (
            SELECT here.turn_id, r.attempt_id, r.reply_id,
                ROW_NUMBER() OVER (PARTITION BY here.turn_id ORDER BY r.answered_at, r.attempt_id, r.turn_number)
                    AS nth
            FROM attempts a
            JOIN responses r ON r.attempt_id = a.id
            JOIN revision_turns there ON there.revision_id = a.revision_id AND there.turn_id = r.turn_id
            JOIN revision_turns here ON here.content_hash = there.content_hash AND here.revision_id = $3
            WHERE a.nurse_id = $1 AND a.purpose = $2
         ) answers WHERE nth = 1",
        nurse.id(),
        purpose.stored(),
        revision_id
    )
}
