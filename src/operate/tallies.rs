//! `warmly check --tallies`: whether every tally says what the records say; and the tallies of seats that had work
//! before there were tallies.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::accounts::keeping::counted;
use crate::config::Config;
use crate::db::{Conn, Db};
use crate::practice::store::{
    TallyRow, any_tally, rebuild_tally, recount, seats_from, seats_to_tally, stored_tallies,
};
use crate::practice::tally::Tally;
use crate::scenario::library::Library;

/// How many seats are read with one question.
const TOGETHER: i64 = 300;

/// How many questions are asked at a time.
const AT_A_TIME: usize = 2;

/// How often a seat that changes while it is looked at is looked at again.
const LOOKS: usize = 20;

/// What was found.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Found {
    /// How many seats were compared.
    pub seats: usize,
    /// How many responses were counted.
    pub responses: usize,
    /// The ids of the seats whose tally is not what the records say, in order.
    pub different: Vec<String>,
}

/// Compares every tally of the configured database with the records, says in plain words what was found, and counts
/// anew those that differ where `mend` asks for it. True where none differs at the end.
///
/// # Errors
/// Where the database or `out` fails; also where the database has no tallies yet.
pub async fn run(config: &Config, mend: bool, out: &mut impl Write) -> anyhow::Result<bool> {
    let db = Db::open_existing(&config.database_url()).await?;
    let found = compare(&db).await.context(
        "the tallies can’t be compared; a database of an earlier version has none until this version has started on it",
    )?;
    let fine = say(&found, out)?;
    if !fine && mend {
        self::mend(&db, &found.different).await?;
        super::backup::say(out, "All of them were counted anew.\n");
    } else if !fine {
        writeln!(out, "With --mend they are counted anew.")?;
    }
    db.close().await;
    Ok(fine || mend)
}

/// Says in plain words what was found. True where no tally differs.
///
/// # Errors
/// Where `out` fails.
pub fn say(found: &Found, out: &mut impl Write) -> std::io::Result<bool> {
    let fine = found.different.is_empty();
    let (seats, responses) = (counted(found.seats, "seat"), counted(found.responses, "response"));
    if fine {
        writeln!(out, "Compared {seats} with {responses}: every tally says what the records say.")?;
    } else {
        let different = found.different.len();
        writeln!(
            out,
            "Compared {seats} with {responses}: {} not what the records say:",
            tallies_are(different)
        )?;
        for seat in &found.different {
            writeln!(out, "  {seat}")?;
        }
    }
    Ok(fine)
}

fn tallies_are(count: usize) -> String {
    if count == 1 { "1 tally is".to_owned() } else { format!("{count} tallies are") }
}

/// Compares every tally with the records, also while the app is being used.
pub async fn compare(db: &Db) -> anyhow::Result<Found> {
    let library = Arc::new(Library::default());
    let after = Arc::new(Mutex::new(String::new()));
    let mut workers = JoinSet::new();
    for _ in 0..AT_A_TIME {
        workers.spawn(work(db.clone(), Arc::clone(&library), Arc::clone(&after)));
    }
    let mut found = Found::default();
    while let Some(part) = workers.join_next().await {
        let mut part = part??;
        found.seats += part.seats;
        found.responses += part.responses;
        found.different.append(&mut part.different);
    }
    found.different.sort();
    Ok(found)
}

/// Takes the next seats after `after` and compares them, until there are none left.
async fn work(db: Db, library: Arc<Library>, after: Arc<Mutex<String>>) -> anyhow::Result<Found> {
    let (mut conn, mut found) = (db.read().await?, Found::default());
    loop {
        let mut from = after.lock().await;
        let seats = seats_from(&mut conn, &from, TOGETHER).await?;
        let (Some(first), Some(last)) = (seats.first(), seats.last()) else { return Ok(found) };
        from.clone_from(last);
        drop(from);
        let stored = stored_tallies(&mut conn, first, last).await?;
        let stored: BTreeMap<&str, &TallyRow> =
            stored.iter().map(|row| (row.seat_id.as_str(), row)).collect();
        let recount = recount(&mut conn, &library, first, last).await?;
        found.seats += seats.len();
        found.responses += recount.responses;
        for seat in &seats {
            let same = is_same(stored.get(seat.as_str()).copied(), recount.tallies.get(seat));
            if !same && differs(&mut conn, &library, seat).await? {
                found.different.push(seat.clone());
            }
        }
    }
}

