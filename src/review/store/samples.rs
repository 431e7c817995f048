//! Own words that an educator ticked to be shown in class without a name: at most six a cohort.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::sql;

/// How many own words can be taken to class.
pub const MOST: i64 = 6;

/// Own words to be shown in class.
#[derive(Clone, Debug, Eq, PartialEq, sqlx::FromRow)]
pub struct Sample {
    /// The attempt they are from.
    pub attempt_id: String,
    /// Whose it is.
    pub nurse_id: String,
    /// The number of the turn in it.
    pub turn_number: i64,
    /// The turn's id.
    pub turn_id: String,
    /// The revision of that attempt.
    pub revision_id: String,
    /// Its local words.
    pub policy_version: i64,
    /// What she wrote.
    pub own_words: String,
}

/// What became of a tick.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ticked {
    /// They are taken to class.
    Yes,
    /// Six are taken already.
    Full,
    /// There are no such own words in this cohort.
    NotThere,
}

/// Takes own words to class. Ticking them twice changes nothing.
pub async fn tick(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
    number: i64,
    now: Millis,
) -> sqlx::Result<Ticked> {
    let (there, ticked) = sql!(
        conn,
        fetch_one as (bool, bool),
        "SELECT
            EXISTS (SELECT 1 FROM seats s JOIN attempts a ON a.seat_id = s.id
                JOIN openings o ON o.attempt_id = a.id
                WHERE s.cohort_id = $1 AND a.id = $2 AND o.turn_number = $3 AND o.own_words IS NOT NULL),
            EXISTS (SELECT 1 FROM samples WHERE cohort_id = $1 AND attempt_id = $2 AND turn_number = $3)",
        educator.cohort().as_str(),
        attempt.as_str(),
        number
    )?;
    if !there || ticked {
        return Ok(if there { Ticked::Yes } else { Ticked::NotThere });
    }
    if i64::try_from(samples(conn, educator).await?.len()).is_ok_and(|taken| taken >= MOST) {
        return Ok(Ticked::Full);
    }
    sql!(
        conn,
        execute,
        "INSERT INTO samples (cohort_id, attempt_id, turn_number, staff_id, ticked_at)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        educator.cohort().as_str(),
        attempt.as_str(),
        number,
        educator.staff().id().as_str(),
        now
    )?;
    Ok(Ticked::Yes)
}

/// Leaves own words out again.
pub async fn untick(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
    number: i64,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "DELETE FROM samples WHERE cohort_id = $1 AND attempt_id = $2 AND turn_number = $3",
        educator.cohort().as_str(),
        attempt.as_str(),
        number
    )
    .map(drop)
}

/// What is taken to class, in the order it was ticked. Words that were taken away since are gone from here too.
pub async fn samples(conn: &mut Conn, educator: &Educator) -> sqlx::Result<Vec<Sample>> {
    sql!(
        conn,
        fetch_all as Sample,
        "SELECT p.attempt_id, a.nurse_id, p.turn_number, o.turn_id, a.revision_id, a.policy_version, o.own_words
         FROM samples p JOIN openings o ON o.attempt_id = p.attempt_id AND o.turn_number = p.turn_number
            JOIN attempts a ON a.id = p.attempt_id
         WHERE p.cohort_id = $1 AND o.own_words IS NOT NULL
         ORDER BY p.ticked_at, p.attempt_id, p.turn_number LIMIT $2",
        educator.cohort().as_str(),
        MOST
    )
}
