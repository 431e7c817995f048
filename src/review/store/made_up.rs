//! What a made-up educator says about made-up answers, for the demo: no session proves who writes here.

use std::collections::BTreeMap;

use super::markings::insert_elements;
use crate::accounts::StaffId;
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::review::remark::Seen;
use crate::scenario::rubric::Element;
use crate::sql;

/// One recorded answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its attempt.
    pub attempt: AttemptId,
    /// Its turn, from 1.
    pub number: u32,
}

/// A comment with whatever became of it.
#[derive(Clone, Debug)]
pub struct MadeComment {
    /// A new id.
    pub id: String,
    /// What it is about.
    pub answer: Answer,
    /// What it says.
    pub text: String,
    /// The hash of a form's token.
    pub token_hash: String,
    /// When it was written.
    pub written_at: Millis,
    /// When the nurse could see it; None for a draft.
    pub released_at: Option<Millis>,
    /// When she first saw it.
    pub read_at: Option<Millis>,
    /// When it was settled.
    pub resolved_at: Option<Millis>,
    /// What she answered: a new id, the text, the hash of a form's token, when.
    pub answered: Option<(String, String, String, Millis)>,
}

/// What was seen in the own words of one answer.
#[derive(Clone, Debug)]
pub struct MadeMarking {
    /// What it is about.
    pub answer: Answer,
    /// What was seen, element by element.
    pub seen: BTreeMap<Element, Seen>,
    /// When.
    pub marked_at: Millis,
    /// When the nurse could see it.
    pub released_at: Option<Millis>,
}

/// Writes a comment, and what the nurse answered.
pub async fn insert_made_comment(
    conn: &mut Conn,
    staff: &StaffId,
    comment: &MadeComment,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO comments (id, attempt_id, turn_number, staff_id, text, token_hash, written_at, released_at,
            read_at, resolved_at, cohort_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
            (SELECT s.cohort_id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.id = $2))",
        comment.id.as_str(),
        comment.answer.attempt.as_str(),
        i64::from(comment.answer.number),
        staff.as_str(),
        comment.text.as_str(),
        comment.token_hash.as_str(),
        comment.written_at,
        comment.released_at,
        comment.read_at,
        comment.resolved_at
    )?;
    let Some((id, text, token_hash, at)) = &comment.answered else { return Ok(()) };
    sql!(
        conn,
        execute,
        "INSERT INTO comment_answers (id, comment_id, text, token_hash, written_at, read_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        id.as_str(),
        comment.id.as_str(),
        text.as_str(),
        token_hash.as_str(),
        *at,
        comment.resolved_at
    )
    .map(drop)
}

/// Writes a marking, element by element.
pub async fn insert_made_marking(
    conn: &mut Conn,
    staff: &StaffId,
    marking: &MadeMarking,
) -> sqlx::Result<()> {
    let (attempt, number) = (marking.answer.attempt.as_str(), i64::from(marking.answer.number));
    sql!(
        conn,
        execute,
        "INSERT INTO markings (attempt_id, turn_number, staff_id, marked_at, released_at)
         VALUES ($1, $2, $3, $4, $5)",
        attempt,
        number,
        staff.as_str(),
        marking.marked_at,
        marking.released_at
    )?;
    insert_elements(conn, &marking.answer.attempt, number, staff.as_str(), &marking.seen).await
}

/// Ticks the own words of an answer, to be shown in class.
pub async fn insert_made_sample(
    conn: &mut Conn,
    staff: &StaffId,
    cohort: &CohortId,
    answer: &Answer,
    at: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO samples (cohort_id, attempt_id, turn_number, staff_id, ticked_at) VALUES ($1, $2, $3, $4, $5)",
        cohort.as_str(),
        answer.attempt.as_str(),
        i64::from(answer.number),
        staff.as_str(),
        at
    )
    .map(drop)
}
