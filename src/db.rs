//! The only file that knows there are two databases: SQLite in one file, or PostgreSQL.
//!
//! Portable SQL, one text for both: TEXT ids (made in Rust), BIGINT unix milliseconds, BOOLEAN, BYTEA,
//! JSONB for objects; `$1` placeholders; ON CONFLICT … RETURNING, CTEs, windows, FILTER, row values,
//! `UPDATE … FROM`; SUM as `CAST(… AS BIGINT)`, AVG as `CAST(… AS DOUBLE PRECISION)`. No `now()`, SERIAL,
//! STRICT, ILIKE, DISTINCT ON, arrays or date functions. Clashes are told by `is_unique_violation()`.

mod guard;
mod many;

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::pin::Pin;
use std::str::FromStr as _;
use std::time::Duration;

use futures_util::FutureExt as _;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool};

pub use many::{Many, Value};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file: one connection that writes, several that read.
    Sqlite {
        /// Read-only connections.
        read: SqlitePool,
        /// The one connection that writes.
        write: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

/// A lent connection. Store functions take it first; `sql!` speaks to it.
#[derive(Debug)]
pub enum Conn {
    /// To the SQLite file.
    Sqlite(PoolConnection<Sqlite>),
    /// To the PostgreSQL server.
    Postgres(PoolConnection<Postgres>),
}

/// What a write runs: it may be run again, so it must own what it uses or clone it.
pub type Work<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

/// Why the database could not be opened, in words for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of neither kind.
    #[error("DATABASE_URL must begin with sqlite: or postgres://")]
    Scheme,
    /// The folder or file can't be made or written.
    #[error("the data folder {folder} can't be written: {cause}")]
    Folder {
        /// The folder's name.
        folder: String,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A newer program has changed the file.
    #[error(
        "this database belongs to a newer version of Warmly, no (it has step {0}, which this version doesn't \
         know). Start that version, or restore the copy made before the upgrade."
    )]
    Newer(i64),
    /// The database could not be opened or brought up to date.
    #[error("the database can't be opened: {0}")]
    Sql(#[from] sqlx::Error),
    /// A step of bringing it up to date failed.
    #[error("the database can't be brought up to date: {0}")]
    Migrate(MigrateError),
}

