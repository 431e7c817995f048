//! Forgetting what is no longer needed: wrong codes that no longer count, sessions that have ended, links that were used.
//! What somebody may miss goes only while the clock is believed.

use std::sync::atomic::Ordering;

use super::belief::Belief;
use super::link::LINK_REMEMBERED;
use super::second_step::HALF_LIVES;
use super::{DEVICE_LIVES, TRIES_COUNT_FOR, store};
use crate::app::App;
use crate::clock::rfc3339;
use crate::cohorts;
use crate::db::Work;

/// Whether the clock is believed; notes what it says now. Where it is not, that is said in the log, in the numbers, and
/// to whoever asks whether the app is ready.
pub async fn believes(app: &App) -> sqlx::Result<bool> {
    let now = app.clock.now();
    let looking = app.db.write(move |conn| {
        let work: Work<'_, Belief, sqlx::Error> = Box::pin(async move {
            let belief = Belief::next(store::belief(conn).await?, now);
            store::put_belief(conn, belief).await?;
            Ok(belief)
        });
        work
    });
    let belief = looking.await?;
    let is_doubted = belief.doubted.is_some();
    app.clock_is_doubted.store(is_doubted, Ordering::Relaxed);
    metrics::gauge!("warmly_clock_doubted").set(if is_doubted { 1.0 } else { 0.0 });
    if is_doubted {
        tracing::error!(
            clock = rfc3339(now),
            before = rfc3339(belief.believed),
            "the clock moved by more than a week: nothing goes for being old until it has gone on like this for a week. \
             If it is wrong, set it right; if it is right: warmly keep --clock-is-right"
        );
    }
    Ok(!is_doubted)
}

/// Forgets tries that no longer count, and those who went half-way and no further. Nobody misses them, whatever the clock
/// says, and whoever invents addresses makes as many as she likes.
pub async fn forget_tries(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let forgetting = app.db.write(move |conn| {
        Box::pin(async move {
            store::forget_tries(conn, now - TRIES_COUNT_FOR, now).await?;
            store::forget_half_sessions(conn, now - HALF_LIVES).await
        })
    });
    forgetting.await
}

/// Sweeps once.
pub async fn sweep(app: &App) -> sqlx::Result<()> {
    forget_tries(app).await?;
    let now = app.clock.now();
    let sweep = app.db.write(move |conn| {
        Box::pin(async move {
            store::bring_back(conn, now).await?;
            cohorts::store::bring_back(conn, now).await?;
            store::forget_sessions(conn, now).await?;
            store::forget_devices(conn, now - DEVICE_LIVES).await?;
            store::forget_links(conn, now - LINK_REMEMBERED).await
        })
    });
    sweep.await
}
