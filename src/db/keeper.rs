//! How the journal of the SQLite file is brought into it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::SqlitePool;

use super::Counts;
use super::turns::{Turn, Turns};
use super::watch::Watch;

/// How often the journal is brought into the file, where something was written.
const EVERY: Duration = Duration::from_millis(500);

/// Past so many pages (of 4 KiB) in the journal, those who write pause until all of them are in the file: a journal
/// starts anew only when nothing waits in it.
const LONG: i64 = 16_384;

/// How long whoever keeps the journal waits for a reader to end; those who write wait as long.
pub(super) const KEEPER_WAITS: Duration = Duration::from_millis(100);

/// Brings the journal into the file, away from those who wait for a commit. One connection, so one thing at a time.
#[derive(Clone, Debug)]
pub(super) struct Keeper {
    pool: SqlitePool,
    counts: Arc<Counts>,
    owed: Arc<Owed>,
    watch: Arc<Watch>,
    /// How many pages make the journal a long one.
    long: i64,
}

impl Keeper {
    /// `pool` holds the one connection that is for this.
    pub(super) fn new(pool: SqlitePool, counts: Arc<Counts>, watch: Arc<Watch>) -> Self {
        Self { pool, counts, owed: Arc::default(), watch, long: LONG }
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
            let Some(may_wait) = turns.begin(commits, self.owed.is_any(), gone) else { continue };
            match self.turn(may_wait).await {
                Ok(turn) => turns.end(commits, turn),
                Err(sqlx::Error::PoolClosed) => return,
                Err(cause) => {
                    if turns.failed() {
                        tracing::warn!(%cause, "the journal could not be brought into the file");
                    }
                }
            }
        }
    }

    /// `may_wait`: whether those who write may be kept waiting.
    async fn turn(&self, may_wait: bool) -> sqlx::Result<Turn> {
        if self.owed.is_any() && may_wait {
            return self.truncate().await;
        }
        let kept = self.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await?;
        // A long journal: for the rest of it those who write have to wait a moment.
        if kept.pages > self.long && may_wait {
            return Ok(self.checkpoint("PRAGMA wal_checkpoint(RESTART)").await?.as_asked());
        }
        Ok(if kept.is_all() && !self.owed.is_any() { Turn::Done } else { Turn::Partly })
    }

    /// Empties the journal, now or in one of the next turns. False where somebody still reads in it.
    pub(super) async fn empty(&self) -> sqlx::Result<bool> {
        self.owed.one_more();
        Ok(self.truncate().await? == Turn::Done)
    }

    async fn truncate(&self) -> sqlx::Result<Turn> {
        let asked = self.owed.asked();
        let turn = self.checkpoint("PRAGMA wal_checkpoint(TRUNCATE)").await?.as_asked();
        if turn == Turn::Done {
            self.owed.done_until(asked);
        }
        Ok(turn)
    }

    /// Has the journal emptied in the next turn: the program may have been cut off while something deleted was in it.
    pub(super) fn owe(&self) {
        self.owed.one_more();
    }

    /// Gives the connection back, after what is under way.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    async fn checkpoint(&self, text: &'static str) -> sqlx::Result<Kept> {
        let (in_the_way, pages, in_the_file) = sqlx::query_as(text).fetch_one(&self.pool).await?;
        Ok(Kept { in_the_way, pages, in_the_file })
    }
}

/// What SQLite says after a checkpoint.
struct Kept {
    /// Not 0 where somebody kept it from doing all that was asked.
    in_the_way: i64,
    /// How many pages the journal holds.
    pages: i64,
    /// How many of them are in the file.
    in_the_file: i64,
}

impl Kept {
    /// Whether nothing waits in the journal. SQLite tells no numbers where another process was at it.
    const fn is_all(&self) -> bool {
        self.in_the_way == 0 && self.in_the_file == self.pages
    }

    /// What became of it where it waits for whoever is in the way.
    const fn as_asked(&self) -> Turn {
        if self.in_the_way == 0 { Turn::Done } else { Turn::InTheWay }
    }
}

/// What was deleted that nobody may read in the journal: how often that was asked for, and up to which time it is done.
#[derive(Debug, Default)]
struct Owed {
    asked: AtomicU64,
    done: AtomicU64,
}

impl Owed {
    fn one_more(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    fn done_until(&self, asked: u64) {
        self.done.fetch_max(asked, Ordering::SeqCst);
    }

    fn is_any(&self) -> bool {
        self.asked() > self.done.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
    use sqlx::{Connection as _, SqliteConnection};

    use super::*;

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
        let kept = keeper.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await.expect("looked");
        let pages = kept.pages;
        assert!(pages > 1 && kept.in_the_file < pages, "one who reads stands before the last of {pages}");
        keeper.long = pages;
        assert_eq!(
            keeper.turn(true).await.expect("brought"),
            Turn::Partly,
            "not long yet: nobody is waited for"
        );
        keeper.long = pages - 1;
        assert_eq!(keeper.turn(false).await.expect("brought"), Turn::Partly, "nobody may be kept waiting");
        assert_eq!(keeper.turn(true).await.expect("brought"), Turn::InTheWay);
        run(&mut reader, "ROLLBACK").await;
        assert_eq!(keeper.turn(false).await.expect("brought"), Turn::Done);
        assert_eq!(keeper.turn(true).await.expect("brought"), Turn::Done);
        run(&mut writer, WRITE).await;
        let anew = keeper.checkpoint("PRAGMA wal_checkpoint(PASSIVE)").await.expect("looked").pages;
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
        assert!(keeper.owed.is_any());
        run(&mut reader, "ROLLBACK").await;
        assert_eq!(keeper.turn(false).await.expect("brought"), Turn::Partly, "it may not wait");
        assert!(bytes() > 0 && keeper.owed.is_any());
        assert_eq!(keeper.turn(true).await.expect("brought"), Turn::Done);
        assert!(bytes() == 0 && !keeper.owed.is_any());
        assert_eq!(keeper.turn(false).await.expect("brought"), Turn::Done, "nothing is owed any more");
    }

    #[test]
    fn nothing_waits_only_where_sqlite_says_so() {
        let all = |in_the_way, pages, in_the_file| Kept { in_the_way, pages, in_the_file }.is_all();
        assert!(all(0, 17, 17) && all(0, 0, 0));
        assert!(!all(0, 17, 3) && !all(1, -1, -1));
    }

    #[test]
    fn what_is_owed_since_a_journal_began_to_be_emptied_stays_owed() {
        let owed = Owed::default();
        owed.one_more();
        let asked = owed.asked();
        owed.one_more();
        owed.done_until(asked);
        assert!(owed.is_any(), "the second was asked for after that began");
        owed.done_until(owed.asked());
        owed.done_until(asked);
        assert!(!owed.is_any(), "whoever began first may end last");
    }
}
