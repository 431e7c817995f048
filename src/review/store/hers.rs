//! What a nurse may see of what is said about her answers: what was released, and what she answered herself. Drafts
//! are never read here.

use super::comment_answers::CommentAnswer;
use super::markings::{MarkRow, put_together};
use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::review::remark::Marking;
use crate::sql;

/// A comment that was released to her.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReleasedComment {
    /// Its id.
    pub id: String,
    /// The attempt it is about.
    pub attempt_id: String,
    /// The turn it is about, from 1.
    pub turn_number: i64,
    /// Who wrote it.
    pub staff_id: String,
    /// What it says.
    pub text: String,
    /// When it was released.
    pub released_at: Millis,
    /// When she said that she read it.
    pub read_at: Option<Millis>,
}

/// Every comment released to her, the newest first.
pub async fn comments(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<ReleasedComment>> {
    sql!(
        conn,
        fetch_all as ReleasedComment,
        "SELECT c.id, c.attempt_id, c.turn_number, c.staff_id, c.text, c.released_at, c.read_at
         FROM attempts a JOIN comments c ON c.attempt_id = a.id
         WHERE a.nurse_id = $1 AND c.released_at IS NOT NULL ORDER BY c.released_at DESC, c.id DESC",
        nurse.id()
    )
}

/// How many comments released to her wait to be read, or have something of the staff under them that does.
pub async fn unread(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<i64> {
    sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM attempts a JOIN comments c ON c.attempt_id = a.id
         WHERE a.nurse_id = $1 AND c.released_at IS NOT NULL AND (c.read_at IS NULL OR EXISTS
            (SELECT 1 FROM comment_answers w WHERE w.comment_id = c.id AND w.staff_id IS NOT NULL AND w.read_at IS NULL))",
        nurse.id()
    )
    .map(|(count,)| count)
}

/// A comment released to her; another is not there.
pub async fn comment(conn: &mut Conn, nurse: &Nurse, id: &str) -> sqlx::Result<Option<ReleasedComment>> {
    sql!(
        conn,
        fetch_optional as ReleasedComment,
        "SELECT c.id, c.attempt_id, c.turn_number, c.staff_id, c.text, c.released_at, c.read_at
         FROM comments c JOIN attempts a ON a.id = c.attempt_id
         WHERE c.id = $1 AND a.nurse_id = $2 AND c.released_at IS NOT NULL",
        id,
        nurse.id()
    )
}

/// Everything said under the comments released to her, the oldest first.
pub async fn answers(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<CommentAnswer>> {
    sql!(
        conn,
        fetch_all as CommentAnswer,
        "SELECT s.id, s.comment_id, s.staff_id, s.text, s.written_at, s.read_at
         FROM attempts a JOIN comments c ON c.attempt_id = a.id JOIN comment_answers s ON s.comment_id = c.id
         WHERE a.nurse_id = $1 AND c.released_at IS NOT NULL ORDER BY s.written_at, s.id",
        nurse.id()
    )
}

/// What was seen in her own words of one attempt and released to her.
pub async fn markings(conn: &mut Conn, nurse: &Nurse, attempt: &AttemptId) -> sqlx::Result<Vec<Marking>> {
    let rows = sql!(
        conn,
        fetch_all as MarkRow,
        "SELECT m.turn_number, m.staff_id, m.marked_at, m.released_at, e.element, e.seen
         FROM attempts a JOIN markings m ON m.attempt_id = a.id
            JOIN marked_elements e ON e.attempt_id = m.attempt_id AND e.turn_number = m.turn_number
                AND e.staff_id = m.staff_id
         WHERE a.nurse_id = $1 AND a.id = $2 AND m.released_at IS NOT NULL ORDER BY m.turn_number, m.staff_id",
        nurse.id(),
        attempt.as_str()
    )?;
    Ok(put_together(rows))
}

/// Writes what she answers to a comment. False where this form has written one already, which stays as it is.
pub async fn insert_answer(
    conn: &mut Conn,
    comment: &ReleasedComment,
    id: &str,
    text: &str,
    token_hash: &str,
    now: Millis,
) -> sqlx::Result<bool> {
    sql!(
        conn,
        execute,
        "INSERT INTO comment_answers (id, comment_id, staff_id, text, token_hash, written_at)
         VALUES ($1, $2, NULL, $3, $4, $5) ON CONFLICT (token_hash) DO NOTHING",
        id,
        comment.id.as_str(),
        text,
        token_hash,
        now
    )
    .map(|rows| rows == 1)
}

/// What the form with this token has answered.
pub async fn answered(
    conn: &mut Conn,
    comment: &ReleasedComment,
    token_hash: &str,
) -> sqlx::Result<Option<String>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT text FROM comment_answers WHERE token_hash = $1 AND comment_id = $2",
        token_hash,
        comment.id.as_str()
    )?;
    Ok(row.map(|(text,)| text))
}

/// Notes that she read a comment and what the staff said under it.
pub async fn mark_read(conn: &mut Conn, comment: &ReleasedComment, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE comments SET read_at = $1 WHERE id = $2 AND read_at IS NULL",
        now,
        comment.id.as_str()
    )?;
    sql!(
        conn,
        execute,
        "UPDATE comment_answers SET read_at = $1
         WHERE comment_id = $2 AND staff_id IS NOT NULL AND read_at IS NULL",
        now,
        comment.id.as_str()
    )
    .map(drop)
}

/// Deletes everything said about a nurse's answers: comments with all that was said under them, markings, and the
/// words that were ticked for class.
pub async fn forget(conn: &mut Conn, nurse_id: &str) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM comments WHERE attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        nurse_id
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM markings WHERE attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        nurse_id
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM samples WHERE attempt_id IN (SELECT id FROM attempts WHERE nurse_id = $1)",
        nurse_id
    )
    .map(drop)
}
