//! Looking back: two short answers, readiness, and the if-then sentence. Hers, and hers to change.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::{Attempt, AttemptId};
use crate::sql;

/// What she wrote when she looked back on an attempt.
#[derive(Clone, Debug, Default, Eq, PartialEq, sqlx::FromRow)]
pub struct Reflection {
    /// What was going on in her.
    pub feeling: String,
    /// What she was trying to do.
    pub aim: String,
    /// How ready she feels, as stored by [`crate::practice::Readiness`].
    pub readiness: Option<String>,
    /// "If a patient asks …"
    pub if_asked: String,
    /// "… I will say …"
    pub then_say: String,
    /// Whether she asked to talk about this attempt: then the educators of the cohort can read this.
    pub wants_talk: bool,
}

/// What she wrote about this attempt, if anything.
pub async fn reflection(
    conn: &mut Conn,
    nurse: &Nurse,
    attempt: &Attempt,
) -> sqlx::Result<Option<Reflection>> {
    sql!(
        conn,
        fetch_optional as Reflection,
        "SELECT feeling, aim, readiness, if_asked, then_say, wants_talk
         FROM reflections WHERE attempt_id = $1 AND nurse_id = $2",
        attempt.id.as_str(),
        nurse.id()
    )
}

/// Keeps what she wrote about this attempt; what she wrote before is replaced, not what somebody wrote who had her place
/// before her.
pub async fn put_reflection(
    conn: &mut Conn,
    nurse: &Nurse,
    attempt: &Attempt,
    reflection: &Reflection,
    now: Millis,
) -> sqlx::Result<()> {
    write_reflection(conn, nurse.id(), &attempt.id, reflection, now).await
}

/// The same where no session proves who she is: for simulated nurses.
pub async fn write_reflection(
    conn: &mut Conn,
    nurse_id: &str,
    attempt: &AttemptId,
    reflection: &Reflection,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO reflections
            (attempt_id, nurse_id, feeling, aim, readiness, if_asked, then_say, wants_talk, written_at, cohort_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9,
            (SELECT s.cohort_id FROM attempts a JOIN seats s ON s.id = a.seat_id WHERE a.id = $1))
         ON CONFLICT (attempt_id, nurse_id) DO UPDATE SET feeling = excluded.feeling, aim = excluded.aim,
            readiness = excluded.readiness, if_asked = excluded.if_asked, then_say = excluded.then_say,
            wants_talk = excluded.wants_talk, written_at = excluded.written_at",
        attempt.as_str(),
        nurse_id,
        reflection.feeling.as_str(),
        reflection.aim.as_str(),
        reflection.readiness.as_deref(),
        reflection.if_asked.as_str(),
        reflection.then_say.as_str(),
        reflection.wants_talk,
        now
    )
    .map(drop)
}

/// What she wrote about any of her attempts, as (attempt, what she wrote).
pub async fn reflections(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<(String, Reflection)>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String, String, Option<String>, String, String, bool),
        "SELECT attempt_id, feeling, aim, readiness, if_asked, then_say, wants_talk
         FROM reflections WHERE nurse_id = $1",
        nurse.id()
    )?;
    let reflection = |(attempt, feeling, aim, readiness, if_asked, then_say, wants_talk)| {
        (attempt, Reflection { feeling, aim, readiness, if_asked, then_say, wants_talk })
    };
    Ok(rows.into_iter().map(reflection).collect())
}

/// Her if-then sentences, newest first: (attempt, if asked, then say). No attempt where that went to somebody else with
/// a place in a group: the sentence stays hers.
pub async fn if_thens(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<(Option<String>, String, String)>> {
    sql!(
        conn,
        fetch_all as (Option<String>, String, String),
        "SELECT a.id, r.if_asked, r.then_say
         FROM reflections r LEFT JOIN attempts a ON a.id = r.attempt_id AND a.nurse_id = r.nurse_id
         WHERE r.nurse_id = $1 AND r.then_say <> '' ORDER BY r.written_at DESC LIMIT 50",
        nurse.id()
    )
}
