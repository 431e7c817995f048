//! Openings, responses and placements of attempts.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::{Attempt, AttemptId, Opening, Placement, Response};
use crate::sql;

/// An opening as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub struct OpeningRow {
    /// Its attempt.
    pub attempt_id: String,
    /// Its turn, from 1.
    pub turn_number: i64,
    /// What she would say.
    pub own_words: Option<String>,
    /// When own words were taken away.
    pub words_gone_at: Option<Millis>,
    /// Reply ids, separated by spaces.
    pub reply_order: String,
    /// When.
    pub opened_at: Millis,
}

/// A response as it is stored.
#[derive(Debug, sqlx::FromRow)]
pub struct ResponseRow {
    /// Its attempt.
    pub attempt_id: String,
    /// Its turn, from 1.
    pub turn_number: i64,
    /// The turn it answers.
    pub turn_id: String,
    /// The reply chosen.
    pub reply_id: String,
    /// How sure she was.
    pub sureness: Option<String>,
    /// When.
    pub answered_at: Millis,
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

/// Writes a response, once. False when this turn has one already, which stays as it is.
pub async fn insert_response(
    conn: &mut Conn,
    attempt: &AttemptId,
    number: u32,
    response: &Response,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, sureness, answered_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        attempt.as_str(),
        i64::from(number),
        response.turn_id.as_str(),
        response.reply_id.as_str(),
        response.sureness.map(crate::practice::Sureness::stored),
        response.answered_at
    )
    .map(|rows| rows == 1)
}

/// Openings of a nurse's attempts from one id to another (both included).
pub async fn openings(conn: &mut Conn, nurse: &Nurse, from: &str, to: &str) -> sqlx::Result<Vec<OpeningRow>> {
    sql!(
        conn,
        fetch_all as OpeningRow,
        "SELECT o.attempt_id, o.turn_number, o.own_words, o.words_gone_at, o.reply_order, o.opened_at
         FROM attempts a JOIN openings o ON o.attempt_id = a.id
         WHERE a.nurse_id = $1 AND a.id >= $2 AND a.id <= $3",
        nurse.id(),
        from,
        to
    )
}

/// Responses of a nurse's attempts from one id to another (both included).
pub async fn responses(
    conn: &mut Conn,
    nurse: &Nurse,
    from: &str,
    to: &str,
) -> sqlx::Result<Vec<ResponseRow>> {
    sql!(
        conn,
        fetch_all as ResponseRow,
        "SELECT r.attempt_id, r.turn_number, r.turn_id, r.reply_id, r.sureness, r.answered_at
         FROM attempts a JOIN responses r ON r.attempt_id = a.id
         WHERE a.nurse_id = $1 AND a.id >= $2 AND a.id <= $3",
        nurse.id(),
        from,
        to
    )
}

/// Placements of a nurse's attempts from one id to another, as (attempt, turn number, place).
pub async fn placements(
    conn: &mut Conn,
    nurse: &Nurse,
    from: &str,
    to: &str,
) -> sqlx::Result<Vec<(String, i64, String)>> {
    sql!(
        conn,
        fetch_all as (String, i64, String),
        "SELECT p.attempt_id, p.turn_number, p.place
         FROM attempts a JOIN placements p ON p.attempt_id = a.id
         WHERE a.nurse_id = $1 AND a.id >= $2 AND a.id <= $3",
        nurse.id(),
        from,
        to
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
