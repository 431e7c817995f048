//! Before a newer version changes the tables of a file that was in use, it makes a copy and says where; and where that
//! change fails, how to go back.

use std::io::Write;
use std::path::Path;

use anyhow::Context as _;

use super::backup::{file, flag, make, names_in, quoted};
use super::retention::{compact, read_compact};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::replace::{folder_of, with_ending};
use crate::db::{Db, OpenError};

/// How many copies from before the same step stay: one is made each time the step is tried.
const COPIES: usize = 3;

/// Brings the tables up to date. Where they hold something already and have to change, a copy is made first and named.
///
/// # Errors
/// In words for an administrator, with the command to go back; a file is then as it was before.
pub async fn bring_up_to_date(
    db: &Db,
    config: &Config,
    clock: &Clock,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let step = Db::steps().last().copied().unwrap_or_default();
    let (Some(from), Some(file)) = (Db::step_before_upgrade(&config.database_url()).await?, file(config))
    else {
        return Ok(db.migrate().await?);
    };
    let beginning = with_ending(&file, &format!(".before-{step}-"));
    let copy = with_ending(&beginning, &compact(clock.now()));
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

/// An upgrade that was tried again and again left a copy each time: the newest stay.
fn let_go_of_old_copies(beginning: &Path) {
    let (Some(folder), Some(name)) =
        (folder_of(beginning), beginning.file_name().and_then(|name| name.to_str()))
    else {
        return;
    };
    let mut copies = names_in(folder).unwrap_or_default();
    copies.retain(|found| found.strip_prefix(name).is_some_and(|time| read_compact(time).is_some()));
    copies.sort();
    for old in copies.iter().rev().skip(COPIES) {
        if let Err(cause) = std::fs::remove_file(folder.join(old)) {
            tracing::warn!(%cause, file = old, "an old copy from before an upgrade could not be removed");
        }
    }
}
