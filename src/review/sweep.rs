//! Counting once a week how many nurses of each cohort practiced on their own.

use std::time::Duration;

use super::store;
use crate::accounts::belief::A_WEEK;
use crate::accounts::sweep::believes;
use crate::app::App;

/// How often it is looked whether a count is due.
const EVERY: Duration = Duration::from_hours(1);

/// Looks at the start and every hour, until it is stopped.
pub async fn now_and_then(app: App) {
    let mut turns = tokio::time::interval(EVERY);
    loop {
        turns.tick().await;
        // A count that is dated ten years ahead would stay the last one until then.
        let counted = match believes(&app).await {
            Ok(true) => sweep(&app).await,
            doubted => doubted.map(drop),
        };
        if let Err(cause) = counted {
            tracing::warn!(%cause, "practice could not be counted");
        }
    }
}

/// Counts what is due.
pub async fn sweep(app: &App) -> sqlx::Result<()> {
    let now = app.clock.now();
    let due = store::practice_to_count(&mut app.db.read().await?, now - A_WEEK).await?;
    // One cohort after the other, so that nobody's answer waits for all of them.
    for cohort in due {
        let counting = app.db.write(move |conn| {
            let cohort = cohort.clone();
            Box::pin(async move { store::count_practice(conn, &cohort, now - A_WEEK, now).await })
        });
        counting.await?;
    }
    Ok(())
}
