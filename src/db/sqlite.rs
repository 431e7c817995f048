//! The SQLite file: who reads it, who writes it, and how its journal is brought into it.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool};

use super::Counts;
use super::lock::Held;
use super::watch::Watch;
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

/// How long whoever keeps the journal waits for a reader to end; those who write wait as long.
const KEEPER_WAITS: Duration = Duration::from_millis(100);

/// How many turns later that is tried again: somebody may read for long, as a backup does.
const RESTS: u32 = 10;

/// How often it is tried to empty the journal while whoever deleted something waits, and how long between.
const TRIES: u32 = 3;
const BETWEEN: Duration = Duration::from_millis(50);

/// How often it is looked whether the file is still there, and how full its disk is.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a page waits for one of the connections that still lead to a file that was taken away.
const PATIENCE: Duration = Duration::from_secs(5);

/// One file: one connection that writes, several that read.
#[derive(Clone, Debug)]
pub(super) struct File {
    /// Read-only connections.
    read: SqlitePool,
    /// The one connection that writes.
    write: SqlitePool,
    /// The task that has it.
    pub(super) writer: Writer,
    keeper: Keeper,
    /// What is known of the file and its disk.
    pub(super) watch: Arc<Watch>,
    /// What keeps other processes away, where they are kept away.
    _held: Option<Held>,
}

impl File {
    /// Opens the file; it is made when it is missing. Whoever holds the lock on it decides how it keeps its journal;
    /// everybody else leaves that as it is.
    pub(super) async fn open(file: &Path, counts: Arc<Counts>, held: Option<Held>) -> sqlx::Result<Self> {
        survive_a_limit_of_file_size();
        let watch = Arc::new(Watch::new(file));
        let options = options(file, held.is_some())?;
        let lasting =
            || SqlitePoolOptions::new().idle_timeout(None).max_lifetime(None).test_before_acquire(false);
        let writing = options.clone().pragma("wal_autocheckpoint", "0").pragma("cache_size", "-8000");
        let write =
            lasting().max_connections(1).connect_with(writing.clone().create_if_missing(true)).await?;
        // The file is there now. If it is taken away, nothing new is put in its place.
        write.set_connect_options(writing);
        watch.begin();
        let keeping = options.clone().busy_timeout(KEEPER_WAITS);
        let pool = lasting().max_connections(1).connect_lazy_with(keeping);
        let keeper =
            Keeper { pool, counts: Arc::clone(&counts), owes: Arc::default(), watch: Arc::clone(&watch) };
        // Little of its own for each of them: what they read stands in the system's cache as well.
        let reading = options.read_only(true).pragma("cache_size", "-1000");
        let read = lasting().max_connections(8).connect_lazy_with(reading);
        let writer = Writer::start(write.clone(), counts);
        tokio::spawn(keeper.clone().now_and_then());
        tokio::spawn(look_now_and_then(Arc::clone(&watch), write.clone()));
        Ok(Self { read, write, writer, keeper, watch, _held: held })
    }

    /// A connection to read with. Where the file was taken away, one of those that still lead to it.
    pub(super) async fn reading(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        if self.watch.look().is_none() || self.read.is_closed() {
            return self.read.acquire().await;
        }
        let waiting = async {
            loop {
                match self.read.try_acquire() {
                    Some(conn) => return conn,
                    None => tokio::time::sleep(BETWEEN).await,
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.map_err(|_| sqlx::Error::PoolTimedOut)
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

/// How the file is opened.
fn options(file: &Path, is_ours: bool) -> sqlx::Result<SqliteConnectOptions> {
    let options = SqliteConnectOptions::from_str("sqlite:")?
        .filename(file)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("secure_delete", "ON")
        .pragma("journal_size_limit", JOURNAL)
        .row_buffer_size(ROWS)
        .busy_timeout(Duration::from_secs(5));
    Ok(if is_ours { options.journal_mode(SqliteJournalMode::Wal) } else { options })
}

/// A file that may not grow any further is an error for whoever writes to it, not the end of the program.
fn survive_a_limit_of_file_size() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        // SIGXFSZ on every system but one that nobody runs this on.
        if let Err(cause) = signal(SignalKind::from_raw(25)) {
            tracing::warn!(%cause, "a limit of the size of files may end the program");
        }
    }
}

/// Looks until the file is closed.
async fn look_now_and_then(watch: Arc<Watch>, pool: SqlitePool) {
    let mut turns = tokio::time::interval(LOOK_EVERY);
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        turns.tick().await;
        if pool.is_closed() {
            return;
        }
        watch.look();
        watch.look_at_the_disk();
    }
}

/// Brings the journal into the file, away from those who wait for a commit. One connection, so one thing at a time.
#[derive(Clone, Debug)]
struct Keeper {
    pool: SqlitePool,
    counts: Arc<Counts>,
    /// Whether the journal has to be emptied: something was deleted that nobody may read in it.
    owes: Arc<AtomicBool>,
    watch: Arc<Watch>,
}

impl Keeper {
    /// Goes on until the file is closed.
    async fn now_and_then(self) {
        let mut turns = tokio::time::interval(EVERY);
        turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut seen, mut rest) = (0, 0_u32);
        while !self.pool.is_closed() {
            turns.tick().await;
            let commits = self.counts.commits();
            if commits == seen && !self.owes.load(Ordering::Relaxed) || self.watch.look().is_some() {
                continue;
            }
            rest = rest.saturating_sub(1);
            match self.turn(rest == 0).await {
                Ok(true) => seen = commits,
                Ok(false) if rest == 0 => rest = RESTS,
                Ok(false) => {}
                Err(sqlx::Error::PoolClosed) => return,
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
        if pages > LONG && may_wait {
            return Ok(self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await?.0 == 0);
        }
        Ok(!owes)
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
