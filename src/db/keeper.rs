//! How the journal of the SQLite file is brought into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::SqlitePool;

use super::Counts;
use super::watch::Watch;

/// How often the journal is brought into the file, where something was written.
const EVERY: Duration = Duration::from_millis(500);

/// Past so many pages (of 4 KiB) that wait in the journal, the writer pauses for the rest of them: a journal starts
/// anew only when nothing waits in it.
const LONG: i64 = 16_384;

/// How long whoever keeps the journal waits for a reader to end; those who write wait as long.
pub(super) const KEEPER_WAITS: Duration = Duration::from_millis(100);

/// How many turns later that is tried again: somebody may read for long, as a backup does.
const RESTS: u32 = 10;

/// Brings the journal into the file, away from those who wait for a commit. One connection, so one thing at a time.
#[derive(Clone, Debug)]
pub(super) struct Keeper {
    pool: SqlitePool,
    counts: Arc<Counts>,
    /// Whether the journal has to be emptied: something was deleted that nobody may read in it.
    owes: Arc<AtomicBool>,
    watch: Arc<Watch>,
    /// How many pages make the journal a long one.
    long: i64,
}

impl Keeper {
    /// `pool` holds the one connection that is for this.
    pub(super) fn new(pool: SqlitePool, counts: Arc<Counts>, watch: Arc<Watch>) -> Self {
        Self { pool, counts, owes: Arc::default(), watch, long: LONG }
    }

    /// Goes on until the file is closed.
    pub(super) async fn now_and_then(self) {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut turns = Turns::default();
        loop {
            ticks.tick().await;
            if self.pool.is_closed() {
                return;
            }
            let (commits, gone) = (self.counts.commits(), self.watch.look().is_some());
            let Some(may_wait) = turns.begin(commits, self.owes.load(Ordering::Relaxed), gone) else {
                continue;
            };
            match self.turn(may_wait).await {
                Ok(done) => turns.end(commits, done),
                Err(cause) => tracing::warn!(%cause, "the journal could not be brought into the file"),
            }
        }
    }

    /// False where somebody who reads was in the way. `may_wait`: whether those who write may be kept waiting.
    async fn turn(&self, may_wait: bool) -> sqlx::Result<bool> {
        let owes = self.owes.load(Ordering::Relaxed);
        if owes && may_wait {
            return self.empty().await;
        }
        // A long journal: for the rest of it those who write have to wait a moment.
        let pages = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?.1;
        if pages > self.long && may_wait {
            return Ok(self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await?.0 == 0);
        }
        Ok(!owes)
    }

    /// Empties the journal. False where somebody still reads in it.
    pub(super) async fn empty(&self) -> sqlx::Result<bool> {
        self.owes.store(true, Ordering::Relaxed);
        let emptied = self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await?.0 == 0;
        if emptied {
            self.owes.store(false, Ordering::Relaxed);
        }
        Ok(emptied)
    }

    /// Gives the connection back, after what is under way.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether somebody was in the way (not 0), and how many pages the journal holds.
    async fn checkpoint(&self, text: &'static str) -> sqlx::Result<(i64, i64)> {
        let (in_the_way, pages, _done): (i64, i64, i64) = sqlx::query_as(text).fetch_one(&self.pool).await?;
        Ok((in_the_way, pages))
    }
}

/// Which turns are taken, and in which of them those who write may be kept waiting.
#[derive(Debug, Default)]
struct Turns {
    /// How many commits are in the file, or were on their way when they were last counted.
    seen: u64,
    /// How many turns it is until somebody may be kept waiting again.
    rest: u32,
}

impl Turns {
    /// None: there is nothing to do, or no file to do it to. Otherwise whether those who write may be kept waiting.
    fn begin(&mut self, commits: u64, owes: bool, is_gone: bool) -> Option<bool> {
        if is_gone || commits == self.seen && !owes {
            return None;
        }
        self.rest = self.rest.saturating_sub(1);
        Some(self.rest == 0)
    }

