//! `warmly restore FILE`: puts a backup where the database is, and keeps what was there.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};

use super::backup::{file, flag, let_go_of_unfinished, quoted, say, unnamed, words};
use super::retention::free_time;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::copy::{Contents, inspect, sign_staff_out, values_of_another_kind};
use crate::db::lock::hold;
use crate::db::place::{give, make_folder};
use crate::db::replace::{folder_of, is_taken, replace};

/// Looks at the backup closely, puts a copy of it where the configured database is, and says where the old file is kept
/// and what the restored one does not know. Everybody of the staff has to sign in again.
///
/// # Errors
/// In words for an administrator. The database is then as it was before, or the words say what became of it.
pub async fn run(
    config: &Config,
    backup: &Path,
    clock: &Clock,
    out: &mut impl Write,
) -> anyhow::Result<bool> {
    let Some(target) = file(config) else {
        bail!(
            "PostgreSQL restores its own backups: pg_restore --clean --if-exists --exit-on-error \
             --dbname=\"$DATABASE_URL\" {}",
            quoted(backup)
        );
    };
    let folder = folder_of(&target).with_context(|| format!("{} names no file", target.display()))?;
    make_folder(folder).with_context(|| format!("the folder {} can't be made", folder.display()))?;
    let is_link = target.symlink_metadata().is_ok_and(|about| about.is_symlink());
    ensure!(!is_link, "{} is a link. Name the file itself with --database-url sqlite:FILE", target.display());
    let held = hold(&target).with_context(|| format!("the folder {} can't be written", folder.display()))?;
    let Some(held) = held else {
        bail!(
            "Warmly, no is running on {}. Stop it first (systemctl stop warmly), then restore again",
            target.display()
        );
    };
    own_like(held.file(), folder)?;
    ensure!(!is_same(backup, &target), "{} is the database itself", backup.display());
    inspect(backup).await?;
    let_go_of_unfinished(&target);
    let (whole, contents) = unnamed(backup, folder, &target).await?;
    own_like(whole.as_file(), if target.exists() { &target } else { folder })?;
    let odd = values_of_another_kind(whole.path(), &contents).await?;
    let ended = sign_staff_out(whole.path(), &contents).await.context("the copy can't be written to")?;
    // Where it gets no other name, it goes when this ends.
    let whole = whole.into_temp_path();
    let time = free_time(clock.now(), |time| is_taken(&target, time));
    let kept = replace(&target, &whole, &time)
        .await
        .with_context(|| format!("{} can't be put in place of {}", quoted(backup), quoted(&target)))?;
    let way_back = kept.map_or_else(String::new, |kept| {
        format!(
            "What was there before is kept: {}\nTo go back to it: warmly restore {} {}\n",
            kept.display(),
            quoted(&kept),
            flag(config)
        )
    });
    let done = format!("Restored: {} is now what {} holds.\n", target.display(), backup.display());
    let (holds, misses) = (what_it_holds(&contents, &odd), what_it_does_not_know(ended));
    say(out, &format!("{done}{holds}{way_back}{misses}\nStart Warmly, no again.\n"));
    Ok(true)
}

/// What is in it, and which of that can't be read: columns whose rows hold values of another kind.
fn what_it_holds(contents: &Contents, odd: &[String]) -> String {
    let holds = format!("{} Every page and every reference in it was checked.\n", words(contents));
    match odd {
        [] => holds,
        _ => format!(
            "{holds}Some rows hold values that are not of their column’s kind, and can’t be read: {}.\n",
            odd.join(", ")
        ),
    }
}

/// What came after the backup and is undone by it, for whoever has to do it again.
fn what_it_does_not_know(ended: u64) -> String {
    format!(
        "Everybody of the staff has to sign in again (sessions ended: {ended}); nurses go on in the browser \
         they used. What was done after the backup is undone, and some of it has to be done again: people \
         who were disabled can sign in, passwords, roles and second steps are the old ones, used recovery \
         codes and withdrawn invitations and links open again, and nurses’ records that were deleted and \
         words that were blacked out are back. The audit log of the file that was there before says what \
         was done."
    )
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Gives a file to whoever has `model`: run by root, this must not make what the service can't open.
fn own_like(file: &File, model: &Path) -> anyhow::Result<()> {
    give(file, model).with_context(|| {
        format!(
            "the restored file can't be given to the user who has {}: restore as that user",
            model.display()
        )
    })
}
