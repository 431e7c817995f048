//! Storing something for no other reason than to see whether it is kept.

use crate::db::Conn;
use crate::sql;

/// Stores this instead of what was stored here before.
pub async fn try_out(conn: &mut Conn, trial: &str) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "INSERT INTO settings (name, value) VALUES ('trial', $1)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        trial
    )
    .map(drop)
}
