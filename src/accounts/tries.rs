//! Tries of passwords and codes: counted before they are looked at, taken back where they were right.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use super::store;
use super::{DEVICE_TRIES_ALLOWED, TRIES_ALLOWED, TRIES_COUNT_FOR};
use crate::app::App;
use crate::clock::Millis;
use crate::db::{Conn, Work};

/// Where a try counts.
#[derive(Clone, Debug)]
pub struct Buckets {
    /// The browser's own, where whoever has the account came in with it before: while that has room, the others are
    /// neither asked nor filled.
    pub device: Option<String>,
    /// The account's, and how many tries it has room for.
    pub account: (String, i64),
    /// The network address's.
    pub place: Option<String>,
}

/// A try that was counted, to be taken back where it was right.
#[derive(Clone, Debug)]
pub struct Counted(Vec<String>);

impl Counted {
    /// Takes the try back, in the transaction of what it opened.
    pub async fn take_back(&self, conn: &mut Conn) -> sqlx::Result<()> {
        for bucket in &self.0 {
            store::forget_try(conn, bucket).await?;
        }
        Ok(())
    }

    /// Takes a try back that was right, or that nobody looked at.
    pub async fn was_not_wrong(self, app: &App) -> sqlx::Result<()> {
        let taking_back = app.db.write(move |conn| {
            let counted = self.clone();
            Box::pin(async move { counted.take_back(conn).await })
        });
        taking_back.await
    }
}

/// How many lines there are.
const LINES: usize = 64;

/// How long one stands in line. What holds it up longer is storing, and that may take long.
const PATIENCE: Duration = Duration::from_secs(2);

/// The lines in which look-ups stand that count only what was wrong. Not one for each bucket, which would be as many as
/// there are addresses: some share one.
#[derive(Debug)]
pub struct Lines([Mutex<()>; LINES]);

impl Default for Lines {
    fn default() -> Self {
        Self([const { Mutex::const_new(()) }; LINES])
    }
}

impl Lines {
    /// Waits until nobody else looks something up in this bucket, so that what was wrong before is counted by then: many
    /// at once would all find that there is room. Held until what is looked up here is counted too. None where it takes
    /// too long: then nothing is looked up.
    pub async fn wait(&self, bucket: &str) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        bucket.hash(&mut hasher);
        let nth = hasher.finish() % self.0.len() as u64;
        let line = self.0.get(usize::try_from(nth).ok()?)?;
        timeout(PATIENCE, line.lock()).await.ok()
    }
}

/// Until when a bucket with room for so many tries has none; None where it has.
pub async fn full_until(
    conn: &mut Conn,
    bucket: &str,
    room: i64,
    now: Millis,
) -> sqlx::Result<Option<Millis>> {
    let counted = store::tries_counted(conn, bucket, now, now - TRIES_COUNT_FOR).await?;
    Ok(counted.filter(|(count, _)| *count >= room).map(|(_, since)| since + TRIES_COUNT_FOR))
}

/// Counts one more in the transaction of what it makes. Where there is no room for it: until when, and it does not count.
pub async fn count_one(
    conn: &mut Conn,
    bucket: &str,
    room: i64,
    now: Millis,
) -> sqlx::Result<Option<Millis>> {
    if store::count_try(conn, bucket, now, now - TRIES_COUNT_FOR).await? <= room {
        return Ok(None);
    }
    store::forget_try(conn, bucket).await?;
    full_until(conn, bucket, room, now).await
}

/// Counts a try; None where there were too many. Such a one is not looked at, and so does not count: many right ones at
/// once would lock everybody out after them.
pub async fn count(app: &App, buckets: Buckets) -> sqlx::Result<Option<Counted>> {
    let now = app.clock.now();
    let counting = app.db.write(move |conn| {
        let Buckets { device, account: (account, room), place } = buckets.clone();
        let work: Work<'_, Option<Counted>, sqlx::Error> = Box::pin(async move {
            let forget = now - TRIES_COUNT_FOR;
            if let Some(device) = device {
                if store::count_try(conn, &device, now, forget).await? <= DEVICE_TRIES_ALLOWED {
                    return Ok(Some(Counted(vec![device])));
                }
                store::forget_try(conn, &device).await?;
            }
            let mut has_room = store::count_try(conn, &account, now, forget).await? <= room;
            let mut counted = Counted(vec![account]);
            if let Some(place) = place {
                has_room &= store::count_try(conn, &place, now, forget).await? <= TRIES_ALLOWED;
                counted.0.push(place);
            }
            if has_room {
                return Ok(Some(counted));
            }
            counted.take_back(conn).await?;
            Ok(None)
        });
        work
    });
    counting.await
}
