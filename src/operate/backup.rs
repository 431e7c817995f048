//! `warmly backup FILE`: a copy of the database that is whole and was looked at, made while the app serves.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use tempfile::NamedTempFile;

use crate::config::Config;
use crate::db::OpenError;
use crate::db::copy::{Contents, copy, file_of, inspect};
use crate::db::replace::{folder_of, sync_folder};

/// What stands behind the name of a copy until it is whole.
const UNFINISHED: &str = ".part";

/// How many letters and digits of chance stand before that.
const RANDOM: usize = 6;

/// Makes a backup of the configured database and says what is in it.
///
/// # Errors
/// In words for an administrator; `file` is then as it was before.
pub async fn run(config: &Config, file: &Path, out: &mut impl Write) -> anyhow::Result<bool> {
    let Some(from) = file_of(&config.database_url()) else {
        bail!(
            "PostgreSQL makes its own backups: pg_dump --format=custom --file={} \"$DATABASE_URL\"",
            quoted(file)
        );
    };
    ensure!(from.is_file(), OpenError::Missing(from.display().to_string()));
    ensure!(
        !means_something_beside(file, &from),
        "{} begins like the name of the database beside it: such names mean something to this program. Give it another \
         name",
        file.display()
    );
    let contents = make(&from, file).await?;
    let bytes = std::fs::metadata(file).map(|about| about.len()).unwrap_or_default();
    let made = format!("Backup made: {} ({}). {}", file.display(), size(bytes), words(&contents));
    say(out, &format!("{made}\nEvery page and every reference in it was checked.\n"));
    Ok(true)
}

/// Says what was done: where nobody can hear it, it stands in the log, for it was done all the same.
pub fn say(out: &mut impl Write, words: &str) {
    if let Err(cause) = out.write_all(words.as_bytes()).and_then(|()| out.flush()) {
        tracing::warn!(%cause, "it was done, but this could not be said: {}", words.trim_end());
    }
}

/// Whether this name is in the folder of the database and begins like its name.
fn means_something_beside(file: &Path, database: &Path) -> bool {
    let folder = |path: &Path| folder_of(path).and_then(|folder| folder.canonicalize().ok());
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().to_lowercase());
    let (Some(file_name), Some(database_name)) = (name(file), name(database)) else { return false };
    folder(file) == folder(database) && file_name.trim_start_matches('.').starts_with(&database_name)
}

/// Makes a copy of the database at `from` that is on the disk and sound before it has the name `to`, which must be free.
/// Only the user who runs this may read it.
///
/// # Errors
/// In words for an administrator. Nothing is left behind.
pub async fn make(from: &Path, to: &Path) -> anyhow::Result<Contents> {
    ensure!(to.file_name().is_some(), "{} names no file", to.display());
    ensure!(
        to.symlink_metadata().is_err(),
        "{} is there already, and a backup is never overwritten",
        to.display()
    );
    let folder = folder_of(to).unwrap_or_else(|| Path::new("."));
    let (whole, contents) = unnamed(from, folder, to).await?;
    if let Err(refused) = whole.persist_noclobber(to) {
        bail!("the backup can't be given its name, {}: {}", to.display(), refused.error);
    }
    sync_folder(to).with_context(|| format!("the folder {}", folder.display()))?;
    Ok(contents)
}

/// A copy in `folder`, under a name that begins as that of `to`; it goes when it is dropped.
pub async fn unnamed(from: &Path, folder: &Path, to: &Path) -> anyhow::Result<(NamedTempFile, Contents)> {
    let mut name = std::ffi::OsString::from(".");
    name.push(to.file_name().unwrap_or_default());
    name.push(".");
    let part =
        tempfile::Builder::new().prefix(&name).rand_bytes(RANDOM).suffix(UNFINISHED).tempfile_in(folder);
    let part = part.map_err(|cause| match cause.kind() {
        std::io::ErrorKind::NotFound => anyhow::anyhow!("there is no folder {}", folder.display()),
        _ => anyhow::anyhow!("nothing can be written in the folder {}: {cause}", folder.display()),
    })?;
    copy(from, part.path()).await.map_err(|cause| no_copy(&cause, from, folder))?;
    let contents = inspect(part.path()).await.context("the copy was looked at and is not sound")?;
    part.as_file()
        .sync_all()
        .with_context(|| format!("the disk did not take the copy in {}", folder.display()))?;
    Ok((part, contents))
}

