//! Putting another SQLite file where one was, so that a crash leaves the old one or the new one.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection as _;

use super::copy::connect;

/// What stands behind the file's name, before a time: on a copy that is to take its place, and on what was there.
const RESTORED: &str = ".restored-";
const REPLACED: &str = ".replaced-";

/// Puts `whole`, a sound copy in the same folder, where `file` is, and keeps what was there under the name it gives.
/// Nobody else may use `file` meanwhile.
///
/// Its first act gives the copy a name that tells what is to be done; from then on [`finish`] does the rest, now or at
/// the next start. So a crash leaves the old file or the new one. An earlier restore that was interrupted is ended
/// before: else the next start would put its copy in place of this one.
///
/// # Errors
/// Where the old file still stands, nothing has happened; else the words say what will.
pub async fn replace(file: &Path, whole: &Path, time: &str) -> io::Result<Option<PathBuf>> {
    finish(file)?;
    settle(file).await;
    let marked = marked_as(file, time);
    std::fs::rename(whole, &marked)?;
    let was_there = file.exists();
    let done = sync_folder(file).and_then(|()| put_in_place(file, time));
    done.map_err(|cause| undo(file, time, &cause))?;
    Ok(was_there.then(|| kept_as(file, time)))
}

/// After an error on the way: where the old file still stands, it stays, and what was to take its place is gone.
fn undo(file: &Path, time: &str, cause: &io::Error) -> io::Error {
    let marked = marked_as(file, time);
    let after = if !marked.exists() {
        "it is in place all the same, but the disk has not confirmed that"
    } else if file.exists()
        && move_if_there(&with_ending(&kept_as(file, time), "-wal"), &with_ending(file, "-wal")).is_ok()
        && remove_if_there(&marked).is_ok()
    {
        "the old file is where it was"
    } else {
        "it is half done, and the next start of Warmly, no ends it"
    };
    io::Error::new(cause.kind(), format!("{cause} ({after})"))
}

/// Where what was there before a restore is kept.
fn kept_as(file: &Path, time: &str) -> PathBuf {
    with_ending(file, &format!("{REPLACED}{time}"))
}

/// What a copy is called that is to take the place of `file`.
fn marked_as(file: &Path, time: &str) -> PathBuf {
    with_ending(file, &format!("{RESTORED}{time}"))
}

/// Whether a restore of this time was begun or made before.
#[must_use]
pub fn is_taken(file: &Path, time: &str) -> bool {
    kept_as(file, time).exists() || marked_as(file, time).exists()
}

/// Ends what was interrupted, if anything was: the oldest restore first, so that the newest stays. True where there was
/// one.
pub(super) fn finish(file: &Path) -> io::Result<bool> {
    let (Some(folder), Some(name)) = (folder_of(file), file.file_name().and_then(|name| name.to_str()))
    else {
        return Ok(false);
    };
    let beginning = format!("{name}{RESTORED}");
    let mut times: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let found = entry?.file_name();
        let time = found.to_str().and_then(|found| found.strip_prefix(&beginning));
        times.extend(time.map(str::to_owned));
    }
    times.sort();
    for time in &times {
        put_in_place(file, time)?;
    }
    Ok(!times.is_empty())
}

/// Moves the copy of this time to where `file` is, after what is there was moved away.
fn put_in_place(file: &Path, time: &str) -> io::Result<()> {
    let mut kept = kept_as(file, time);
    while file.exists() && kept.exists() {
        // Another version, which knows nothing of this, made a new file in between.
        kept = with_ending(&kept, "-again");
    }
    // The journal goes first: it must never be met by another file than its own.
    move_if_there(&with_ending(file, "-wal"), &with_ending(&kept, "-wal"))?;
    remove_if_there(&with_ending(file, "-shm"))?;
    move_if_there(file, &kept)?;
    sync_folder(file)?;
    std::fs::rename(marked_as(file, time), file)?;
    sync_folder(file)
}

/// Brings the journal into the file, so that it is one file that is kept. Where it is too damaged for that, the journal
/// is kept beside it.
async fn settle(file: &Path) {
    let Ok(mut conn) = connect(file, false).await else { return };
    let done: sqlx::Result<(i64, i64, i64)> =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut conn).await;
    if let Err(cause) = done {
        tracing::warn!(%cause, "the journal of the old file could not be brought into it");
    }
    drop(conn.close().await);
}