    /// The turn for so many commits is over. `done`: nobody was in its way.
    const fn end(&mut self, commits: u64, done: bool) {
        if done {
            self.seen = commits;
        } else if self.rest == 0 {
            self.rest = RESTS;
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

    #[test]
    fn a_turn_is_taken_for_something_new_or_owed_and_nobody_is_kept_waiting_twice_in_a_row() {
        let mut turns = Turns::default();
        assert_eq!(turns.begin(0, false, false), None, "nothing was written");
        assert_eq!(turns.begin(0, true, false), Some(true), "something is owed");
        assert_eq!(turns.begin(1, true, true), None, "the file is gone");
        assert_eq!(turns.begin(1, false, false), Some(true));
        turns.end(1, true);
        assert_eq!(turns.begin(1, false, false), None, "that is in the file");
        assert_eq!(turns.begin(2, false, false), Some(true));
        turns.end(2, false);
        for turn in 1..RESTS {
            assert_eq!(turns.begin(2, false, false), Some(false), "{turn}");
            turns.end(2, false);
        }
        assert_eq!(turns.begin(2, false, false), Some(true), "once in so many turns");
        turns.end(2, true);
        assert_eq!(turns.begin(3, false, false), Some(true), "nobody was in the way");
    }

    /// A file with a journal of some pages, whoever keeps it, and one who reads in it.
    async fn journal(folder: &tempfile::TempDir) -> (Keeper, SqliteConnection, SqliteConnection) {
        let file = folder.path().join("it.sqlite");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(Duration::from_millis(1))
            .pragma("wal_autocheckpoint", "0");
        let mut writer = SqliteConnection::connect_with(&options).await.expect("opened");
        sqlx::raw_sql("CREATE TABLE it (word TEXT)").execute(&mut writer).await.expect("made");
        let reader = SqliteConnection::connect_with(&options).await.expect("opened");
        let pool = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options);
        (Keeper::new(pool, Arc::default(), Arc::new(Watch::new(&file))), writer, reader)
    }

    async fn run(conn: &mut SqliteConnection, text: &'static str) {
        sqlx::raw_sql(text).execute(conn).await.expect(text);
    }

    const READ: &str = "BEGIN; SELECT count(*) FROM it";
    const WRITE: &str = "INSERT INTO it VALUES ('word')";

    #[tokio::test]
    async fn only_for_a_long_journal_are_those_who_write_kept_waiting_and_only_now_and_then() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut keeper, mut writer, mut reader) = journal(&folder).await;
        run(&mut reader, READ).await;
        run(&mut writer, WRITE).await;
        let pages = keeper.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await.expect("looked").1;
        assert!(pages > 1, "{pages}");
        keeper.long = pages;
        assert!(keeper.turn(true).await.expect("brought"), "it is not long yet: nobody is waited for");
        keeper.long = pages - 1;
        assert!(keeper.turn(false).await.expect("brought"), "nobody may be kept waiting");
        assert!(!keeper.turn(true).await.expect("brought"), "one who reads is in the way");
        run(&mut reader, "ROLLBACK").await;
        assert!(keeper.turn(true).await.expect("brought"));
        run(&mut writer, WRITE).await;
        let anew = keeper.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await.expect("looked").1;
        assert!(anew < pages, "it began anew: {anew} of {pages}");
    }

    #[tokio::test]
    async fn a_journal_that_has_to_be_emptied_is_owed_until_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let (keeper, mut writer, mut reader) = journal(&folder).await;
        let journal = folder.path().join("it.sqlite-wal");
        let bytes = || std::fs::metadata(&journal).expect("a journal").len();
        run(&mut reader, READ).await;
        run(&mut writer, WRITE).await;
        assert!(!keeper.empty().await.expect("tried"), "one who reads is in the way");
        assert!(keeper.owes.load(Ordering::Relaxed));
        run(&mut reader, "ROLLBACK").await;
        assert!(!keeper.turn(false).await.expect("brought"), "it may not wait, so it is still owed");
        assert!(bytes() > 0 && keeper.owes.load(Ordering::Relaxed));
        assert!(keeper.turn(true).await.expect("brought"));
        assert!(bytes() == 0 && !keeper.owes.load(Ordering::Relaxed));
        assert!(keeper.turn(false).await.expect("brought"), "nothing is owed any more");
    }
}
