//! What was dated by a clock that was far ahead.

use crate::accounts::CLOCKS_DIFFER;
use crate::accounts::belief::A_WEEK;
use crate::accounts::link::LINK_LIVES;
use crate::clock::Millis;
use crate::db::Conn;
use crate::sql;

/// What lies ahead was done now, as far as anybody can tell: else sessions of nurses would be no good for as long and then
/// be kept as much too long, and a link, or a browser that is known, would open for years. Whoever is half-way in begins
/// anew.
pub async fn bring_back(conn: &mut Conn, now: Millis) -> sqlx::Result<()> {
    let (soon, far) = (now + CLOCKS_DIFFER, now + A_WEEK);
    // Nurses first and their sessions after them, as everywhere: two that wait for each other would never end.
    sql!(conn, execute, "UPDATE nurses SET last_seen_at = $1 WHERE last_seen_at > $2", now, far)?;
    sql!(
        conn,
        execute,
        "UPDATE sessions SET last_seen_at = $1 WHERE kind = 'nurse' AND last_seen_at > $2",
        now,
        far
    )?;
    sql!(conn, execute, "UPDATE known_devices SET known_at = $1 WHERE known_at > $2", now, soon)?;
    sql!(conn, execute, "DELETE FROM half_sessions WHERE begun_at > $1", soon)?;
    let (end, late) = (now + LINK_LIVES, soon + LINK_LIVES);
    sql!(conn, execute, "UPDATE links SET expires_at = $1 WHERE expires_at > $2", end, late).map(drop)
}
