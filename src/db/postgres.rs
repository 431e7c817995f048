//! PostgreSQL: a transaction for each write. The server lets commits that come at once share a flush.

use std::sync::Arc;

use sqlx::PgPool;

use super::job::Job;
use super::{Conn, Counts, Link};

/// Begins a write that goes on to its end whoever waits for it.
pub(super) fn start(pool: PgPool, counts: Arc<Counts>, mut job: Box<dyn Job>) {
    counts.queued();
    tokio::spawn(async move {
        match transact(&pool, &counts, job.as_mut()).await {
            Ok(()) => job.answer(),
            Err(cause) => job.fail(cause),
        }
        counts.ended(1);
    });
}

/// Runs it in a transaction of its own. An error is one of the database's; the job knows its own.
async fn transact(pool: &PgPool, counts: &Arc<Counts>, job: &mut dyn Job) -> sqlx::Result<()> {
    let link = Link::Postgres(pool.acquire().await?);
    let mut conn = Conn { link, counts: Arc::clone(counts) };
    conn.control("BEGIN").await?;
    let done = if job.run(&mut conn).await {
        let done = conn.control("COMMIT").await;
        if done.is_ok() {
            counts.committed(1);
            return Ok(());
        }
        done
    } else {
        Ok(())
    };
    if conn.control("ROLLBACK").await.is_err() {
        conn.discard().await;
    }
    done
}
