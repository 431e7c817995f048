//! An installation with nurses in the middle of conversations, and what is found in it afterwards.

use std::path::Path;
use std::rc::Rc;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use warmly::db::Db;
use warmly::sql;

use crate::attempts::{Job, Queue, named, prepare};
use crate::product::run;
use crate::world::World;

/// How many nurses there are, and how many answers they gave before.
const NURSES: usize = 40;
const ANSWERS: usize = 400;

/// How many attempts are begun at a time.
const BEGUN: usize = 4_000;

/// An installation, attempts that wait for their answers, and chance.
pub(crate) struct Class {
    pub(crate) world: World,
    jobs: Rc<Vec<Job>>,
    pub(crate) queue: Queue,
    chance: StdRng,
}

/// What is found of answers that were said to be stored.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) acknowledged: usize,
    pub(crate) missing: usize,
    pub(crate) doubled: usize,
    pub(crate) broken: usize,
    pub(crate) miscounted: usize,
}

impl Found {
    pub(crate) fn add(&mut self, other: Self) {
        self.acknowledged += other.acknowledged;
        self.missing += other.missing;
        self.doubled += other.doubled;
        self.broken += other.broken;
        self.miscounted += other.miscounted;
    }
}

impl Class {
    pub(crate) async fn make(folder: &Path, seed: u64) -> anyhow::Result<Self> {
        Self::of(folder, seed, (NURSES, ANSWERS)).await
    }

    /// With so many nurses, and so many answers that they gave before.
    pub(crate) async fn of(
        folder: &Path,
        seed: u64,
        (nurses, answers): (usize, usize),
    ) -> anyhow::Result<Self> {
        let world = World::in_folder(folder, nurses, answers, false).await?;
        let jobs = Rc::new(prepare(&world, BEGUN, seed).await?);
        let queue = Queue::new(&jobs);
        Ok(Self { world, jobs, queue, chance: StdRng::seed_from_u64(seed) })
    }

    /// Begins more attempts where few are left; no server may run meanwhile.
    pub(crate) async fn refill(&mut self, least: usize) -> anyhow::Result<()> {
        if self.queue.left() < least {
            let seed = self.chance.random();
            self.jobs = Rc::new(prepare(&self.world, BEGUN, seed).await?);
            self.queue = Queue::new(&self.jobs);
        }
        Ok(())
    }

    /// The attempt and the turn of the answer with this number.
    pub(crate) fn named(&self, tag: u64) -> Option<(&str, i64)> {
        named(&self.jobs, tag)
    }

    /// So many milliseconds, by chance.
    pub(crate) fn moment(&mut self, from: u64, to: u64) -> std::time::Duration {
        std::time::Duration::from_millis(self.chance.random_range(from..to))
    }

    /// Looks for the answers with these numbers; `tallies`: and counts everything anew.
    pub(crate) async fn look(&self, done: &[u64], tallies: bool) -> anyhow::Result<Found> {
        let mut found = Found::default();
        let Ok(db) = Db::open(&self.world.url).await else {
            return Ok(Found { acknowledged: done.len(), missing: done.len(), broken: 1, ..found });
        };
        let mut conn = db.read().await?;
        for (attempt, turn) in done.iter().filter_map(|tag| named(&self.jobs, *tag)) {
            found.acknowledged += 1;
            let stored = sql!(
                &mut conn,
                fetch_one as (i64,),
                "SELECT COUNT(*) FROM responses WHERE attempt_id = $1 AND turn_number = $2",
                attempt,
                turn
            );
            match stored {
                Ok((0,)) => found.missing += 1,
                Ok((1,)) => {}
                Ok(_) => found.doubled += 1,
                Err(_) => {
                    found.missing += 1;
                    found.broken = 1;
                }
            }
        }
        let whole = sql!(&mut conn, fetch_all as (String,), "PRAGMA integrity_check");
        if !whole.is_ok_and(|lines| lines.iter().all(|(line,)| line == "ok")) {
            found.broken = 1;
        }
        drop(conn);
        db.close().await;
        if tallies && let Err(cause) = run(&["check", "--tallies"], &self.world.url) {
            println!("  {cause:#}");
            found.miscounted = 1;
        }
        Ok(found)
    }
}
