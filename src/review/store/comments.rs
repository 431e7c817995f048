//! Comments on answers of assigned work, and what is said under them. A draft exists for its author only.

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

/// Something said under a comment, by the nurse or by somebody of the staff.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CommentAnswer {
    /// The comment.
    pub comment_id: String,
    /// Who of the staff said it; None where the nurse did.
    pub staff_id: Option<String>,
    /// What was said.
    pub text: String,
    /// When.
    pub written_at: Millis,
    /// When the other side read it.
    pub read_at: Option<Millis>,
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

/// Writes a comment on an answer of the cohort. Nothing is written where there is no such answer, where its nurse
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
        "INSERT INTO comments (id, attempt_id, turn_number, staff_id, text, token_hash, written_at, released_at)
         SELECT $1, a.id, $2, $3, $4, $5, $6, $7 FROM attempts a JOIN seats s ON s.id = a.seat_id
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

/// What was said under the released comments of an attempt of the cohort, oldest first.
pub async fn answers(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<CommentAnswer>> {
    sql!(
        conn,
        fetch_all as CommentAnswer,
        "SELECT w.comment_id, w.staff_id, w.text, w.written_at, w.read_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN comments c ON c.attempt_id = a.id
            JOIN comment_answers w ON w.comment_id = c.id
         WHERE s.cohort_id = $1 AND a.id = $2 AND c.released_at IS NOT NULL ORDER BY w.id",
        educator.cohort().as_str(),
        attempt.as_str()
    )
}

/// Writes an answer under a released comment of the cohort; what the nurse had said there counts as read.
/// A form that was sent before writes nothing.
pub async fn insert_answer(
    conn: &mut Conn,
    educator: &Educator,
    comment: &CommentId,
    (id, text, token_hash): (&str, &str, &str),
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO comment_answers (id, comment_id, staff_id, text, token_hash, written_at)
         SELECT $1, c.id, $2, $3, $4, $5
         FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
         WHERE c.id = $6 AND s.cohort_id = $7 AND c.released_at IS NOT NULL
         ON CONFLICT (token_hash) DO NOTHING",
        id,
        educator.staff().id().as_str(),
        text,
        token_hash,
        now,
        comment.as_str(),
        educator.cohort().as_str()
    )?;
    read_answers(conn, educator, comment, now).await
}

/// Notes that what the nurse said under a comment was read.
pub async fn read_answers(
    conn: &mut Conn,
    educator: &Educator,
    comment: &CommentId,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE comment_answers SET read_at = $1
         WHERE comment_id = $2 AND staff_id IS NULL AND read_at IS NULL AND comment_id IN
            (SELECT c.id FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
             WHERE s.cohort_id = $3)",
        now,
        comment.as_str(),
        educator.cohort().as_str()
    )
    .map(drop)
}
