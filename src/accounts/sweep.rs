//! Forgetting what is no longer needed: wrong codes that no longer count, sessions that have ended, links that were used.
//! All of it goes by the clock, so nothing goes while the clock is not believed.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::belief::{A_WEEK, Belief};
use super::link::LINK_REMEMBERED;
use super::second_step::HALF_LIVES;
use super::{DEVICE_LIVES, TRIES_COUNT_FOR, store};
use crate::app::App;
use crate::clock::rfc3339;
use crate::db::Work;
use crate::operate::keeping;

/// How often it is looked for.
const EVERY: Duration = Duration::from_mins(15);

/// Sweeps at the start and every quarter of an hour, until it is stopped.
pub async fn now_and_then(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        turn(&app).await;
    }
}

/// Looks once at all that may go, if the clock is believed.
pub async fn turn(app: &App) {
    match believes(app).await {
        Ok(true) => {}
        Ok(false) => return,
        Err(cause) => {
            tracing::warn!(%cause, "whether the clock is right can’t be told: nothing goes for being old");
            return;
        }
    }
    if let Err(cause) = sweep(app).await {
        tracing::warn!(%cause, "what is no longer needed could not be forgotten");
    }
    if let Err(cause) = keeping::once_a_day(app).await {
        tracing::warn!(%cause, "what was kept long enough could not be deleted");
    }
}

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

/// Sweeps once.
pub async fn sweep(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let sweep = app.db.write(move |conn| {
        Box::pin(async move {
            store::forget_tries(conn, now - TRIES_COUNT_FOR, now).await?;
            store::bring_back(conn, now + A_WEEK, now).await?;
            store::forget_sessions(conn, now).await?;
            store::forget_half_sessions(conn, now - HALF_LIVES).await?;
            store::forget_devices(conn, now - DEVICE_LIVES).await?;
            store::forget_links(conn, now - LINK_REMEMBERED).await
        })
    });
    sweep.await
}
