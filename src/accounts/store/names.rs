//! The names of the staff, for pages that say who did something.

use std::collections::HashMap;

use crate::db::Conn;
use crate::sql;

/// The names of everyone of the staff by id, also of those who can no longer come in.
pub async fn staff_names(conn: &mut Conn) -> sqlx::Result<HashMap<String, String>> {
    let rows = sql!(conn, fetch_all as (String, String), "SELECT id, name FROM staff")?;
    Ok(rows.into_iter().collect())
}
