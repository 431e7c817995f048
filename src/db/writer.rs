//! The one task that writes to a file. Whatever waits shares one durable commit, and each is answered after it.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::job::Job;
use super::{Conn, Counts, Link, away};
use sqlx::SqlitePool;

/// How many works may wait. One more is turned away at once.
const QUEUE: usize = 4_096;

/// How many works share a commit at most: the first of them waits for the last.
const TOGETHER: usize = 256;

/// The way to the task that writes.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
    counts: Arc<Counts>,
}

/// What the task is asked for.
enum Message {
    /// To store something.
    Write(Box<dyn Job>),
    /// To give the connection back, for somebody else to write with.
    Release(oneshot::Sender<()>),
    /// To end, after everything that came before.
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Starts the task; `pool` holds its one connection.
    pub(super) fn start(pool: SqlitePool, counts: Arc<Counts>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let desk = Desk { pool, conn: None, counts: Arc::clone(&counts) };
        tokio::spawn(desk.work(waiting));
        Self { queue, counts }
    }

    /// Puts a work at the end of the queue.
    pub(super) fn queue(&self, job: Box<dyn Job>) -> sqlx::Result<()> {
        self.counts.queued();
        self.queue.try_send(Message::Write(job)).map_err(|refused| {
            self.counts.ended(1);
            match refused {
                mpsc::error::TrySendError::Full(_) => sqlx::Error::PoolTimedOut,
                mpsc::error::TrySendError::Closed(_) => sqlx::Error::PoolClosed,
            }
        })
    }

    /// Lets what waits end, then leaves the connection to whoever asks for it next.
    pub(super) async fn release(&self) {
        let (asked, done) = oneshot::channel();
        if self.queue.send(Message::Release(asked)).await.is_ok() {
            drop(done.await);
        }
    }

    /// Lets what waits end, then ends.
    pub(super) async fn close(&self) {
        let (asked, done) = oneshot::channel();
        if self.queue.send(Message::Close(asked)).await.is_ok() {
            drop(done.await);
        }
    }
}

/// Where the task sits: the connection, and what it counts.
struct Desk {
    pool: SqlitePool,
    conn: Option<Conn>,
    counts: Arc<Counts>,
}

impl Desk {
    async fn work(mut self, mut waiting: mpsc::Receiver<Message>) {
        let mut next = waiting.recv().await;
        while let Some(message) = next.take() {
            match message {
                Message::Write(job) => next = self.commit(job, &mut waiting).await,
                Message::Release(asked) => {
                    self.conn = None;
                    let _gone = asked.send(());
                }
                Message::Close(asked) => {
                    waiting.close();
                    self.conn = None;
                    let _gone = asked.send(());
                    return;
                }
            }
            if next.is_none() {
                next = waiting.recv().await;
            }
        }
    }

    /// Stores this work together with what waits behind it. Gives the first message that is no work.
    async fn commit(
        &mut self,
        first: Box<dyn Job>,
        waiting: &mut mpsc::Receiver<Message>,
    ) -> Option<Message> {
        let mut batch = vec![first];
        let mut other = None;
        let done = self.together(&mut batch, waiting, &mut other).await;
        let done = match done {
            Ok(true) => Ok(()),
            // One alone has failed: there is nobody to keep from harm.
            Ok(false) if batch.len() == 1 => Ok(()),
            Ok(false) => {
                gather(&mut batch, waiting, &mut other);
                self.one_by_one(&mut batch).await
            }
            Err(cause) => Err(cause),
        };
        self.counts.ended(u64::try_from(batch.len()).unwrap_or_default());
        match done {
            Ok(()) => batch.into_iter().for_each(Job::answer),
            Err(cause) => {
                tracing::error!(%cause, works = batch.len(), "nothing could be stored");
                for job in batch {
                    job.fail(away::again(&cause));
                }
            }
        }
        other
    }

    /// Runs works one after another in one transaction as long as some wait, and commits. False, with nothing stored,
    /// as soon as one fails.
    async fn together(
        &mut self,
        batch: &mut Vec<Box<dyn Job>>,
        waiting: &mut mpsc::Receiver<Message>,
        other: &mut Option<Message>,
    ) -> sqlx::Result<bool> {
        let conn = self.begin().await?;
        let mut at = 0;
        while let Some(job) = batch.get_mut(at) {
            if !job.run(conn).await {
                self.roll_back().await;
                return Ok(false);
            }
            at += 1;
            gather(batch, waiting, other);
        }
        self.end(stored(batch)).await.map(|()| true)
    }

    /// Runs each work in a savepoint of its own, so that one that fails leaves nothing behind, and commits the others.
    async fn one_by_one(&mut self, batch: &mut [Box<dyn Job>]) -> sqlx::Result<()> {
        let conn = self.begin().await?;
        for job in batch.iter_mut() {
            let done = async {
                conn.control("SAVEPOINT one").await?;
                let end = if job.run(conn).await { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" };
                conn.control(end).await
            };
            if let Err(cause) = done.await {
                self.roll_back().await;
                return Err(cause);
            }
        }
        self.end(stored(batch)).await
    }

    /// A connection on which a transaction has begun.
    async fn begin(&mut self) -> sqlx::Result<&mut Conn> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => Conn { link: Link::Sqlite(self.pool.acquire().await?), counts: Arc::clone(&self.counts) },
        };
        match conn.control("BEGIN IMMEDIATE").await {
            Ok(()) => Ok(self.conn.insert(conn)),
            Err(cause) => {
                conn.discard().await;
                Err(cause)
            }
        }
    }

    /// Commits, and counts what is stored by it.
    async fn end(&mut self, stored: u64) -> sqlx::Result<()> {
        let Some(conn) = &mut self.conn else { return Err(sqlx::Error::WorkerCrashed) };
        if let Err(cause) = conn.control("COMMIT").await {
            self.roll_back().await;
            return Err(cause);
        }
        self.counts.committed(stored);
        Ok(())
    }

    /// Takes back what was written. A connection that can't even do that is not used again.
    async fn roll_back(&mut self) {
        if let Some(mut conn) = self.conn.take() {
            match conn.control("ROLLBACK").await {
                Ok(()) => self.conn = Some(conn),
                Err(_) => conn.discard().await,
            }
        }
    }
}

/// Puts what waits into the batch, as far as it is to be written; `other` is the first message that is not.
fn gather(batch: &mut Vec<Box<dyn Job>>, waiting: &mut mpsc::Receiver<Message>, other: &mut Option<Message>) {
    while other.is_none() && batch.len() < TOGETHER {
        match waiting.try_recv() {
            Ok(Message::Write(job)) => batch.push(job),
            Ok(message) => *other = Some(message),
            Err(_) => return,
        }
    }
}

/// How many of these may be committed.
fn stored(batch: &[Box<dyn Job>]) -> u64 {
    u64::try_from(batch.iter().filter(|job| job.went_well()).count()).unwrap_or_default()
}
