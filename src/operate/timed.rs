//! Backups by themselves: every so many hours one in the folder that was named; older ones go by a rule.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;

use super::backup::{file, is_unfinished, make, names_in, words};
use super::retention::{is_due, made_at, name, newest_first, to_delete};
use crate::app::App;
use crate::clock::Millis;
use crate::db::Trouble;
use crate::db::copy::installation_of;
use crate::db::place::{make_folder, space};

/// How often it is looked whether one is due.
const EVERY: Duration = Duration::from_mins(1);

/// How many looks are left out after a backup that could not be made.
const PAUSE: u32 = 15;

/// What must be left on the disk, beside a copy as large as the database: answers need room more than backups do.
const ROOM: u64 = 256 * 1024 * 1024;

/// For how long what a crash left unfinished stays.
const UNFINISHED_FOR: Millis = 24 * 60 * 60 * 1000;

/// What came of one look.
#[derive(Debug)]
pub enum Turn {
    /// The last one is young enough.
    NotDue,
    /// One was made; so many older ones went.
    Made(usize),
    /// The last one in the folder, this one, is of another installation: none was tried.
    OfAnother(PathBuf),
    /// The disk is nearly full: none was tried.
    NoRoom,
    /// One could not be made.
    Failed(anyhow::Error),
}

