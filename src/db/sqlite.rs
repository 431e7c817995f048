//! The SQLite file: who reads it, who writes it, and how its journal is brought into it.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::Counts;
use super::writer::Writer;

/// How often the journal is brought into the file, where something was written.
const EVERY: Duration = Duration::from_millis(500);

/// Past so many pages (of 4 KiB) that wait in the journal, the writer pauses for the rest of them: a journal starts
/// anew only when nothing waits in it.
const LONG: i64 = 16_384;

/// One file: one connection that writes, several that read.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Read-only connections.
    pub(super) read: SqlitePool,
    /// The one connection that writes.
    write: SqlitePool,
    /// The task that has it.
    pub(super) writer: Writer,
    /// A connection that brings the journal into the file.
    keeper: SqlitePool,
}

impl File {
    /// Opens the file; it is made when it is missing.
    pub(super) async fn open(file: &Path, counts: Arc<Counts>) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let lasting =
            || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writing = options.clone().pragma("wal_autocheckpoint", "0").pragma("cache_size", "-8000");
        let write = lasting().max_connections(1).connect_with(writing).await?;
        let keeper = lasting().max_connections(1).connect_lazy_with(options.clone());
        let read = lasting().max_connections(8).connect_lazy_with(options.read_only(true));
        let writer = Writer::start(write.clone(), Arc::clone(&counts));
        tokio::spawn(Checkpoints { keeper: keeper.clone(), writer: writer.clone(), counts }.now_and_then());
        Ok(Self { read, write, writer, keeper })
    }

    /// The connection that writes, for what is no work in the queue: bringing the tables up to date.
    pub(super) async fn writing(&self) -> &SqlitePool {
        self.writer.release().await;
        &self.write
    }

    /// Closes it, after what waits is stored.
    pub(super) async fn close(&self) {
        self.writer.close().await;
        self.keeper.close().await;
        self.read.close().await;
        self.write.close().await;
    }
}

/// Bringing the journal into the file, away from those who wait for a commit.
pub(super) struct Checkpoints {
    keeper: SqlitePool,
    writer: Writer,
    counts: Arc<Counts>,
}

impl Checkpoints {
    /// Goes on until the file is closed.
    async fn now_and_then(self) {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut seen = 0;
        loop {
            turns.tick().await;
            if self.keeper.is_closed() {
                return;
            }
            let commits = self.counts.commits();
            if commits == seen {
                continue;
            }
            match Self::on(&self.keeper, "PASSIVE").await {
                Ok(pages) if pages > LONG => self.writer.checkpoint().await,
                Ok(_) => {}
                Err(sqlx::Error::PoolClosed) => return,
                Err(cause) => tracing::warn!(%cause, "the journal could not be brought into the file"),
            }
            seen = commits;
        }
    }

    /// Does it once; gives how many pages the journal holds.
    pub(super) async fn on(pool: &SqlitePool, how: &'static str) -> sqlx::Result<i64> {
        let text = match how {
            "TRUNCATE" => "PRAGMA wal_checkpoint(TRUNCATE)",
            _ => "PRAGMA wal_checkpoint(PASSIVE)",
        };
        let (_busy, pages, _done): (i64, i64, i64) = sqlx::query_as(text).fetch_one(pool).await?;
        Ok(pages)
    }
}
