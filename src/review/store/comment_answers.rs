//! What is said under comments, by the nurse or by an educator of the cohort.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::review::remark::CommentId;
use crate::sql;

/// Something said under a comment, by the nurse or by somebody of the staff.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CommentAnswer {
    /// Its id.
    pub id: String,
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

/// What was said under the released comments of an attempt of the cohort, oldest first.
pub async fn answers(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<CommentAnswer>> {
    sql!(
        conn,
        fetch_all as CommentAnswer,
        "SELECT w.id, w.comment_id, w.staff_id, w.text, w.written_at, w.read_at
         FROM seats s JOIN attempts a ON a.seat_id = s.id JOIN comments c ON c.attempt_id = a.id
            JOIN comment_answers w ON w.comment_id = c.id
         WHERE s.cohort_id = $1 AND a.id = $2 AND c.released_at IS NOT NULL ORDER BY w.id",
        educator.cohort().as_str(),
        attempt.as_str()
    )
}

/// What became of an answer that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answered {
    /// It is written now.
    Now,
    /// The same form had written the same before.
    Before,
    /// The form was somebody else's or had said something else, or there is no such comment.
    Otherwise,
}

/// What this educator answered with this form under this comment before.
pub async fn answer_of_form(
    conn: &mut Conn,
    educator: &Educator,
    comment: &CommentId,
    token_hash: &str,
) -> sqlx::Result<Option<String>> {
    let row = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT text FROM comment_answers WHERE token_hash = $1 AND comment_id = $2 AND staff_id = $3",
        token_hash,
        comment.as_str(),
        educator.staff().id().as_str()
    )?;
    Ok(row.map(|(text,)| text))
}

/// Writes an answer under a released comment of the cohort; what the nurse had said there counts as read.
/// A form that was sent before writes nothing.
pub async fn insert_answer(
    conn: &mut Conn,
    educator: &Educator,
    comment: &CommentId,
    (id, text, token_hash): (&str, &str, &str),
    now: Millis,
) -> sqlx::Result<Answered> {
    let rows = sql!(
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
    let stands = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM comment_answers WHERE token_hash = $1 AND comment_id = $2 AND staff_id = $3 AND text = $4",
        token_hash,
        comment.as_str(),
        educator.staff().id().as_str(),
        text
    )?;
    read_answers(conn, educator, comment, now).await?;
    Ok(match (stands, rows) {
        (None, _) => Answered::Otherwise,
        (Some(_), 0) => Answered::Before,
        (Some(_), _) => Answered::Now,
    })
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
