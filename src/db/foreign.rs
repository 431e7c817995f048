//! Whether the tables of a file call functions that ours never call: those would run whenever somebody writes, or only
//! looks at the file, and can be made to fill all memory.

use std::collections::HashSet;

use sqlx::sqlite::SqliteConnection;

use super::open::texts;

/// Stands in the table in which the steps are noted, which is not one of our texts.
const OF_THE_STEPS: &str = "current_timestamp";

/// The first table or index, if any, that names a function which none of our steps names. A column or an index that
/// somebody added by hand is none.
pub(super) async fn calls(conn: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let functions: Vec<(String,)> =
        sqlx::query_as("SELECT DISTINCT name FROM pragma_function_list").fetch_all(&mut *conn).await?;
    let ours: HashSet<String> = texts().flat_map(words).collect();
    let strange: HashSet<String> = functions
        .into_iter()
        .map(|(name,)| name.to_lowercase())
        .filter(|name| !ours.contains(name) && name != OF_THE_STEPS)
        .collect();
    let texts: Vec<(String, String)> = sqlx::query_as(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL",
    )
    .fetch_all(conn)
    .await?;
    let calls = |text: &str| words(text).any(|word| strange.contains(&word));
    Ok(texts.into_iter().find(|(_, text)| calls(text)).map(|(what, _)| what))
}

/// What may be names in a text of SQL, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|char: char| !char.is_alphanumeric() && !matches!(char, '_' | '$'));
    parts.filter(|word| !word.is_empty()).map(str::to_lowercase)
}
