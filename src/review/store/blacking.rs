//! What is said about an attempt, where words of it are blacked out: comments and what stands under them.

use crate::accounts::staff::Educator;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::practice::blacking::Spot;
use crate::review::remark::{Readers, Written};
use crate::sql;

/// Everything said about an attempt of the cohort, comments first, each in the order of writing, with who reads it beside
/// this educator.
pub async fn remarks(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<Written>> {
    let (cohort, id) = (educator.cohort().as_str(), attempt.as_str());
    let comments = sql!(
        conn,
        fetch_all as (String, i64, String, bool, bool),
        "SELECT c.id, c.turn_number, c.text, c.released_at IS NOT NULL, c.staff_id = $3
         FROM comments c JOIN attempts a ON a.id = c.attempt_id JOIN seats s ON s.id = a.seat_id
         WHERE s.cohort_id = $1 AND a.id = $2 ORDER BY c.id",
        cohort,
        id,
        educator.staff().id().as_str()
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
    let comments = comments.into_iter().map(|(id, turn, text, is_released, is_hers)| Written {
        spot: Spot::Comment(id),
        number: u32::try_from(turn).ok(),
        text,
        readers: match (is_released, is_hers) {
            (true, _) => Readers::Nurse,
            (false, true) => Readers::Writer,
            (false, false) => Readers::Another,
        },
    });
    let answers = answers.into_iter().map(|(id, turn, text)| Written {
        spot: Spot::Answer(id),
        number: u32::try_from(turn).ok(),
        text,
        readers: Readers::Nurse,
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
