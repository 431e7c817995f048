//! What is said about an attempt, where words of it are blacked out: comments and what stands under them.

use crate::accounts::staff::Educator;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::practice::blacking::Spot;
use crate::review::remark::{SeenBy, Written};
use crate::sql;

/// Everything said about an attempt of the cohort, drafts of others too: comments first, each in the order of writing.
pub async fn remarks(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<Written>> {
    let (cohort, id) = (educator.cohort().as_str(), attempt.as_str());
    let comments = sql!(
        conn,
        fetch_all as (String, i64, String, bool, String),
        "SELECT c.id, c.turn_number, c.text, c.released_at IS NOT NULL, c.staff_id
         FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
         WHERE s.cohort_id = $1 AND a.id = $2 ORDER BY c.id",
        cohort,
        id
    )?;
    let answers = sql!(
        conn,
        fetch_all as (String, i64, String),
        "SELECT w.id, c.turn_number, w.text FROM comment_answers w JOIN comments c ON c.id = w.comment_id
            JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
         WHERE s.cohort_id = $1 AND a.id = $2 AND c.released_at IS NOT NULL ORDER BY w.id",
        cohort,
        id
    )?;
    let comments = comments.into_iter().map(|(id, turn, text, is_released, writer)| Written {
        spot: Spot::Comment(id),
        number: u32::try_from(turn).ok(),
        text,
        seen_by: if is_released { SeenBy::All } else { SeenBy::Writer(writer) },
    });
    let answers = answers.into_iter().map(|(id, turn, text)| Written {
        spot: Spot::Answer(id),
        number: u32::try_from(turn).ok(),
        text,
        seen_by: SeenBy::All,
    });
    Ok(comments.chain(answers).collect())
}

/// Puts a text without words in the place of one of these; what she wrote in the attempt itself is another's.
pub async fn put_remark(conn: &mut Conn, attempt: &AttemptId, spot: &Spot, text: &str) -> sqlx::Result<()> {
    let attempt = attempt.as_str();
    match spot {
        Spot::Comment(id) => sql!(
            conn,
            execute,
            "UPDATE comments SET text = $1 WHERE id = $2 AND attempt_id = $3",
            text,
            id.as_str(),
            attempt
        ),
        Spot::Answer(id) => sql!(
            conn,
            execute,
            "UPDATE comment_answers SET text = $1
             WHERE id = $2 AND comment_id IN (SELECT c.id FROM comments c WHERE c.attempt_id = $3)",
            text,
            id.as_str(),
            attempt
        ),
        Spot::Own(_) | Spot::Feeling | Spot::Aim => Ok(0),
    }
    .map(drop)
}
