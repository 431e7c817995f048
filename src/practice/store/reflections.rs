//! Looking back: two short answers, readiness, and the if-then sentence. Hers, and hers to change.

use crate::accounts::nurse::Nurse;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::Attempt;
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
}

/// What she wrote about this attempt, if anything.
pub async fn reflection(conn: &mut Conn, attempt: &Attempt) -> sqlx::Result<Option<Reflection>> {
    sql!(
        conn,
        fetch_optional as Reflection,
        "SELECT feeling, aim, readiness, if_asked, then_say FROM reflections WHERE attempt_id = $1",
        attempt.id.as_str()
    )
}

/// Keeps what she wrote about this attempt; what was there before is replaced.
pub async fn put_reflection(
    conn: &mut Conn,
    attempt: &Attempt,
    reflection: &Reflection,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO reflections (attempt_id, feeling, aim, readiness, if_asked, then_say, written_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (attempt_id) DO UPDATE SET feeling = excluded.feeling, aim = excluded.aim,
            readiness = excluded.readiness, if_asked = excluded.if_asked, then_say = excluded.then_say,
            written_at = excluded.written_at",
        attempt.id.as_str(),
        reflection.feeling.as_str(),
        reflection.aim.as_str(),
        reflection.readiness.as_deref(),
        reflection.if_asked.as_str(),
        reflection.then_say.as_str(),
        now
    )
    .map(drop)
}

/// What she wrote about any of her attempts, as (attempt, what she wrote).
pub async fn reflections(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<(String, Reflection)>> {
    let rows = sql!(
        conn,
        fetch_all as (String, String, String, Option<String>, String, String),
        "SELECT r.attempt_id, r.feeling, r.aim, r.readiness, r.if_asked, r.then_say
         FROM reflections r JOIN attempts a ON a.id = r.attempt_id WHERE a.nurse_id = $1",
        nurse.id()
    )?;
    let reflection = |(attempt, feeling, aim, readiness, if_asked, then_say)| {
        (attempt, Reflection { feeling, aim, readiness, if_asked, then_say })
    };
    Ok(rows.into_iter().map(reflection).collect())
}

/// Her if-then sentences, newest first: (attempt, if asked, then say).
pub async fn if_thens(conn: &mut Conn, nurse: &Nurse) -> sqlx::Result<Vec<(String, String, String)>> {
    sql!(
        conn,
        fetch_all as (String, String, String),
        "SELECT r.attempt_id, r.if_asked, r.then_say FROM reflections r JOIN attempts a ON a.id = r.attempt_id
         WHERE a.nurse_id = $1 AND r.then_say <> '' ORDER BY r.written_at DESC LIMIT 50",
        nurse.id()
    )
}
