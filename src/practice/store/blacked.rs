//! Words of assigned work that an educator blacked out: the texts without them, and how many they were.

use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::practice::blacking::Spot;
use crate::sql;

/// What was blacked out at one place.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Blacked {
    /// The place, as [`Spot`] is stored; that of a draft names its writer.
    pub place: String,
    /// How many words.
    pub words: i64,
    /// The hash of the last form's token and of the words it named.
    pub token_hash: String,
}

/// What was blacked out in an attempt. Whose attempt it is, the caller knows.
pub async fn blacked(conn: &mut Conn, attempt: &AttemptId) -> sqlx::Result<Vec<Blacked>> {
    sql!(
        conn,
        fetch_all as Blacked,
        "SELECT place, words, token_hash FROM blacked_out WHERE attempt_id = $1",
        attempt.as_str()
    )
}

/// How much that is, for forms to carry: it only grows, and is empty where nothing is.
#[must_use]
pub fn mark(blacked: &[Blacked]) -> String {
    match blacked.iter().map(|it| it.words).sum::<i64>() {
        0 => String::new(),
        words => words.to_string(),
    }
}

/// The texts of an attempt of the cohort that its educators may read and that the nurse wrote in it, each with its place:
/// own words in order, then what she wrote where she asked to talk. What stands under comments is another's.
pub async fn blackable(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<(Spot, String)>> {
    let (cohort, id) = (educator.cohort().as_str(), attempt.as_str());
    let own = sql!(
        conn,
        fetch_all as (i64, String),
        "SELECT o.turn_number, o.own_words FROM attempts a JOIN seats s ON s.id = a.seat_id
         JOIN openings o ON o.attempt_id = a.id
         WHERE s.cohort_id = $1 AND a.id = $2 AND o.own_words IS NOT NULL ORDER BY o.turn_number",
        cohort,
        id
    )?;
    let talk = sql!(
        conn,
        fetch_optional as (String, String),
        "SELECT r.feeling, r.aim FROM attempts a JOIN seats s ON s.id = a.seat_id
         JOIN reflections r ON r.attempt_id = a.id AND r.nurse_id = a.nurse_id AND r.wants_talk
         WHERE s.cohort_id = $1 AND a.id = $2",
        cohort,
        id
    )?;
    let own = own.into_iter().filter_map(|(turn, text)| Some((Spot::Own(u32::try_from(turn).ok()?), text)));
    let talk = talk.map(|(feeling, aim)| [(Spot::Feeling, feeling), (Spot::Aim, aim)]);
    Ok(own.chain(talk.into_iter().flatten()).collect())
}

/// Puts a text without words in the place of the one with them; what is said about it is another's.
pub async fn put_blacked(conn: &mut Conn, attempt: &AttemptId, spot: &Spot, text: &str) -> sqlx::Result<()> {
    let id = attempt.as_str();
    match spot {
        Spot::Own(number) => sql!(
            conn,
            execute,
            "UPDATE openings SET own_words = $1
             WHERE attempt_id = $2 AND turn_number = $3 AND own_words IS NOT NULL",
            text,
            id,
            i64::from(*number)
        ),
        Spot::Feeling => {
            sql!(
                conn,
                execute,
                "UPDATE reflections SET feeling = $1
                 WHERE attempt_id = $2 AND nurse_id = (SELECT a.nurse_id FROM attempts a WHERE a.id = $2)",
                text,
                id
            )
        }
        Spot::Aim => sql!(
            conn,
            execute,
            "UPDATE reflections SET aim = $1
             WHERE attempt_id = $2 AND nurse_id = (SELECT a.nurse_id FROM attempts a WHERE a.id = $2)",
            text,
            id
        ),
        Spot::Comment(_) | Spot::Answer(_) => Ok(0),
    }
    .map(drop)
}

/// Notes how many words more were blacked out at this place.
pub async fn add_blacked(
    conn: &mut Conn,
    attempt: &AttemptId,
    place: &str,
    (words, token_hash): (i64, &str),
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO blacked_out (attempt_id, place, words, token_hash, blacked_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (attempt_id, place) DO UPDATE SET words = blacked_out.words + excluded.words,
            token_hash = excluded.token_hash, blacked_at = excluded.blacked_at",
        attempt.as_str(),
        place,
        words,
        token_hash,
        now
    )
    .map(drop)
}
