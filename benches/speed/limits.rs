//! What the machine itself can do: R2, a durable write on the same disk, and R4, a cohort counted from an index.

use std::fs::OpenOptions;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};

use crate::driver::quantile;
use crate::world::World;

/// R2: how long it takes to write a page of 4 KB into a file that is there already and make it durable: the median
/// over this time, in microseconds.
pub(crate) fn durable_write(folder: &Path, lasting: Duration) -> anyhow::Result<f64> {
    const PAGE: [u8; 4096] = [7; 4096];
    const PAGES: u64 = 1024;
    let path = folder.join("durable");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    for _ in 0..PAGES {
        file.write_all(&PAGE)?;
    }
    file.sync_all()?;
    let mut took = Vec::new();
    let until = Instant::now() + lasting;
    for page in (0..PAGES).cycle() {
        if Instant::now() > until && !took.is_empty() {
            break;
        }
        let began = Instant::now();
        file.seek(SeekFrom::Start(page * 4096))?;
        file.write_all(&PAGE)?;
        file.sync_data()?;
        took.push(began.elapsed().as_secs_f64() * 1e6);
    }
    std::fs::remove_file(path)?;
    took.sort_by(f64::total_cmp);
    Ok(quantile(&took, 0.5))
}

/// R4: the assigned answers of the whole file in a table of their own with an index that holds everything that is
/// asked for, so that a cohort is one stretch of it.
pub(crate) struct Covering {
    conn: SqliteConnection,
    cohort: String,
}

impl Covering {
    /// Makes table and index in a file beside the data. The data must be closed.
    pub(crate) async fn make(world: &World, cohort: &str) -> anyhow::Result<Self> {
        println!("  … making the covering index of R4");
        let beside = world.folder.as_ref().context("a folder")?.join("covering.sqlite");
        let _ = std::fs::remove_file(&beside);
        let options = SqliteConnectOptions::new().filename(&beside).create_if_missing(true);
        let mut conn = SqliteConnection::connect_with(&options).await?;
        let file = world.file()?;
        sqlx::raw_sql(AssertSqlSafe(format!("ATTACH '{}' AS data", file.display())))
            .execute(&mut conn)
            .await?;
        sqlx::raw_sql(
            "PRAGMA synchronous = OFF;
             PRAGMA cache_size = -200000;
             CREATE TABLE answers AS
                SELECT s.cohort_id, a.revision_id, r.turn_id, r.reply_id, r.answered_at
                FROM data.responses r JOIN data.attempts a ON a.id = r.attempt_id
                JOIN data.seats s ON s.id = a.seat_id;
             CREATE INDEX covering ON answers (cohort_id, revision_id, turn_id, reply_id);
             ANALYZE;",
        )
        .execute(&mut conn)
        .await?;
        Ok(Self { conn, cohort: cohort.to_owned() })
    }

    /// Counts the cohort once. Gives microseconds, and how many answers were counted.
    pub(crate) async fn count(&mut self) -> anyhow::Result<(f64, i64)> {
        let began = Instant::now();
        let rows: Vec<(String, String, String, i64)> = sqlx::query_as(
            "SELECT revision_id, turn_id, reply_id, COUNT(*) FROM answers WHERE cohort_id = $1
             GROUP BY revision_id, turn_id, reply_id",
        )
        .bind(&self.cohort)
        .fetch_all(&mut self.conn)
        .await?;
        let took = began.elapsed().as_secs_f64() * 1e6;
        Ok((took, rows.iter().map(|(.., count)| count).sum()))
    }
}
