//! Once a day, what was kept long enough goes: in small steps, so that nobody who answers has to wait.

use crate::accounts::audit::{Actor, Event};
use crate::accounts::keeping::Keeping;
use crate::accounts::store::{self as accounts, AuditEntry};
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::cohorts::{self, CohortId};
use crate::db::{Conn, Db, Work};
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

/// How long one process may be at it before another takes over, in milliseconds: an hour.
const AT_IT: Millis = 60 * 60 * 1000;

/// Lets go what is due, unless that was done within the last day or is being done. Gives how much went.
pub async fn once_a_day(app: &App) -> sqlx::Result<Option<Due>> {
    let last = accounts::keeping_swept_at(&mut app.db.read().await?).await?;
    if is_done(last, app.clock.now()) { Ok(None) } else { run(&app.db, &app.clock, true).await }
}

/// A time that lies ahead was noted by a clock that went wrong.
fn is_done(last: Option<Millis>, now: Millis) -> bool {
    last.is_some_and(|last| last <= now && now - last < EVERY)
}

/// Lets go what is due now. Gives how much went; nothing where another process is at it.
pub async fn sweep(app: &App) -> sqlx::Result<Due> {
    Ok(run(&app.db, &app.clock, false).await?.unwrap_or_default())
}

/// Lets go what is due now. Gives how much went; None where another process is at it, or, where it is the `daily` run,
/// was at it within the last day.
pub async fn run(db: &Db, clock: &Clock, daily: bool) -> sqlx::Result<Option<Due>> {
    let now = clock.now();
    let until = now + AT_IT;
    let claiming = db.write(move |conn| {
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            // Looked at once more: another process may have come to its end meanwhile.
            let done = daily && is_done(accounts::keeping_swept_at(conn).await?, now);
            Ok(!done && accounts::claim_keeping(conn, now, until).await?)
        });
        work
    });
    if !claiming.await? {
        return Ok(None);
    }
    let gone = Run { db, clock, now, noted: false }.all().await;
    let swept = daily && gone.is_ok();
    db.write(move |conn| {
        Box::pin(async move {
            if swept {
                accounts::put_keeping_swept_at(conn, now).await?;
            }
            accounts::release_keeping(conn, until).await
        })
    })
    .await?;
    gone.map(Some)
}

/// One run through everything that may be due.
struct Run<'a> {
    db: &'a Db,
    clock: &'a Clock,
    now: Millis,
    /// Whether the log says already that this run did something.
    noted: bool,
}

impl Run<'_> {
    async fn all(mut self) -> sqlx::Result<Due> {
        let now = self.now;
        let (keeping, archived) = {
            let mut conn = self.db.read().await?;
            let keeping = accounts::keeping(&mut conn).await?;
            (keeping, cohorts::store::archived_before(&mut conn, keeping.words_limit(now)).await?)
        };
        let (unused, done) = (keeping.practice_limit(now), keeping.completion_limit(now));
        let most = i64::from(STEP);
        let mut gone = Due {
            attempts: self
                .in_steps(move |conn, _| Box::pin(practice::store::delete_practice(conn, unused, most)))
                .await?,
            nurses: self
                .in_steps(move |conn, _| Box::pin(accounts::delete_unused_nurses(conn, unused, most)))
                .await?,
            words: 0,
            completions: self
                .in_steps(move |conn, _| Box::pin(practice::store::delete_completions(conn, done, most)))
                .await?,
        };
        for cohort in archived {
            gone.words += self.words(cohort).await?;
        }
        if gone != Due::default() {
            self.db.forget().await;
            let Due { attempts, nurses, words, completions } = gone;
            tracing::info!(attempts, nurses, words, completions, "what was kept long enough is deleted");
        }
        Ok(gone)
    }

    /// One transaction after the other, until a step finds less than a whole one; the step is told whether it is the
    /// first of them. The first of the whole run that does something says so in the log.
    async fn in_steps<F>(&mut self, step: F) -> sqlx::Result<i64>
    where
        F: for<'c> Fn(&'c mut Conn, bool) -> Work<'c, u64, sqlx::Error> + Clone + Send + Sync + 'static,
    {
        let mut all = 0;
        loop {
            let (step, id, at, first) = (step.clone(), self.clock.new_id(), self.now, all == 0);
            let to_note = !self.noted;
            let doing = self.db.write(move |conn| {
                let (step, id) = (step.clone(), id.clone());
                let work: Work<'_, u64, sqlx::Error> = Box::pin(async move {
                    let gone = step(conn, first).await?;
                    if gone > 0 && to_note {
                        accounts::note(conn, &AuditEntry::of(id, at, Event::Lapsed, Actor::Program)).await?;
                    }
                    Ok(gone)
                });
                work
            });
            let gone = doing.await?;
            self.noted |= gone > 0;
            all += i64::try_from(gone).unwrap_or(i64::MAX);
            if gone < u64::from(STEP) {
                return Ok(all);
            }
        }
    }

    /// Takes the own words of a cohort away; the first step notes it for its nurses, and lets go what was ticked for
    /// class.
    async fn words(&mut self, cohort: CohortId) -> sqlx::Result<i64> {
        let (now, clock) = (self.now, self.clock.clone());
        self.in_steps(move |conn, first| {
            let (cohort, id) = (cohort.clone(), clock.new_id());
            Box::pin(async move {
                // Looked at once more: it may be open again by now, or the time longer.
                cohorts::store::hold_cohort(conn, &cohort).await?;
                let limit = accounts::keeping(conn).await?.words_limit(now);
                if !cohorts::store::hold_archived(conn, &cohort, limit).await? {
                    return Ok(0);
                }
                let gone = practice::store::take_words_away(conn, &cohort, now, i64::from(STEP)).await?;
                if gone > 0 && first {
                    review::store::delete_samples(conn, &cohort).await?;
                    accounts::note(conn, &expired(id, now, &cohort)).await?;
                }
                Ok(u64::try_from(gone).unwrap_or(u64::MAX))
            })
        })
        .await
    }
}

fn expired(id: String, at: Millis, cohort: &CohortId) -> AuditEntry<'_> {
    AuditEntry {
        cohort_id: Some(cohort.as_str()),
        ..AuditEntry::of(id, at, Event::WordsExpired, Actor::Program)
    }
}
