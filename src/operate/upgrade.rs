//! Before a newer version changes the tables of a file that was in use, it makes a copy and says where; and where that
//! change fails, how to go back.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::backup::{file, flag, let_go_of_unfinished, make, names_in, quoted};
use crate::clock::{Clock, Millis, compact, read_compact};
use crate::config::Config;
use crate::db::replace::{folder_of, with_ending};
use crate::db::{Db, OpenError};

/// How many copies from before the same step stay: one is made each time the step is tried.
const COPIES: usize = 3;

/// Brings the tables up to date, on a database that nobody else has open. Where they hold something already and have to
/// change, a copy is made first and named.
///
/// # Errors
/// In words for an administrator, with the command to go back; a file is then as it was before.
pub async fn bring_up_to_date(
    db: &Db,
    config: &Config,
    clock: &Clock,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    if let Some(file) = file(config) {
        let_go_of_unfinished(&file);
    }
    let step = Db::steps().last().copied().unwrap_or_default();
    let (Some(from), Some(file)) = (Db::step_before_upgrade(&config.database_url()).await?, file(config))
    else {
        return Ok(db.migrate().await?);
    };
    let beginning = with_ending(&file, &format!(".before-{step}-"));
    // Later than every other one, whatever the clock says: the newest are those that stay.
    let newest = earlier_copies(&beginning).last().map_or(Millis::MIN, |(at, _)| at + 1000);
    let copy = with_ending(&beginning, &compact(clock.now().max(newest)));
    make(&file, &copy).await.context("no copy could be made before the upgrade, so nothing was changed")?;
    writeln!(
        out,
        "Upgrading the database from step {from} to step {step}. A copy from before: {}",
        copy.display()
    )?;
    out.flush()?;
    let_go_of_old_copies(&beginning);
    match db.migrate().await {
        Ok(()) => Ok(()),
        Err(newer @ OpenError::Newer(_)) => Err(newer.into()),
        Err(cause) => anyhow::bail!(
            "{cause}. The file is as it was before: the version that ran until now can go on with it. If it does \
             not, go back to the copy: warmly restore {} {}",
            quoted(&copy),
            flag(config)
        ),
    }
}

/// The copies whose names begin like this, oldest first: when each was made, and where it is.
fn earlier_copies(beginning: &Path) -> Vec<(Millis, PathBuf)> {
    let (Some(folder), Some(name)) =
        (folder_of(beginning), beginning.file_name().and_then(|name| name.to_str()))
    else {
        return Vec::new();
    };
    let names = names_in(folder).unwrap_or_default();
    let ours = |found: &String| Some((read_compact(found.strip_prefix(name)?)?, folder.join(found)));
    let mut copies: Vec<_> = names.iter().filter_map(ours).collect();
    copies.sort();
    copies
}

/// An upgrade that was tried again and again left a copy each time: the newest stay.
fn let_go_of_old_copies(beginning: &Path) {
    for (_, old) in earlier_copies(beginning).iter().rev().skip(COPIES) {
        if let Err(cause) = std::fs::remove_file(old) {
            tracing::warn!(%cause, file = %old.display(), "an old copy from before an upgrade could not be removed");
        }
    }
}