/// Removes the copies beside the database `file` that were to take its place or were made before an upgrade, and were cut
/// short. Nobody else may be at work on it.
pub fn let_go_of_unfinished(file: &Path) {
    let (Some(folder), Some(name)) = (folder_of(file), file.file_name().and_then(|name| name.to_str()))
    else {
        return;
    };
    for found in names_in(folder).unwrap_or_default() {
        if is_unfinished(&found, name)
            && let Err(cause) = std::fs::remove_file(folder.join(&found))
        {
            tracing::warn!(%cause, file = found, "what was left unfinished could not be removed");
        }
    }
}

/// Whether [`unnamed`] has given this name, or its journal's, to a copy for the database `of`: not to a backup that
/// somebody makes by hand in the same folder.
#[must_use]
pub fn is_unfinished(found: &str, of: &str) -> bool {
    let rest = found.strip_prefix('.').and_then(|rest| rest.strip_prefix(of)?.strip_prefix('.'));
    let Some((before, ending)) = rest.and_then(|rest| rest.rsplit_once(UNFINISHED)) else { return false };
    let (version, random) = before.rsplit_once('.').unwrap_or(("", before));
    matches!(ending, "" | "-journal" | "-wal" | "-shm")
        && random.len() == RANDOM
        && random.chars().all(|char| char.is_ascii_alphanumeric())
        && (version.is_empty() || version.starts_with("before-"))
}

/// Why there is no copy. SQLite's numbers: 13, the disk is full; 11 and 26, what is copied is damaged.
fn no_copy(cause: &sqlx::Error, from: &Path, folder: &Path) -> anyhow::Error {
    let code = cause.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(13) => anyhow::anyhow!("the disk that holds the folder {} is full", folder.display()),
        Some(11 | 26) => anyhow::anyhow!("{} is damaged: {cause}", from.display()),
        _ => {
            anyhow::anyhow!("{} can't be copied to the folder {}: {cause}", from.display(), folder.display())
        }
    }
}

/// What a database holds, in one sentence.
#[must_use]
pub fn words(contents: &Contents) -> String {
    let all: i64 = contents.rows.iter().map(|(_, rows)| rows).sum();
    let count = |table: &str| contents.rows_of(table);
    format!(
        "Step {}; rows: {} nurses, {} staff, {} cohorts, {} attempts, {} answers, {all} in all.",
        contents.step,
        count("nurses"),
        count("staff"),
        count("cohorts"),
        count("attempts"),
        count("responses")
    )
}

/// "14.2 MB", in millions of bytes; small ones in thousands.
#[must_use]
pub fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one digit behind the point is shown")]
    let thousands = bytes as f64 / 1000.0;
    if thousands < 1000.0 { format!("{thousands:.0} KB") } else { format!("{:.1} MB", thousands / 1000.0) }
}

/// A path as a shell reads it.
#[must_use]
pub fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '/' | '.' | '-' | '_' | ':');
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// The flag that names the configured database, as a shell reads it.
#[must_use]
pub fn flag(config: &Config) -> String {
    match &config.database_url {
        Some(url) => format!("--database-url {}", quoted(Path::new(url))),
        None => format!("--data-dir {}", quoted(&config.data_dir)),
    }
}

/// The files of a folder, by name.
pub fn names_in(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = std::fs::read_dir(folder)?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect())
}

/// The file of the configured database, where it is one.
#[must_use]
pub fn file(config: &Config) -> Option<PathBuf> {
    file_of(&config.database_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_copies_for_the_database_itself_are_known_as_unfinished() {
        for ours in [
            ".w.sqlite.a1B2c3.part",
            ".w.sqlite.a1B2c3.part-journal",
            ".w.sqlite.before-7-20260302T120000Z.a1B2c3.part",
        ] {
            assert!(is_unfinished(ours, "w.sqlite"), "{ours}");
        }
        for other in [
            "w.sqlite",
            "w.sqlite.a1B2c3.part",
            ".w.sqlite.part",
            ".w.sqlite.notes.part",
            ".w.sqlite.a1B2c3.part.txt",
            ".w.sqlite.by-hand.a1B2c3.part",
            ".other.sqlite.a1B2c3.part",
            ".w.sqlite.a1B2c3.partly",
            ".w.sqlite.before-7-20260302T120000Z",
        ] {
            assert!(!is_unfinished(other, "w.sqlite"), "{other}");
        }
    }
}
