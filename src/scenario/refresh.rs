//! What another process published or saved is seen here within a second or so, without a restart.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;

use super::library::{Library, Revision};
use super::store;
use crate::app::App;
use crate::db::Db;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(1);

/// What could not be read: nothing at all, or what this turn of publishing put in force.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Missed {
    /// The turn; None where the database could not even say that.
    pub turn: Option<i64>,
    /// Why.
    pub cause: anyhow::Error,
}

/// Looks every second, until it is stopped. What can't be read is said once, and tried again; meanwhile the pages go on
/// with what they have.
pub async fn now_and_then(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said: Option<Option<i64>> = None;
    loop {
        turns.tick().await;
        match look(&app.db, &app.library).await {
            Ok(changed) => {
                if changed {
                    tracing::info!(turn = app.library.turn(), "what another process published is in force");
                }
                said = None;
            }
            Err(missed) => {
                if said != Some(missed.turn) {
                    tracing::warn!(turn = missed.turn, cause = %missed, "what is in force could not be looked up");
                }
                said = Some(missed.turn);
            }
        }
    }
}

/// Looks once: one small question, and where the answer is new, what is in force is read and replaced. Gives whether it
/// was. Revisions and local words that are in memory already are not read again.
pub async fn look(db: &Db, library: &Library) -> Result<bool, Missed> {
    let unknown = |cause: sqlx::Error| Missed { turn: None, cause: cause.into() };
    let mut conn = db.read().await.map_err(unknown)?;
    if store::last_turn(&mut conn).await.map_err(unknown)? == library.turn() {
        return Ok(false);
    }
    let Some(ruling) = store::ruling(&mut conn).await.map_err(unknown)? else { return Ok(false) };
    let turn = Some(ruling.turn);
    let missed = |cause: anyhow::Error| Missed { turn, cause };
    let mut current: Vec<Arc<Revision>> = Vec::with_capacity(ruling.revisions.len());
    for id in &ruling.revisions {
        current.push(store::revision(&mut conn, library, id).await.map_err(missed)?);
    }
    let version = ruling.policy_version;
    let policy = store::policy(&mut conn, library, version).await.map_err(missed)?;
    library.put_in_force(ruling.turn, current, version, policy);
    Ok(true)
}
