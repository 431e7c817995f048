//! What the database was asked to do, counted: statements, writes, commits, and what waits.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the database was opened. They only grow, except how many wait.
#[derive(Debug, Default)]
pub struct Counts {
    statements: AtomicU64,
    writes: AtomicU64,
    commits: AtomicU64,
    waiting: AtomicU64,
}

impl Counts {
    /// Statements that store functions spoke; beginning and ending transactions is not among them.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Writes that are durably stored.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Commits that were made for them.
    #[must_use]
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Writes that wait, or are being made, right now.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn queued(&self) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn ended(&self, works: u64) {
        self.waiting.fetch_sub(works, Ordering::Relaxed);
    }

    /// One commit, for so many writes.
    pub(super) fn committed(&self, writes: u64) {
        self.writes.fetch_add(writes, Ordering::Relaxed);
        self.commits.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "never more than some hundreds")]
        metrics::histogram!("warmly_commit_size").record(writes as f64);
    }
}
