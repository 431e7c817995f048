//! Forgetting what is no longer needed: wrong codes that no longer count, sessions that have ended, links that were used.

use std::time::Duration;

use super::link::LINK_REMEMBERED;
use super::second_step::HALF_LIVES;
use super::{DEVICE_LIVES, TRIES_COUNT_FOR, store};
use crate::app::App;
use crate::operate::keeping;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(15);

/// Sweeps at the start and every quarter of an hour, until it is stopped.
pub async fn now_and_then(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        if let Err(cause) = sweep(&app).await {
            tracing::warn!(%cause, "what is no longer needed could not be forgotten");
        }
        if let Err(cause) = keeping::once_a_day(&app).await {
            tracing::warn!(%cause, "what was kept long enough could not be deleted");
        }
    }
}

/// Sweeps once.
pub async fn sweep(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let sweep = app.db.write(move |conn| {
        Box::pin(async move {
            store::forget_tries(conn, now - TRIES_COUNT_FOR, now).await?;
            store::forget_sessions(conn, now).await?;
            store::forget_half_sessions(conn, now - HALF_LIVES).await?;
            store::forget_devices(conn, now - DEVICE_LIVES).await?;
            store::forget_links(conn, now - LINK_REMEMBERED).await
        })
    });
    sweep.await
}
