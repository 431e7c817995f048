//! Every quarter of an hour: what is no longer needed is forgotten, and once a day what was kept long enough goes. What
//! goes for being old stays while the clock is not believed.

use std::time::Duration;

use super::keeping;
use crate::accounts::sweep;
use crate::app::App;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(15);

/// Looks at the start and every quarter of an hour, until it is stopped.
pub async fn now_and_then(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        turn(&app).await;
    }
}

/// Looks once at all that may go.
pub async fn turn(app: &App) {
    if let Err(cause) = sweep::forget_tries(app).await {
        tracing::warn!(%cause, "tries that no longer count could not be forgotten");
    }
    match sweep::believes(app).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(cause) => {
            tracing::warn!(%cause, "whether the clock is right can’t be told: nothing goes for being old");
            return;
        }
    }
    if let Err(cause) = sweep::sweep(app).await {
        tracing::warn!(%cause, "what is no longer needed could not be forgotten");
    }
    if let Err(cause) = keeping::once_a_day(app).await {
        tracing::warn!(%cause, "what was kept long enough could not be deleted");
    }
}
