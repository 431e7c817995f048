//! The SQLite file: who reads it, who writes it, and how its journal is brought into it.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Counts;
use super::lock::Held;
use super::writer::Writer;

/// How often the journal is brought into the file, where something was written.
const EVERY: Duration = Duration::from_millis(500);

/// Past so many pages (of 4 KiB) that wait in the journal, the writer pauses for the rest of them: a journal starts
/// anew only when nothing waits in it.
const LONG: i64 = 16_384;

/// How many bytes of the disk a journal keeps once it has started anew.
const JOURNAL: &str = "67108864";

/// How many rows are handed over before whoever reads has taken them: with few, both wait for each other all the time.
const ROWS: usize = 1_024;

/// How often it is tried to empty the journal while whoever deleted something waits, and how long between.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(50);

/// One file: one connection that writes, several that read.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Read-only connections.
    pub(super) read: SqlitePool,
    /// The one connection that writes.
    write: SqlitePool,
    /// The task that has it.
    pub(super) writer: Writer,
    keeper: Keeper,
    /// What keeps other processes away, where they are kept away.
    _held: Option<Held>,
}

impl File {
    /// Opens the file; it is made when it is missing.
    pub(super) async fn open(file: &Path, counts: Arc<Counts>, held: Option<Held>) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .pragma("journal_size_limit", JOURNAL)
            .row_buffer_size(ROWS)
            .busy_timeout(Duration::from_secs(5));
        let lasting =
            || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writing = options.clone().pragma("wal_autocheckpoint", "0").pragma("cache_size", "-8000");
        let write = lasting().max_connections(1).connect_with(writing).await?;
        // While it waits for a reader to end, those who write wait for it.
        let keeping = options.clone().busy_timeout(Duration::from_millis(500));
        let pool = lasting().max_connections(1).connect_lazy_with(keeping);
        let keeper = Keeper { pool, counts: Arc::clone(&counts), owes: Arc::default() };
        let read = lasting().max_connections(8).connect_lazy_with(options.read_only(true));
        let writer = Writer::start(write.clone(), counts);
        tokio::spawn(keeper.clone().now_and_then());
        Ok(Self { read, write, writer, keeper, _held: held })
    }

    /// The connection that writes, for what is no work in the queue: bringing the tables up to date.
    pub(super) async fn writing(&self) -> &SqlitePool {
        self.writer.release().await;
        &self.write
    }

    /// Empties the journal, so that nothing deleted can be read in it. Where somebody reads in it all the while, it is
    /// emptied as soon as that has ended.
    pub(super) async fn empty_journal(&self) -> sqlx::Result<()> {
        for _ in 0..TRIES {
            if self.keeper.empty().await? {
                return Ok(());
            }
            tokio::time::sleep(BETWEEN).await;
        }
        tracing::warn!("the journal could not be emptied yet: somebody reads in it");
        Ok(())
    }

    /// Closes it, after what waits is stored.
    pub(super) async fn close(&self) {
        self.writer.close().await;
        self.keeper.pool.close().await;
        self.read.close().await;
        self.write.close().await;
    }
}

/// Brings the journal into the file, away from those who wait for a commit. One connection, so one thing at a time.
#[derive(Clone, Debug)]
struct Keeper {
    pool: SqlitePool,
    counts: Arc<Counts>,
    /// Whether the journal has to be emptied: something was deleted that nobody may read in it.
    owes: Arc<AtomicBool>,
}

impl Keeper {
    /// Goes on until the file is closed.
    async fn now_and_then(self) {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut seen = 0;
        while !self.pool.is_closed() {
            turns.tick().await;
            let commits = self.counts.commits();
            if commits == seen && !self.owes.load(Ordering::Relaxed) {
                continue;
            }
            match self.turn().await {
                Ok(()) => seen = commits,
                Err(sqlx::Error::PoolClosed) => return,
                Err(cause) => tracing::warn!(%cause, "the journal could not be brought into the file"),
            }
        }
    }

    async fn turn(&self) -> sqlx::Result<()> {
        if self.owes.load(Ordering::Relaxed) {
            return self.empty().await.map(drop);
        }
        // A long journal: for the rest of it those who write have to wait a moment.
        if self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?.1 > LONG {
            self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await?;
        }
        Ok(())
    }

    /// Empties the journal. False where somebody still reads in it.
    async fn empty(&self) -> sqlx::Result<bool> {
        self.owes.store(true, Ordering::Relaxed);
        let emptied = self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await?.0 == 0;
        if emptied {
            self.owes.store(false, Ordering::Relaxed);
        }
        Ok(emptied)
    }

    /// Whether somebody was in the way (not 0), and how many pages the journal holds.
    async fn checkpoint(&self, text: &'static str) -> sqlx::Result<(i64, i64)> {
        let (in_the_way, pages, _done): (i64, i64, i64) = sqlx::query_as(text).fetch_one(&self.pool).await?;
        Ok((in_the_way, pages))
    }
}
