//! The only part that knows there are two databases: SQLite in one file, or PostgreSQL.
//!
//! Portable SQL, one text for both: TEXT ids (made in Rust), BIGINT unix milliseconds, BOOLEAN, BYTEA,
//! JSONB for objects; `$1` placeholders; ON CONFLICT … RETURNING, CTEs, windows, FILTER, row values,
//! `UPDATE … FROM`; SUM as `CAST(… AS BIGINT)`, AVG as `CAST(… AS DOUBLE PRECISION)`. No `now()`, SERIAL,
//! STRICT, ILIKE, DISTINCT ON, arrays or date functions. Clashes are told by `is_unique_violation()`.

mod away;
pub mod copy;
pub mod counts;
mod foreign;
mod guard;
mod health;
mod interrupted;
mod job;
mod keeper;
pub mod lock;
mod many;
mod model;
mod open;
pub mod place;
mod postgres;
pub mod replace;
mod sqlite;
mod turns;
mod watch;
mod writer;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite};

pub use away::{Away, away, why};
pub use counts::Counts;
pub use many::{Many, Value};
pub use open::OpenError;
pub use watch::{Room, Trouble};

use postgres::Server;
use sqlite::File;

/// The database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Db {
    engine: Engine,
    counts: Arc<Counts>,
}

/// Which of the two it is.
#[derive(Clone, Debug)]
enum Engine {
    /// One file: one connection that writes, several that read.
    Sqlite(File),
    /// A PostgreSQL server.
    Postgres(Server),
}

/// A lent connection. Store functions take it first; `sql!` speaks to it.
#[derive(Debug)]
pub struct Conn {
    link: Link,
    counts: Arc<Counts>,
}

/// What a connection leads to.
#[derive(Debug)]
pub enum Link {
    /// To the SQLite file.
    Sqlite(PoolConnection<Sqlite>),
    /// To the PostgreSQL server.
    Postgres(PoolConnection<Postgres>),
}

/// What a write runs: it may be run again, so it must own what it uses or clone it.
pub type Work<'c, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>;

impl Db {
    /// A connection to read with.
    pub async fn read(&self) -> sqlx::Result<Conn> {
        let link = match &self.engine {
            Engine::Sqlite(file) => Link::Sqlite(file.reading().await?),
            Engine::Postgres(server) => Link::Postgres(server.acquire().await?),
        };
        Ok(Conn { link, counts: Arc::clone(&self.counts) })
    }

    /// Runs `work` in one transaction and returns once that is durably committed. In a file, works that wait at the
    /// same time share a commit.
    ///
    /// The write goes on to its end even when the caller is dropped (a lost connection never cuts a write).
    /// An error or a panic in `work` leaves nothing behind, and nothing of it in the works that shared its commit:
    /// those are run again without it. With too many works waiting the error is one that [`is_busy`] knows.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<sqlx::Error> + Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> Work<'c, T, E> + Send + Sync + 'static,
    {
        self.may_write()?;
        let (job, answer) = job::waiting(work);
        match &self.engine {
            Engine::Sqlite(file) => file.writer.queue(job)?,
            Engine::Postgres(server) => postgres::start(server.clone(), Arc::clone(&self.counts), job),
        }
        let done = answer.await.unwrap_or_else(|_| Err(E::from(sqlx::Error::WorkerCrashed)))?;
        self.was_written().map(|()| done).map_err(E::from)
    }

    /// Makes what was deleted unreadable also in the file's journal: now, or as soon as that can be done. What was
    /// deleted is deleted either way. PostgreSQL cleans up on its own, later.
    pub async fn forget(&self) {
        if let Engine::Sqlite(file) = &self.engine
            && let Err(cause) = file.empty_journal().await
        {
            tracing::warn!(%cause, "the journal could not be emptied yet");
        }
    }

    /// Whether the database answers; a server also whether it takes what is written.
    pub async fn ping(&self) -> sqlx::Result<()> {
        match &self.engine {
            Engine::Sqlite(_) => {
                let mut conn = self.read().await?;
                crate::sql!(&mut conn, fetch_one as (i64,), "SELECT CAST(1 AS BIGINT)").map(drop)
            }
            Engine::Postgres(server) => server.ping().await,
        }
    }

    /// Connections that are open now are tried before they are used again: one was found to be lost.
    pub fn doubt(&self) {
        if let Engine::Postgres(server) = &self.engine {
            server.doubt();
        }
    }

    /// What was counted since the database was opened.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Closes every connection, after what is under way has ended.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(file) => file.close().await,
            Engine::Postgres(server) => server.close().await,
        }
    }
}

/// Whether the same thing was written before, by another request or under the same id.
#[must_use]
pub fn is_clash(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Whether so much waits for the database that this was not even begun. Nothing of it is stored.
#[must_use]
pub const fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::PoolTimedOut)
}

impl Conn {
    /// What the connection leads to, for one statement, which is counted.
    pub fn link(&mut self) -> &mut Link {
        self.counts.statement();
        &mut self.link
    }

    /// Whether nobody else writes while this transaction lasts. On a server somebody may.
    #[must_use]
    pub const fn writes_alone(&self) -> bool {
        matches!(self.link, Link::Sqlite(_))
    }

    /// Begins, ends or undoes a transaction.
    async fn control(&mut self, text: &'static str) -> sqlx::Result<()> {
        match &mut self.link {
            Link::Sqlite(conn) => sqlx::raw_sql(text).execute(&mut **conn).await.map(drop),
            Link::Postgres(conn) => sqlx::raw_sql(text).execute(&mut **conn).await.map(drop),
        }
    }

    /// Closes the connection: it is in a state that nobody else should meet.
    async fn discard(self) {
        match self.link {
            Link::Sqlite(conn) => drop(conn.close().await),
            Link::Postgres(conn) => drop(conn.close().await),
        }
    }
}

/// Speaks one SQL text to whichever database the connection belongs to.
///
/// `sql!(conn, execute, "…", args…)` gives the number of rows touched; `sql!(conn, fetch_one as Row, "…", args…)`
/// (or `fetch_optional`, `fetch_all`) gives rows of a type that derives `sqlx::FromRow`, or of a tuple.
#[macro_export]
macro_rules! sql {
    ($conn:expr, execute, $text:expr $(, $arg:expr)* $(,)?) => {
        match ($conn).link() {
            $crate::db::Link::Sqlite(conn) => {
                sqlx::query::<sqlx::Sqlite>($text)$(.bind($arg))*.execute(&mut **conn).await
                    .map(|done| done.rows_affected())
            }
            $crate::db::Link::Postgres(conn) => {
                sqlx::query::<sqlx::Postgres>($text)$(.bind($arg))*.execute(&mut **conn).await
                    .map(|done| done.rows_affected())
            }
        }
    };
    ($conn:expr, $fetch:ident as $row:ty, $text:expr $(, $arg:expr)* $(,)?) => {
        match ($conn).link() {
            $crate::db::Link::Sqlite(conn) => {
                sqlx::query_as::<sqlx::Sqlite, $row>($text)$(.bind($arg))*.$fetch(&mut **conn).await
            }
            $crate::db::Link::Postgres(conn) => {
                sqlx::query_as::<sqlx::Postgres, $row>($text)$(.bind($arg))*.$fetch(&mut **conn).await
            }
        }
    };
}