/// What there is to say about the last backup, for whoever asks whether all is well.
#[derive(Debug, Default)]
pub struct Backups(Mutex<Option<&'static str>>);

impl Backups {
    /// What is wrong with the last one, in words; None where nothing is.
    #[must_use]
    pub fn trouble(&self) -> Option<&'static str> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, trouble: Option<&'static str>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Looks every minute until it is stopped, where a folder is named and the database is a file.
pub async fn now_and_then(app: App) {
    let Some(folder) = app.config.backup_dir.clone() else { return };
    if file(&app.config).is_none() {
        tracing::error!("--backup-dir is for a SQLite file: PostgreSQL makes its own backups (pg_dump)");
        app.backups.put(Some("no backups are made: PostgreSQL makes its own"));
        return;
    }
    metrics::describe_counter!("warmly_backups_total", "Timed backups, by outcome");
    metrics::describe_gauge!(
        "warmly_backup_made_at_seconds",
        "When the last timed backup was made (unix time)"
    );
    let mut turns = tokio::time::interval(EVERY);
    let mut left_out = 0;
    loop {
        turns.tick().await;
        if left_out > 0 {
            left_out -= 1;
            continue;
        }
        if matches!(turn(&app, &folder).await, Turn::OfAnother(_) | Turn::NoRoom | Turn::Failed(_)) {
            left_out = PAUSE;
        }
    }
}

/// Looks once, and says what came of it: in the log, in the numbers, and to whoever asks whether the app is ready.
pub async fn turn(app: &App, folder: &Path) -> Turn {
    let now = app.clock.now();
    let turn = attempt(app, folder, now).await.unwrap_or_else(Turn::Failed);
    let outcome = match &turn {
        Turn::NotDue => return turn,
        Turn::Made(_) => {
            app.backups.put(None);
            #[expect(clippy::cast_precision_loss, reason = "seconds are enough")]
            metrics::gauge!("warmly_backup_made_at_seconds").set(now as f64 / 1000.0);
            "made"
        }
        Turn::OfAnother(last) => {
            tracing::error!(
                last = %last.display(),
                "no backup was made: the folder holds those of another installation. Each needs a folder of its own: \
                 name another one with --backup-dir, or move away what is in this one"
            );
            app.backups.put(Some("no backups are made: their folder is that of another installation"));
            "of-another"
        }
        Turn::NoRoom => {
            tracing::error!(folder = %folder.display(), "no backup was made: the disk is nearly full");
            app.backups.put(Some("no backup was made: the disk is nearly full"));
            "no-room"
        }
        Turn::Failed(cause) => {
            tracing::error!(cause = %format!("{cause:#}"), "no backup could be made");
            app.backups.put(Some("the last backup could not be made"));
            "failed"
        }
    };
    metrics::counter!("warmly_backups_total", "outcome" => outcome).increment(1);
    turn
}

async fn attempt(app: &App, folder: &Path, now: Millis) -> anyhow::Result<Turn> {
    let Some(from) = file(&app.config) else { return Ok(Turn::NotDue) };
    make_folder(folder).map_err(|cause| anyhow::anyhow!("the folder {}: {cause}", folder.display()))?;
    let names = names_in(folder)?;
    let ours = installation_of(&from).await.with_context(|| format!("{} can't be read", from.display()))?;
    let last = match last_one(folder, &names, now).await {
        Some((name, whose)) if whose != ours => return Ok(Turn::OfAnother(folder.join(name))),
        Some((name, _)) => Some(name),
        None => None,
    };
    if !is_due(last, app.config.backup_every, now) {
        return Ok(Turn::NotDue);
    }
    // A full disk is no reason: backups may be on another one, and this is when they are needed.
    if let Some(trouble) = app.db.trouble().filter(|trouble| *trouble != Trouble::NoRoom) {
        anyhow::bail!("it would not be a copy of what is served: {}", trouble.words());
    }
    let needed = std::fs::metadata(&from)?.len().saturating_add(ROOM);
    if space(folder).is_some_and(|(free, _)| free < needed) {
        return Ok(Turn::NoRoom);
    }
    let to = folder.join(name(now));
    let contents = make(&from, &to).await?;
    let gone = let_go(folder, &ours, now).await;
    tracing::info!(file = %to.display(), gone, holds = words(&contents), "a backup was made");
    Ok(Turn::Made(gone))
}

/// The newest of these that is a backup and not only called like one, and which installation it is of.
async fn last_one<'a>(folder: &Path, names: &'a [String], now: Millis) -> Option<(&'a str, String)> {
    for (_, name) in newest_first(names.iter().map(String::as_str), now) {
        if let Some(whose) = installation_of(&folder.join(name)).await {
            return Some((name, whose));
        }
    }
    None
}

/// Deletes what the rule lets go of the backups of this installation, and what a crash left unfinished long ago; what
/// can't be deleted is logged and stays. Gives how many backups went.
async fn let_go(folder: &Path, ours: &str, now: Millis) -> usize {
    let names = names_in(folder).unwrap_or_else(|cause| {
        tracing::error!(%cause, folder = %folder.display(), "which backups are old can’t be told");
        Vec::new()
    });
    let goes = |name: &str| match std::fs::remove_file(folder.join(name)) {
        Ok(()) => true,
        Err(cause) => {
            tracing::error!(%cause, file = name, "what was kept long enough could not be deleted");
            false
        }
    };
    for name in names.iter().filter(|name| was_left(name, now)) {
        goes(name);
    }
    let mut backups = Vec::new();
    for (_, name) in newest_first(names.iter().map(String::as_str), now) {
        if installation_of(&folder.join(name)).await.is_some_and(|whose| whose == ours) {
            backups.push(name);
        }
    }
    to_delete(backups, now).into_iter().filter(|name| goes(name)).count()
}

/// Whether this is a copy that we began more than a day ago, or its journal, and that never got its name.
fn was_left(file: &str, now: Millis) -> bool {
    let name = file.strip_prefix('.').and_then(|rest| rest.get(..rest.find(".sqlite")? + ".sqlite".len()));
    let begun = name.filter(|name| is_unfinished(file, name)).and_then(made_at);
    begun.is_some_and(|begun| now - begun > UNFINISHED_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_began_and_never_ended_goes_after_a_day() {
        let began = 1_772_452_800_000;
        let (soon, later) = (began + UNFINISHED_FOR, began + UNFINISHED_FOR + 1);
        for ours in [
            ".warmly-20260302T120000Z.sqlite.Ab3dEf.part",
            ".warmly-20260302T120000Z.sqlite.Ab3dEf.part-journal",
        ] {
            assert!(!was_left(ours, soon) && was_left(ours, later), "{ours}");
        }
        for other in [
            "warmly-20260302T120000Z.sqlite",
            ".part",
            ".warmly-20260302.sqlite.x.part",
            "notes.part",
            ".é.part",
            ".warmly-20200103T000000Z.sqlite.notes.part.txt",
            ".warmly-20200103T000000Z.sqlite-my-notes.partial",
        ] {
            assert!(!was_left(other, later), "{other}");
        }
    }
}