/// Whether a stored tally is, byte for byte, what was counted. Where nothing was begun there need not be any.
fn is_same(stored: Option<&TallyRow>, counted: Option<&Tally>) -> bool {
    match (stored, counted) {
        (Some(stored), Some(counted)) => stored.packed == counted.pack(),
        (Some(stored), None) => stored.packed == Tally::default().pack(),
        (None, counted) => counted.is_none(),
    }
}

/// Looks at one seat until nothing changes between its tally and its records: both were read one after the other, and
/// somebody may have answered between.
async fn differs(conn: &mut Conn, library: &Library, seat: &str) -> anyhow::Result<bool> {
    let mut before = stored_tallies(conn, seat, seat).await?.pop();
    for _ in 0..LOOKS {
        let counted = recount(conn, library, seat, seat).await?.tallies.remove(seat);
        let after = stored_tallies(conn, seat, seat).await?.pop();
        if is_same(after.as_ref(), counted.as_ref()) {
            return Ok(false);
        }
        if after.as_ref().map(|row| row.seq) == before.as_ref().map(|row| row.seq) {
            return Ok(true);
        }
        before = after;
    }
    Ok(true)
}

/// Counts these seats anew, each in a transaction of its own.
pub async fn mend(db: &Db, seats: &[String]) -> anyhow::Result<()> {
    let library = Arc::new(Library::default());
    for seat in seats {
        let (library, seat) = (Arc::clone(&library), seat.clone());
        let write = db.write(move |conn| {
            let (library, seat) = (Arc::clone(&library), seat.clone());
            Box::pin(async move { rebuild_tally(conn, &library, &seat).await.map(drop) })
        });
        write.await?;
    }
    Ok(())
}

/// Counts everything where nothing was ever counted: at the first start of a version that has tallies.
pub async fn fill_first(db: &Db) -> anyhow::Result<()> {
    let counted = any_tally(&mut db.read().await?).await?;
    if counted { Ok(()) } else { fill(db).await }
}

/// Counts what an earlier start left uncounted, while the app is being used already.
pub async fn fill_the_rest(db: Db) {
    if let Err(cause) = fill(&db).await {
        tracing::warn!(%cause, "seats without a tally could not be counted");
    }
}

/// Counts every seat that has assigned work but no tally, as after an update from a version that had none. Several
/// processes may do this at once: whoever comes later counts the same.
pub async fn fill(db: &Db) -> anyhow::Result<()> {
    let library = Arc::new(Library::default());
    let (mut after, mut filled) = (String::new(), 0);
    loop {
        let seats = seats_to_tally(&mut db.read().await?, &after, TOGETHER).await?;
        let Some(last) = seats.last() else { break };
        after.clone_from(last);
        filled += seats.len();
        let (library, seats) = (Arc::clone(&library), Arc::new(seats));
        let write = db.write(move |conn| {
            let (library, seats) = (Arc::clone(&library), Arc::clone(&seats));
            Box::pin(async move { fill_some(conn, &library, &seats).await })
        });
        write.await?;
    }
    if filled > 0 {
        tracing::info!(seats = filled, "counted the seats that had no tally");
    }
    Ok(())
}

async fn fill_some(conn: &mut Conn, library: &Library, seats: &[String]) -> sqlx::Result<()> {
    for seat in seats {
        rebuild_tally(conn, library, seat).await?;
    }
    Ok(())
}
