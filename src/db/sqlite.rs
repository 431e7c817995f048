//! The SQLite file: who reads it, and who writes it.

use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool};

use super::Counts;
use super::keeper::{KEEPER_WAITS, Keeper};
use super::lock::Held;
use super::watch::Watch;
use super::writer::Writer;

/// How many bytes of the disk a journal keeps once it has started anew.
const JOURNAL: &str = "67108864";

/// How many rows are handed over before whoever reads has taken them: with few, both wait for each other all the time.
const ROWS: usize = 1_024;

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
        let writing = options.clone().pragma("wal_autocheckpoint", "0").pragma("cache_size", "-4000");
        let write =
            lasting().max_connections(1).connect_with(writing.clone().create_if_missing(true)).await?;
        // The file is there now. If it is taken away, nothing new is put in its place.
        write.set_connect_options(writing);
        watch.begin();
        let keeping = options.clone().busy_timeout(KEEPER_WAITS);
        let pool = lasting().max_connections(1).connect_lazy_with(keeping);
        let keeper = Keeper::new(pool, Arc::clone(&counts), Arc::clone(&watch));
        if held.is_some() {
            keeper.owe();
        }
        // Little of its own for each of them: what they read stands in the system's cache as well.
        let reading = options.read_only(true).pragma("cache_size", "-1000");
        let read = lasting().max_connections(readers(crate::cores())).connect_lazy_with(reading);
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
        self.keeper.close().await;
        self.read.close().await;
        self.write.close().await;
    }
}

/// How many read at the same time. Reading is all work and no waiting: more of them than the cores keep busy only hold
/// more memory.
fn readers(cores: usize) -> u32 {
    u32::try_from(cores * 2).map_or(8, |readers| readers.clamp(4, 8))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_in_the_journal_when_the_program_was_cut_off_leaves_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, journal) = (folder.path().join("it.sqlite"), folder.path().join("it.sqlite-wal"));
        let length = || std::fs::metadata(&journal).map_or(0, |about| about.len());
        // Whoever is cut off leaves its journal, as does whoever still has the file open.
        let options = options(&file, true).expect("options").create_if_missing(true);
        let before = SqlitePool::connect_lazy_with(options);
        sqlx::raw_sql("CREATE TABLE it (word TEXT)").execute(&before).await.expect("made");
        assert!(length() > 0);
        let held = super::super::lock::hold(&file).expect("asked").expect("held");
        let opened = File::open(&file, Arc::default(), Some(held)).await.expect("opened");
        let emptied = async {
            while length() > 0 {
                tokio::time::sleep(BETWEEN).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), emptied).await.expect("emptied by itself");
        opened.close().await;
    }

    #[test]
    fn two_read_for_each_core_but_four_at_least_and_eight_at_most() {
        assert_eq!([1, 2, 3, 4, 5, 64].map(readers), [4, 4, 6, 8, 8, 8]);
    }
}
