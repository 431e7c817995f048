//! Once a day, what was kept long enough goes: in small steps, so that nobody who answers has to wait.

use crate::accounts::audit::{Actor, Event};
use crate::accounts::keeping::Keeping;
use crate::accounts::store::{self as accounts, AuditEntry};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::{self, CohortId};
use crate::db::{Conn, Work};
use crate::{practice, review};

/// How often it is looked for what is due, in milliseconds: once a day.
const EVERY: Millis = 24 * 60 * 60 * 1000;

/// How many attempts, nurses or completions go in one transaction at most.
const STEP: u16 = 500;

/// How much is due, or went.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Due {
    /// Practice attempts.
    pub attempts: i64,
    /// Nameless nurses of whom nothing is left then.
    pub nurses: i64,
    /// Attempts at assigned work that lose their own words and what was written when looking back.
    pub words: i64,
    /// Completions.
    pub completions: i64,
}

/// What is due now under these periods.
pub async fn due(conn: &mut Conn, keeping: Keeping, now: Millis) -> sqlx::Result<Due> {
    let mut words = 0;
    for cohort in cohorts::store::archived_before(conn, keeping.words_limit(now)).await? {
        words += practice::store::words_left(conn, &cohort).await?;
    }
    Ok(Due {
        attempts: practice::store::practice_due(conn, keeping.practice_limit(now)).await?,
        nurses: accounts::nurses_due(conn, keeping.practice_limit(now)).await?,
        words,
        completions: practice::store::completions_due(conn, keeping.completion_limit(now)).await?,
    })
}

/// Lets go what is due, unless that was done within the last day. Gives how much went.
pub async fn once_a_day(app: &App) -> sqlx::Result<Option<Due>> {
    let now = app.clock.now();
    let last = accounts::keeping_swept_at(&mut app.db.read().await?).await?;
    // A time that lies ahead was noted by a clock that went wrong.
    if last.is_some_and(|last| last <= now && now - last < EVERY) {
        return Ok(None);
    }
    let gone = sweep(app).await?;
    app.db.write(move |conn| Box::pin(accounts::put_keeping_swept_at(conn, now))).await?;
    Ok(Some(gone))
}

/// Lets go what is due now. Gives how much went.
pub async fn sweep(app: &App) -> sqlx::Result<Due> {
    let now = app.clock.now();
    let (keeping, archived) = {
        let mut conn = app.db.read().await?;
        let keeping = accounts::keeping(&mut conn).await?;
        (keeping, cohorts::store::archived_before(&mut conn, keeping.words_limit(now)).await?)
    };
    let (unused, done) = (keeping.practice_limit(now), keeping.completion_limit(now));
    let most = i64::from(STEP);
    let mut gone = Due {
        attempts: in_steps(app, move |conn| Box::pin(practice::store::delete_practice(conn, unused, most)))
            .await?,
        nurses: in_steps(app, move |conn| Box::pin(accounts::delete_unused_nurses(conn, unused, most)))
            .await?,
        words: 0,
        completions: in_steps(app, move |conn| {
            Box::pin(practice::store::delete_completions(conn, done, most))
        })
        .await?,
    };
    for cohort in archived {
        gone.words += take_words_away(app, cohort, now).await?;
    }
    if gone != Due::default() {
        app.db.forget().await?;
        let Due { attempts, nurses, words, completions } = gone;
        tracing::info!(attempts, nurses, words, completions, "what was kept long enough is deleted");
    }
    Ok(gone)
}

/// One transaction after the other, until a step finds less than a whole one.
async fn in_steps<F>(app: &App, step: F) -> sqlx::Result<i64>
where
    F: for<'c> Fn(&'c mut Conn) -> Work<'c, u64, sqlx::Error> + Clone + Send + Sync + 'static,
{
    let mut all = 0;
    loop {
        let gone = app.db.write(step.clone()).await?;
        all += i64::try_from(gone).unwrap_or(i64::MAX);
        if gone < u64::from(STEP) {
            return Ok(all);
        }
    }
}

/// Takes the own words of a cohort away; the first step notes it, and lets go what was ticked for class.
async fn take_words_away(app: &App, cohort: CohortId, now: Millis) -> sqlx::Result<i64> {
    let mut all = 0;
    loop {
        let (cohort, clock, first) = (cohort.clone(), app.clock.clone(), all == 0);
        let step = app.db.write(move |conn| {
            let (cohort, id) = (cohort.clone(), clock.new_id());
            let work: Work<'_, usize, sqlx::Error> = Box::pin(async move {
                let gone = practice::store::take_words_away(conn, &cohort, now, i64::from(STEP)).await?;
                if gone > 0 && first {
                    review::store::delete_samples(conn, &cohort).await?;
                    accounts::note(conn, &expired(id, now, &cohort)).await?;
                }
                Ok(gone)
            });
            work
        });
        let gone = step.await?;
        all += i64::try_from(gone).unwrap_or(i64::MAX);
        if gone < usize::from(STEP) {
            return Ok(all);
        }
    }
}

fn expired(id: String, at: Millis, cohort: &CohortId) -> AuditEntry<'_> {
    AuditEntry {
        cohort_id: Some(cohort.as_str()),
        ..AuditEntry::of(id, at, Event::WordsExpired, Actor::Program)
    }
}
