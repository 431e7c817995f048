//! Openings, responses and placements of attempts, read together.

use super::attempts::AttemptRow;
use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::{Attempt, AttemptId, Opening, Placement, Response};
use crate::sql;

/// What is recorded of one turn of an attempt: its opening, its response, and where she put her own words.
#[derive(Debug, sqlx::FromRow)]
pub struct RecordRow {
    /// Its attempt.
    pub attempt_id: String,
    /// The turn, from 1; None where nothing of the attempt is recorded yet.
    pub turn_number: Option<i64>,
    /// What she would say.
    pub own_words: Option<String>,
    /// When own words were taken away.
    pub words_gone_at: Option<Millis>,
    /// Reply ids, separated by spaces.
    pub reply_order: Option<String>,
    /// When it was opened.
    pub opened_at: Option<Millis>,
    /// The turn that the response answers; None where there is no response.
    pub turn_id: Option<String>,
    /// The reply chosen.
    pub reply_id: Option<String>,
    /// How sure she was.
    pub sureness: Option<String>,
    /// When it was answered.
    pub answered_at: Option<Millis>,
    /// Where she put her own words.
    pub place: Option<String>,
}

/// An attempt with what is recorded of one of its turns.
#[derive(Debug, sqlx::FromRow)]
pub struct WholeRow {
    /// The attempt.
    #[sqlx(flatten)]
    pub attempt: AttemptRow,
    /// What is recorded.
    #[sqlx(flatten)]
    pub record: RecordRow,
}

/// An attempt in small, without words.
#[derive(Debug, sqlx::FromRow)]
pub struct WayRow {
    /// The attempt.
    #[sqlx(flatten)]
    pub attempt: AttemptRow,
    /// "number `answered_at` turn reply" of each response, joined by commas, in any order.
    pub answers: Option<String>,
    /// "number `opened_at`" of the last turn that was opened.
    pub opened: Option<String>,
}

/// Writes an opening, once. False when this turn has one already, which stays as it is.
pub async fn insert_opening(
    conn: &mut Conn,
    attempt: &AttemptId,
    number: u32,
    turn_id: &str,
    opening: &Opening,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        attempt.as_str(),
        i64::from(number),
        turn_id,
        opening.own_words.as_deref(),
        opening.reply_order.join(" "),
        opening.opened_at
    )
    .map(|rows| rows == 1)
}

/// Writes a response into her attempt, once. False when this turn has one already, which stays as it is, and where
/// the attempt is hers no longer.
pub async fn insert_response(
    conn: &mut Conn,
    nurse: &Nurse,
    attempt: &AttemptId,
    number: u32,
    response: &Response,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, sureness, answered_at)
         SELECT $1, $2, $3, $4, $5, $6 WHERE EXISTS (SELECT 1 FROM attempts WHERE id = $1 AND nurse_id = $7)
         ON CONFLICT DO NOTHING",
        attempt.as_str(),
        i64::from(number),
        response.turn_id.as_str(),
        response.reply_id.as_str(),
        response.sureness.map(crate::practice::Sureness::stored),
        response.answered_at,
        nurse.id()
    )
    .map(|rows| rows == 1)
}

/// Her attempt with this id, a row for each turn of which something is recorded, one row where nothing is; another
/// nurse's attempt is not there.
pub async fn whole_attempt(conn: &mut Conn, nurse: &Nurse, id: &AttemptId) -> sqlx::Result<Vec<WholeRow>> {
    sql!(
        conn,
        fetch_all as WholeRow,
        "SELECT a.id, a.nurse_id, a.revision_id, a.policy_version, a.purpose, a.assignment_id, a.seat_id, a.started_at,
            a.id AS attempt_id, o.turn_number, o.own_words, o.words_gone_at, o.reply_order, o.opened_at,
            r.turn_id, r.reply_id, r.sureness, r.answered_at, p.place
         FROM attempts a LEFT JOIN openings o ON o.attempt_id = a.id
            LEFT JOIN responses r ON r.attempt_id = o.attempt_id AND r.turn_number = o.turn_number
            LEFT JOIN placements p ON p.attempt_id = r.attempt_id AND p.turn_number = r.turn_number
         WHERE a.id = $1 AND a.nurse_id = $2",
        id.as_str(),
        nurse.id()
    )
}

/// What is recorded of a nurse's attempts from one id to another (both included).
pub async fn records(conn: &mut Conn, nurse: &Nurse, from: &str, to: &str) -> sqlx::Result<Vec<RecordRow>> {
    sql!(
        conn,
        fetch_all as RecordRow,
        "SELECT o.attempt_id, o.turn_number, o.own_words, o.words_gone_at, o.reply_order, o.opened_at,
            r.turn_id, r.reply_id, r.sureness, r.answered_at, p.place
         FROM attempts a JOIN openings o ON o.attempt_id = a.id
            LEFT JOIN responses r ON r.attempt_id = o.attempt_id AND r.turn_number = o.turn_number
            LEFT JOIN placements p ON p.attempt_id = r.attempt_id AND p.turn_number = r.turn_number
         WHERE a.nurse_id = $1 AND a.id >= $2 AND a.id <= $3",
        nurse.id(),
        from,
        to
    )
}

/// Her latest attempts in small, newest first: one row an attempt.
pub async fn ways(conn: &mut Conn, nurse: &Nurse, limit: i64) -> sqlx::Result<Vec<WayRow>> {
    sql!(
        conn,
        fetch_all as WayRow,
        "SELECT a.id, a.nurse_id, a.revision_id, a.policy_version, a.purpose, a.assignment_id, a.seat_id, a.started_at,
            (SELECT STRING_AGG(CAST(r.turn_number AS TEXT) || ' ' || CAST(r.answered_at AS TEXT) || ' ' || r.turn_id
                || ' ' || r.reply_id, ',') FROM responses r WHERE r.attempt_id = a.id) AS answers,
            (SELECT CAST(o.turn_number AS TEXT) || ' ' || CAST(o.opened_at AS TEXT) FROM openings o
                WHERE o.attempt_id = a.id ORDER BY o.turn_number DESC LIMIT 1) AS opened
         FROM attempts a WHERE a.nurse_id = $1 ORDER BY a.id DESC LIMIT $2",
        nurse.id(),
        limit
    )
}

/// Puts her own words of an answered turn on the line; she may move them.
pub async fn put_placement(
    conn: &mut Conn,
    attempt: &Attempt,
    number: u32,
    placement: Placement,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO placements (attempt_id, turn_number, place, placed_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (attempt_id, turn_number) DO UPDATE SET place = excluded.place, placed_at = excluded.placed_at",
        attempt.id.as_str(),
        i64::from(number),
        placement.stored(),
        now
    )
    .map(drop)
}