fn move_if_there(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The same path with more behind the file's name.
#[must_use]
pub fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

/// The folder that a file is in.
#[must_use]
pub fn folder_of(file: &Path) -> Option<&Path> {
    file.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
}

/// Makes a new name in this file's folder last, also through a power cut.
pub fn sync_folder(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = folder_of(file) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(file: &Path) -> String {
        std::fs::read_to_string(file).unwrap_or_default()
    }

    /// Every place at which the moving can be cut short: what is there then, and where it must lead.
    #[test]
    fn an_interrupted_restore_is_ended_wherever_it_was_cut_short() {
        for cut in 0..5 {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            let file = at("w.sqlite");
            let put = |name: &str, words: &str| std::fs::write(at(name), words).expect("written");
            put("w.sqlite.restored-T", "new");
            put(if cut < 3 { "w.sqlite" } else { "w.sqlite.replaced-T" }, "old");
            put(if cut < 1 { "w.sqlite-wal" } else { "w.sqlite.replaced-T-wal" }, "journal");
            if cut < 2 {
                put("w.sqlite-shm", "index");
            }
            if cut == 4 {
                put("w.sqlite", "made by a version that knows nothing of this");
            }
            assert!(finish(&file).expect("moved"), "{cut}");
            assert_eq!((said(&file).as_str(), at("w.sqlite-wal").exists()), ("new", false), "{cut}");
            assert!(!at("w.sqlite-shm").exists() && !at("w.sqlite.restored-T").exists(), "{cut}");
            assert_eq!(said(&at("w.sqlite.replaced-T")), "old", "{cut}");
            assert_eq!(said(&at("w.sqlite.replaced-T-wal")), "journal", "{cut}");
            assert_eq!(said(&at("w.sqlite.replaced-T-again")).is_empty(), cut < 4, "{cut}");
            assert!(!finish(&file).expect("asked"), "nothing is left to do");
            assert_eq!(said(&file), "new");
        }
    }

    #[test]
    fn of_two_interrupted_restores_the_newer_one_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let put = |name: &str, words: &str| std::fs::write(at(name), words).expect("written");
        put("w.sqlite", "old");
        put("w.sqlite.restored-1", "earlier");
        put("w.sqlite.restored-2", "later");
        assert!(finish(&at("w.sqlite")).expect("moved"));
        assert_eq!(said(&at("w.sqlite")), "later");
        assert_eq!(said(&at("w.sqlite.replaced-2")), "earlier");
        assert_eq!(said(&at("w.sqlite.replaced-1")), "old");
        assert!(!finish(&at("w.sqlite")).expect("asked"), "nothing is left to do");
    }

    #[tokio::test]
    async fn a_restore_after_an_interrupted_one_is_not_undone_by_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let put = |name: &str, words: &str| std::fs::write(at(name), words).expect("written");
        put("w.sqlite", "old");
        // Its clock was ahead: by its name it is the newer one.
        put("w.sqlite.restored-9", "earlier");
        put("copy", "later");
        let kept = replace(&at("w.sqlite"), &at("copy"), "1").await.expect("moved");
        assert_eq!(said(&at("w.sqlite")), "later");
        assert_eq!(kept.map(|kept| said(&kept)).as_deref(), Some("earlier"));
        assert_eq!(said(&at("w.sqlite.replaced-9")), "old");
        assert!(!finish(&at("w.sqlite")).expect("asked"), "nothing is left to do");
        assert_eq!(said(&at("w.sqlite")), "later");
    }
    #[tokio::test]
    async fn an_error_on_the_way_leaves_the_old_file_or_says_what_comes() {
        for was_there in [true, false] {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            let file = at("w.sqlite");
            if was_there {
                std::fs::write(&file, "old").expect("written");
            }
            std::fs::write(at("copy"), "new").expect("written");
            // What can't be removed is in the way.
            std::fs::create_dir(at("w.sqlite-shm")).expect("a folder");
            let words = replace(&file, &at("copy"), "T").await.expect_err("in the way").to_string();
            std::fs::remove_dir(at("w.sqlite-shm")).expect("removed");
            let (ends, holds) = if was_there { ("where it was", "old") } else { ("the next start", "new") };
            assert!(words.contains(ends), "{words}");
            assert_eq!(finish(&file).expect("asked"), !was_there);
            assert_eq!(said(&file), holds);
        }
    }
}
