//! A write that waits for its commit: it can be run again, and whoever asked is told how it ended.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;

use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use super::{Conn, Work};

/// A write of whatever kind, as those who commit see it.
pub(super) trait Job: Send {
    /// Runs it in the transaction that this connection is in. True where it may be committed.
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> Pin<Box<dyn Future<Output = bool> + Send + 'c>>;

    /// Whether it may be committed, as it went when it was last run.
    fn went_well(&self) -> bool;

    /// Tells whoever asked how it ended: what it went for, or why not.
    fn answer(self: Box<Self>);

    /// Tells whoever asked that it could not be stored.
    fn fail(self: Box<Self>, cause: sqlx::Error);
}

struct Waiting<T, E, F> {
    work: F,
    outcome: Option<Result<T, E>>,
    asked: oneshot::Sender<Result<T, E>>,
}

/// The work as a job, and where its outcome will arrive.
pub(super) fn waiting<T, E, F>(work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    T: Send + 'static,
    E: From<sqlx::Error> + Send + 'static,
    F: for<'c> Fn(&'c mut Conn) -> Work<'c, T, E> + Send + Sync + 'static,
{
    let (asked, answer) = oneshot::channel();
    (Box::new(Waiting { work, outcome: None, asked }), answer)
}

impl<T, E, F> Job for Waiting<T, E, F>
where
    T: Send,
    E: From<sqlx::Error> + Send,
    F: for<'c> Fn(&'c mut Conn) -> Work<'c, T, E> + Send + Sync,
{
    fn run<'c>(&'c mut self, conn: &'c mut Conn) -> Pin<Box<dyn Future<Output = bool> + Send + 'c>> {
        Box::pin(async move {
            let done = AssertUnwindSafe(async { (self.work)(conn).await }).catch_unwind().await;
            let outcome = done.unwrap_or_else(|_panic| Err(E::from(sqlx::Error::WorkerCrashed)));
            let well = outcome.is_ok();
            self.outcome = Some(outcome);
            well
        })
    }

    fn went_well(&self) -> bool {
        matches!(self.outcome, Some(Ok(_)))
    }

    fn answer(self: Box<Self>) {
        let Self { outcome, asked, .. } = *self;
        // Whoever asked may have gone: what was stored is stored.
        drop(asked.send(outcome.unwrap_or_else(|| Err(E::from(sqlx::Error::WorkerCrashed)))));
    }

    fn fail(self: Box<Self>, cause: sqlx::Error) {
        drop(self.asked.send(Err(E::from(cause))));
    }
}
