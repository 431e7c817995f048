//! `warmly keep`: lets go what was kept long enough, as the server does once a day; or only says what that would be.

use std::io::Write;

use anyhow::{Context as _, bail};

use super::backup::say;
use super::keeping::{Due, due, run as let_go};
use crate::accounts::belief::Belief;
use crate::accounts::keeping::counted;
use crate::accounts::store::{belief, keeping, put_belief};
use crate::clock::{Clock, Millis, moment};
use crate::config::Config;
use crate::db::Db;

/// What is to be done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum How {
    /// Only say what would go.
    Look,
    /// Let it go, unless the clock moved so far that it is not believed.
    LetGo,
    /// Let it go, and believe the clock from now on.
    ClockIsRight,
}

/// Does it on the configured database, also while it is served from, and says in plain words what went.
///
/// # Errors
/// Where the database or `out` fails; also where the database is of an earlier version.
pub async fn run(config: &Config, how: How, out: &mut impl Write) -> anyhow::Result<()> {
    let db = Db::open_existing(&config.database_url()).await?;
    let done = keep(&db, &Clock::real(), how, out).await;
    db.close().await;
    done
}

/// The same on a database that is open.
///
/// # Errors
/// As [`run`].
pub async fn keep(db: &Db, clock: &Clock, how: How, out: &mut impl Write) -> anyhow::Result<()> {
    let mut conn = db.read().await?;
    let periods = keeping(&mut conn).await.context(
        "it can’t be told how long things are kept; start this version once on this database, then run it again",
    )?;
    writeln!(
        out,
        "Practice is kept for {}, own words of an archived cohort for {}, that work was done for {}.",
        periods.practice_in_words(),
        periods.words_in_words(),
        periods.completion_in_words()
    )?;
    if how == How::Look {
        let due = due(&mut conn, periods, clock.now()).await?;
        if due == Due::default() {
            writeln!(out, "Nothing is due.")?;
        } else {
            writeln!(out, "Due now: {}. Without --dry-run it goes.", in_words(due))?;
        }
        return Ok(());
    }
    drop(conn);
    if let Some(before) = doubted(db, clock.now(), how == How::ClockIsRight).await? {
        bail!(
            "the clock of this machine says {}, and the app saw {} last: more than a week lies between. If the \
             clock is wrong, set it right. If it is right, run this again with --clock-is-right",
            moment(clock.now()),
            moment(before)
        );
    }
    match let_go(db, clock, false).await? {
        None => writeln!(
            out,
            "Another process is letting things go right now, or was cut short within the hour: nothing was \
             done here."
        )?,
        Some(gone) if gone == Due::default() => writeln!(out, "Nothing was due.")?,
        Some(gone) => say(out, &format!("Gone: {}.\n", in_words(gone))),
    }
    Ok(())
}

/// What the clock said when it was last believed, where it is not now. From now on it is, where it `is_right`.
async fn doubted(db: &Db, now: Millis, is_right: bool) -> sqlx::Result<Option<Millis>> {
    if is_right {
        let right = Belief { believed: now, doubted: None };
        return db
            .write(move |conn| Box::pin(async move { put_belief(conn, right).await }))
            .await
            .map(|()| None);
    }
    let belief = Belief::next(belief(&mut db.read().await?).await?, now);
    Ok(belief.doubted.map(|_| belief.believed))
}

/// How much of each, without what there is none of.
fn in_words(due: Due) -> String {
    let parts = [
        (due.attempts, counted(due.attempts, "attempt") + " at practice"),
        (due.nurses, counted(due.nurses, "nurse") + " without a name"),
        (due.words, "the own words of ".to_owned() + &counted(due.words, "assigned attempt")),
        (due.completions, counted(due.completions, "completion")),
    ];
    let some = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words);
    some.collect::<Vec<_>>().join(", ")
}
