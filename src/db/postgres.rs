//! PostgreSQL: how it is reached, what each connection may take, what to do when it was lost, and a transaction for each
//! write. The server lets commits that come at once share a flush.

use std::str::FromStr as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgPool, Postgres};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::job::Job;
use super::{Conn, Counts, Link, away};

/// How many connections one process holds at most.
const MOST: u32 = 16;

/// How many of them write at most: where all of these wait for each other or for somebody else, pages can still be read.
const WRITING: usize = 12;

/// How long a page waits for a connection. A server that is back sooner is not missed by anybody.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that nobody used for so long is tried before it is lent.
const IDLE: Duration = Duration::from_secs(10);

/// What a connection may take, in milliseconds: a statement, waiting for a lock, a transaction in which nothing
/// happens. A process that hangs holds nobody up for longer; the pages themselves end after 30 s.
const LIMITS: [(&str, &str); 3] = [
    ("statement_timeout", "60000"),
    ("lock_timeout", "10000"),
    ("idle_in_transaction_session_timeout", "60000"),
];

/// A PostgreSQL server. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pool: PgPool,
    options: Box<PgConnectOptions>,
    doubted: Arc<Mutex<Option<Instant>>>,
    /// Whose turn it is to write.
    turns: Arc<Semaphore>,
    /// One connection more, for finding out whether the server answers while all others are taken.
    aside: PgPool,
}

impl Server {
    /// Connects to the server that `url` names. What the address says itself (`application_name`, `options`) wins.
    pub(super) async fn open(url: &str) -> sqlx::Result<Self> {
        let options = limited(PgConnectOptions::from_str(url)?);
        let doubted: Arc<Mutex<Option<Instant>>> = Arc::default();
        let since = Arc::clone(&doubted);
        // To try every connection before it is lent would cost each page a message to the server and back.
        let pool = PgPoolOptions::new()
            .max_connections(MOST)
            .acquire_timeout(PATIENCE)
            .test_before_acquire(false)
            .before_acquire(move |conn, about| {
                let doubted = *since.lock().unwrap_or_else(PoisonError::into_inner);
                let is_older = doubted.is_some_and(|doubted| about.age >= doubted.elapsed());
                Box::pin(async move {
                    if is_older || about.idle_for >= IDLE {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options.clone())
            .await?;
        let aside = PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
        let aside = aside.connect_lazy_with(options.clone());
        Ok(Self {
            pool,
            options: Box::new(options),
            doubted,
            turns: Arc::new(Semaphore::new(WRITING)),
            aside,
        })
    }

    /// A connection.
    pub(super) async fn acquire(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        self.pool.acquire().await.map_err(away::while_connecting)
    }

    /// The same server, by the one connection that nobody else uses.
    pub(super) fn aside(&self) -> Self {
        Self { pool: self.aside.clone(), turns: Arc::new(Semaphore::new(1)), ..self.clone() }
    }

    /// The right to write, as long as the permit lives.
    async fn turn(&self) -> sqlx::Result<OwnedSemaphorePermit> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| away::while_connecting(sqlx::Error::PoolTimedOut))?;
        turn.map_err(|_| sqlx::Error::PoolClosed)
    }

    /// One connection of its own, without limits, for bringing the tables up to date.
    pub(super) async fn unlimited(&self) -> sqlx::Result<PgPool> {
        let without = LIMITS.map(|(name, _)| (name, "0"));
        let options = self.options.as_ref().clone().options(without);
        PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await
    }

    /// Whether it answers, and is not the copy of another that only reads.
    pub(super) async fn ping(&self) -> sqlx::Result<()> {
        let asked = sqlx::query_scalar(
            "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'",
        );
        let only_reads: bool = asked.fetch_one(&self.pool).await?;
        if only_reads { Err(sqlx::Error::Io(std::io::Error::other("it only reads"))) } else { Ok(()) }
    }

    /// Connections that are open now are tried before they are lent again: one of them was lost.
    pub(super) fn doubt(&self) {
        *self.doubted.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Closes every connection, after what is under way has ended.
    pub(super) async fn close(&self) {
        self.aside.close().await;
        self.pool.close().await;
    }
}

/// With a name that an operator finds in `pg_stat_activity`, and with the limits.
fn limited(options: PgConnectOptions) -> PgConnectOptions {
    let named = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name("warmly"),
    };
    let said = named.get_options().unwrap_or_default().to_owned();
    named.options(LIMITS.into_iter().filter(|(name, _)| !said.contains(name)))
}

/// Begins a write that goes on to its end whoever waits for it.
pub(super) fn start(server: Server, counts: Arc<Counts>, mut job: Box<dyn Job>) {
    counts.queued();
    tokio::spawn(async move {
        match transact(&server, &counts, job.as_mut()).await {
            Ok(()) => job.answer(),
            Err(cause) => job.fail(cause),
        }
        counts.ended(1);
    });
}

/// Runs it in a transaction of its own. An error is one of the database's; the job knows its own.
async fn transact(server: &Server, counts: &Arc<Counts>, job: &mut dyn Job) -> sqlx::Result<()> {
    let _turn = server.turn().await?;
    let link = Link::Postgres(server.acquire().await?);
    let mut conn = Conn { link, counts: Arc::clone(counts) };
    conn.control("BEGIN").await?;
    let done = if job.run(&mut conn).await {
        let done = conn.control("COMMIT").await;
        if done.is_ok() {
            counts.committed(1);
            return Ok(());
        }
        done.map_err(away::while_committing)
    } else {
        Ok(())
    };
    if conn.control("ROLLBACK").await.is_err() {
        conn.discard().await;
    }
    done
}