impl Db {
    /// Opens `url`; a SQLite file and its folder are made when missing. Call [`Db::migrate`] next.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool = PgPoolOptions::new()
                .max_connections(16)
                .acquire_timeout(Duration::from_secs(10))
                .connect(url)
                .await?;
            return Ok(Self::Postgres(pool));
        }
        let path = url.strip_prefix("sqlite:").ok_or(OpenError::Scheme)?;
        Self::open_file(Path::new(path.trim_start_matches("//"))).await
    }

    async fn open_file(file: &Path) -> Result<Self, OpenError> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            writable(folder)
                .map_err(|cause| OpenError::Folder { folder: folder.display().to_string(), cause })?;
        }
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .pragma("secure_delete", "ON")
            .busy_timeout(Duration::from_secs(5));
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(8)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_lazy_with(options.read_only(true));
        Ok(Self::Sqlite { read, write })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        self.migrate_to(i64::MAX).await
    }

    /// Every step of bringing the tables up to date, oldest first.
    #[must_use]
    pub fn steps() -> Vec<i64> {
        MIGRATIONS.iter().map(|step| step.version).collect()
    }

    /// Brings the tables up to this step and no further.
    pub async fn migrate_to(&self, step: i64) -> Result<(), OpenError> {
        let all = Self::steps().last().is_none_or(|last| *last <= step);
        let done = match self {
            Self::Sqlite { write, .. } if all => MIGRATIONS.run(write).await,
            Self::Postgres(pool) if all => MIGRATIONS.run(pool).await,
            Self::Sqlite { write, .. } => MIGRATIONS.run_to(step, write).await,
            Self::Postgres(pool) => MIGRATIONS.run_to(step, pool).await,
        };
        done.map_err(|error| match error {
            MigrateError::VersionMissing(step) => OpenError::Newer(step),
            other => OpenError::Migrate(other),
        })?;
        if all {
            guard::the_audit_log(self).await?;
        }
        Ok(())
    }

    /// A connection to read with.
    pub async fn read(&self) -> sqlx::Result<Conn> {
        Ok(match self {
            Self::Sqlite { read, .. } => Conn::Sqlite(read.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        })
    }

    /// Runs `work` in one transaction and returns once that is durably committed.
    ///
    /// The write goes on to its end even when the caller is dropped (a lost connection never cuts a write).
    /// An error or a panic in `work` leaves nothing behind.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<sqlx::Error> + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> Work<'c, T, E> + Send + Sync + 'static,
    {
        let db = self.clone();
        let task = tokio::spawn(async move { db.transact(&work).await });
        task.await.unwrap_or_else(|_| Err(E::from(sqlx::Error::WorkerCrashed)))
    }

    async fn transact<T, E, F>(&self, work: &F) -> Result<T, E>
    where
        E: From<sqlx::Error>,
        F: for<'c> Fn(&'c mut Conn) -> Work<'c, T, E> + Send,
    {
        let mut conn = match self {
            Self::Sqlite { write, .. } => Conn::Sqlite(write.acquire().await?),
            Self::Postgres(pool) => Conn::Postgres(pool.acquire().await?),
        };
        conn.control("BEGIN IMMEDIATE", "BEGIN").await?;
        let done = AssertUnwindSafe(work(&mut conn)).catch_unwind().await;
        match done {
            Ok(Ok(value)) => match conn.control("COMMIT", "COMMIT").await {
                Ok(()) => Ok(value),
                Err(error) => {
                    conn.abandon().await;
                    Err(error.into())
                }
            },
            Ok(Err(error)) => {
                conn.abandon().await;
                Err(error)
            }
            Err(_panic) => {
                conn.abandon().await;
                Err(sqlx::Error::WorkerCrashed.into())
            }
        }
    }

    /// Makes what was deleted unreadable also in the file's journal. PostgreSQL cleans up on its own, later.
    pub async fn forget(&self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite { write, .. } => {
                sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(write).await.map(drop)
            }
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> sqlx::Result<()> {
        let mut conn = self.read().await?;
        crate::sql!(&mut conn, fetch_one as (i64,), "SELECT CAST(1 AS BIGINT)").map(drop)
    }

    /// Closes every connection, after what is under way has ended.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Whether the same thing was written before, by another request or under the same id.
#[must_use]
pub fn is_clash(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

impl Conn {
    async fn control(&mut self, sqlite: &'static str, postgres: &'static str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(sqlite).execute(&mut **conn).await.map(drop),
            Self::Postgres(conn) => sqlx::raw_sql(postgres).execute(&mut **conn).await.map(drop),
        }
    }

    /// Takes back what was written; a connection that can't even do that is not used again.
    async fn abandon(mut self) {
        if self.control("ROLLBACK", "ROLLBACK").await.is_err() {
            match self {
                Self::Sqlite(conn) => drop(conn.close().await),
                Self::Postgres(conn) => drop(conn.close().await),
            }
        }
    }
}

/// Makes the folder when it is missing, and makes sure that a file can be written in it.
fn writable(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let trial = folder.join(format!(".writable-{}", std::process::id()));
    std::fs::write(&trial, b"")?;
    std::fs::remove_file(trial)
}

/// Speaks one SQL text to whichever database the connection belongs to.
///
/// `sql!(conn, execute, "…", args…)` gives the number of rows touched; `sql!(conn, fetch_one as Row, "…", args…)`
/// (or `fetch_optional`, `fetch_all`) gives rows of a type that derives `sqlx::FromRow`, or of a tuple.
#[macro_export]
macro_rules! sql {
    ($conn:expr, execute, $text:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(conn) => {
                sqlx::query::<sqlx::Sqlite>($text)$(.bind($arg))*.execute(&mut **conn).await
                    .map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(conn) => {
                sqlx::query::<sqlx::Postgres>($text)$(.bind($arg))*.execute(&mut **conn).await
                    .map(|done| done.rows_affected())
            }
        }
    };
    ($conn:expr, $fetch:ident as $row:ty, $text:expr $(, $arg:expr)* $(,)?) => {
        match $conn {
            $crate::db::Conn::Sqlite(conn) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($text)$(.bind($arg))*.$fetch(&mut **conn).await
            }
            $crate::db::Conn::Postgres(conn) => {
                sqlx::query_as::<sqlx::Postgres, $row>($text)$(.bind($arg))*.$fetch(&mut **conn).await
            }
        }
    };
}
