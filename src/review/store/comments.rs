//! Comments on answers of assigned work. A draft exists for its author only.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::review::remark::{Comment, CommentId};
use crate::sql;

/// A comment as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct CommentRow {
    id: String,
    attempt_id: String,
    turn_number: i64,
    staff_id: String,
    text: String,
    written_at: Millis,
    released_at: Option<Millis>,
    read_at: Option<Millis>,
    resolved_at: Option<Millis>,
}

impl CommentRow {
    fn comment(self) -> Option<Comment> {
        Some(Comment {
            id: CommentId::read(&self.id)?,
            attempt_id: self.attempt_id,
            number: u32::try_from(self.turn_number).ok()?,
            staff_id: self.staff_id,
            text: self.text,
            written_at: self.written_at,
            released_at: self.released_at,
            read_at: self.read_at,
            resolved_at: self.resolved_at,
        })
    }
}

/// A comment to be written.
#[derive(Clone, Debug)]
pub struct NewComment {
    /// A new id.
    pub id: String,
    /// The attempt.
    pub attempt: AttemptId,
    /// The turn's number.
    pub number: u32,
    /// What it says.
    pub text: String,
    /// The hash of the form's one-time token.
    pub token_hash: String,
    /// Whether the nurse sees it at once.
    pub released: bool,
}

/// The comments on an attempt of the cohort that this educator may see: released ones and her own drafts.
pub async fn comments(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<Comment>> {
    let rows = sql!(
        conn,
        fetch_all as CommentRow,
        "SELECT c.id, c.attempt_id, c.turn_number, c.staff_id, c.text, c.written_at, c.released_at, c.read_at,
            c.resolved_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN comments c ON c.attempt_id = a.id
         WHERE s.cohort_id = $1 AND a.id = $2 AND (c.released_at IS NOT NULL OR c.staff_id = $3)
         ORDER BY c.turn_number, c.id",
        educator.cohort().as_str(),
        attempt.as_str(),
        educator.staff().id().as_str()
    )?;
    Ok(rows.into_iter().filter_map(CommentRow::comment).collect())
}

/// How many comments this educator may see on each attempt of a seat of the cohort, as (attempt, how many).
pub async fn comment_counts(
    conn: &mut Conn,
    educator: &Educator,
    seat: &SeatId,
) -> sqlx::Result<Vec<(String, i64)>> {
    sql!(
        conn,
        fetch_all as (String, i64),
        "SELECT a.id, COUNT(*)
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN comments c ON c.attempt_id = a.id
         WHERE s.cohort_id = $1 AND s.id = $2 AND (c.released_at IS NOT NULL OR c.staff_id = $3) GROUP BY a.id",
        educator.cohort().as_str(),
        seat.as_str(),
        educator.staff().id().as_str()
    )
}

/// A comment of the cohort that this educator may see, with the seat whose work it is about.
pub async fn comment(
    conn: &mut Conn,
    educator: &Educator,
    id: &CommentId,
) -> sqlx::Result<Option<(Comment, String)>> {
    let row = sql!(
        conn,
        fetch_optional as CommentRow,
        "SELECT c.id, c.attempt_id, c.turn_number, c.staff_id, c.text, c.written_at, c.released_at, c.read_at,
            c.resolved_at
         FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
         WHERE c.id = $1 AND s.cohort_id = $2 AND (c.released_at IS NOT NULL OR c.staff_id = $3)",
        id.as_str(),
        educator.cohort().as_str(),
        educator.staff().id().as_str()
    )?;
    let Some(comment) = row.and_then(CommentRow::comment) else { return Ok(None) };
    let seat = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT s.id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.id = $1 AND s.cohort_id = $2",
        comment.attempt_id.as_str(),
        educator.cohort().as_str()
    )?;
    Ok(seat.map(|(seat,)| (comment, seat)))
}

/// Writes a comment on an answer of the cohort. Nothing is written where there is no such answer, where its nurse has
/// deleted what was hers, or where this form was sent before; tells whether something was.
pub async fn insert_comment(
    conn: &mut Conn,
    educator: &Educator,
    comment: &NewComment,
    now: Millis,
) -> sqlx::Result<bool> {
    let released = comment.released.then_some(now);
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO comments (id, attempt_id, turn_number, staff_id, text, token_hash, written_at, released_at,
            cohort_id)
         SELECT $1, a.id, $2, $3, $4, $5, $6, $7, s.cohort_id FROM attempts a JOIN seats s ON s.id = a.seat_id
         WHERE a.id = $8 AND s.cohort_id = $9 AND s.name <> ''
         ON CONFLICT (token_hash) DO NOTHING",
        comment.id.as_str(),
        i64::from(comment.number),
        educator.staff().id().as_str(),
        comment.text.as_str(),
        comment.token_hash.as_str(),
        now,
        released,
        comment.attempt.as_str(),
        educator.cohort().as_str()
    )?;
    Ok(rows == 1)
}

/// What this educator wrote with this form before, as (attempt, turn number, text).
pub async fn comment_of_form(
    conn: &mut Conn,
    educator: &Educator,
    token_hash: &str,
) -> sqlx::Result<Option<(String, i64, String)>> {
    sql!(
        conn,
        fetch_optional as (String, i64, String),
        "SELECT attempt_id, turn_number, text FROM comments WHERE token_hash = $1 AND staff_id = $2",
        token_hash,
        educator.staff().id().as_str()
    )
}

/// Changes what a draft of this educator's own says, and releases it where that is wished. Nothing happens to a
/// comment that is released already; tells whether something did.
pub async fn save_draft(
    conn: &mut Conn,
    educator: &Educator,
    id: &CommentId,
    text: &str,
    release_at: Option<Millis>,
) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE comments SET text = $1, released_at = $2
         WHERE id = $3 AND staff_id = $4 AND released_at IS NULL AND attempt_id IN
            (SELECT a.id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE s.cohort_id = $5)",
        text,
        release_at,
        id.as_str(),
        educator.staff().id().as_str(),
        educator.cohort().as_str()
    )?;
    Ok(rows == 1)
}

/// Takes a draft of this educator's own away.
pub async fn delete_draft(conn: &mut Conn, educator: &Educator, id: &CommentId) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM comments WHERE id = $1 AND staff_id = $2 AND released_at IS NULL AND attempt_id IN
            (SELECT a.id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE s.cohort_id = $3)",
        id.as_str(),
        educator.staff().id().as_str(),
        educator.cohort().as_str()
    )
    .map(drop)
}

/// Settles a released comment of the cohort, or opens it again.
pub async fn resolve(
    conn: &mut Conn,
    educator: &Educator,
    id: &CommentId,
    resolved_at: Option<Millis>,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE comments SET resolved_at = $1 WHERE id = $2 AND released_at IS NOT NULL AND attempt_id IN
            (SELECT a.id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE s.cohort_id = $3)",
        resolved_at,
        id.as_str(),
        educator.cohort().as_str()
    )
    .map(drop)
}
