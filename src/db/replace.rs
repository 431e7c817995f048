//! Putting another SQLite file where one was, so that a crash leaves the old one or the new one.

use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection as _;

use super::copy::connect;
use super::interrupted::finish;

/// What stands behind the names of SQLite's own files beside a database: what is not yet in it, and what it was before.
pub(super) const JOURNALS: [&str; 2] = ["-wal", "-journal"];

/// What stands behind the file's name, before a time: on a copy that is to take its place, and on what was there.
pub(super) const RESTORED: &str = ".restored-";
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
    finish(file).await?;
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
        && move_journals(&kept_as(file, time), file).is_ok()
        && remove_if_there(&marked).is_ok()
    {
        "the old file is where it was"
    } else {
        "it is half done, and the next start of Warmly, no ends it"
    };
    io::Error::new(cause.kind(), format!("{cause} ({after})"))
}

/// Where what was there before a restore is kept.
pub(super) fn kept_as(file: &Path, time: &str) -> PathBuf {
    with_ending(file, &format!("{REPLACED}{time}"))
}

/// What a copy is called that is to take the place of `file`.
pub(super) fn marked_as(file: &Path, time: &str) -> PathBuf {
    with_ending(file, &format!("{RESTORED}{time}"))
}

/// Whether a restore of this time was begun or made before.
#[must_use]
pub fn is_taken(file: &Path, time: &str) -> bool {
    kept_as(file, time).exists() || marked_as(file, time).exists()
}

/// Moves the copy of this time to where `file` is, after what is there was moved away.
pub(super) fn put_in_place(file: &Path, time: &str) -> io::Result<()> {
    let mut kept = kept_as(file, time);
    while file.exists() && kept.exists() {
        // Another version, which knows nothing of this, made a new file in between.
        kept = with_ending(&kept, "-again");
    }
    // The journal goes first: it must never be met by another file than its own. One may be there without its file.
    move_journals(file, &kept)?;
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

fn move_journals(from: &Path, to: &Path) -> io::Result<()> {
    JOURNALS
        .iter()
        .try_for_each(|journal| move_if_there(&with_ending(from, journal), &with_ending(to, journal)))
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
    use super::super::interrupted::tests::{EARLIER, LATER, sound};
    use super::*;

    fn said(file: &Path) -> String {
        std::fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    #[tokio::test]
    async fn a_restore_after_an_interrupted_one_is_not_undone_by_it() {
        let earlier = sound("PRAGMA user_version = 1").await;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let put = |name: &str, words: &[u8]| std::fs::write(at(name), words).expect("written");
        put("w.sqlite", b"old");
        // Its clock was ahead: by its name it is the newer one.
        put(&format!("w.sqlite.restored-{LATER}"), &earlier);
        put("copy", b"later");
        let kept = replace(&at("w.sqlite"), &at("copy"), EARLIER).await.expect("moved").expect("kept");
        assert_eq!(said(&at("w.sqlite")), "later");
        assert!(std::fs::read(kept).expect("kept") == earlier);
        assert_eq!(said(&at(&format!("w.sqlite.replaced-{LATER}"))), "old");
        assert!(!finish(&at("w.sqlite")).await.expect("asked"), "nothing is left to do");
        assert_eq!(said(&at("w.sqlite")), "later");
    }

    #[tokio::test]
    async fn what_is_kept_is_one_file_with_everything_in_it() {
        let new = sound("PRAGMA user_version = 1").await;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("live"), sound("PRAGMA journal_mode = WAL").await).expect("written");
        let mut live = connect(&at("live"), false).await.expect("opened");
        let last = "INSERT INTO settings (name, value) VALUES ('last', 'x')";
        sqlx::raw_sql(last).execute(&mut live).await.expect("written");
        // As after a crash: the last thing stands in the journal alone.
        for (from, to) in [("live", "w.sqlite"), ("live-wal", "w.sqlite-wal")] {
            std::fs::copy(at(from), at(to)).expect("copied");
        }
        live.close().await.expect("closed");
        std::fs::write(at("copy"), &new).expect("written");
        let kept = replace(&at("w.sqlite"), &at("copy"), EARLIER).await.expect("moved").expect("kept");
        assert!(!with_ending(&kept, "-wal").exists(), "nothing beside it");
        let mut conn = connect(&kept, true).await.expect("opened");
        let found: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM settings WHERE name = 'last'")
            .fetch_one(&mut conn)
            .await
            .expect("counted");
        assert_eq!(found, 1);
        conn.close().await.expect("closed");
    }

    #[tokio::test]
    async fn a_name_is_taken_by_what_was_kept_and_by_what_is_to_come() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("w.sqlite");
        assert!(!is_taken(&file, EARLIER));
        for name in [kept_as(&file, EARLIER), marked_as(&file, EARLIER)] {
            std::fs::write(&name, "x").expect("written");
            assert!(is_taken(&file, EARLIER) && !is_taken(&file, LATER), "{}", name.display());
            std::fs::remove_file(&name).expect("removed");
        }
    }

    #[tokio::test]
    async fn a_journal_that_can_not_be_moved_away_stops_it() {
        let new = sound("PRAGMA user_version = 1").await;
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("w.sqlite-journal"), "of the old").expect("written");
        std::fs::write(at("copy"), &new).expect("written");
        let in_the_way = at(&format!("w.sqlite.replaced-{EARLIER}-journal"));
        std::fs::create_dir(&in_the_way).expect("a folder");
        let words = replace(&at("w.sqlite"), &at("copy"), EARLIER).await.expect_err("in the way").to_string();
        assert!(words.contains("the next start"), "{words}");
        assert!(!at("w.sqlite").exists(), "the new one never meets that journal");
        std::fs::remove_dir(&in_the_way).expect("removed");
        assert!(finish(&at("w.sqlite")).await.expect("asked"));
        assert!(std::fs::read(at("w.sqlite")).expect("the file") == new);
        assert!(!at("w.sqlite-journal").exists());
    }

    #[tokio::test]
    async fn an_error_on_the_way_leaves_the_old_file_or_says_what_comes() {
        let new = sound("PRAGMA user_version = 1").await;
        for was_there in [true, false] {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            let file = at("w.sqlite");
            let (name, words) = if was_there { ("w.sqlite", "old") } else { ("w.sqlite-journal", "journal") };
            std::fs::write(at(name), words).expect("written");
            std::fs::write(at("copy"), &new).expect("written");
            // What can't be removed is in the way.
            std::fs::create_dir(at("w.sqlite-shm")).expect("a folder");
            let words = replace(&file, &at("copy"), EARLIER).await.expect_err("in the way").to_string();
            std::fs::remove_dir(at("w.sqlite-shm")).expect("removed");
            let ends = if was_there { "where it was" } else { "the next start" };
            assert!(words.contains(ends), "{words}");
            assert!(!at("w.sqlite-journal").exists(), "what is to come never meets it");
            assert_eq!(finish(&file).await.expect("asked"), !was_there);
            assert!(
                std::fs::read(&file).expect("the file")
                    == if was_there { b"old".to_vec() } else { new.clone() }
            );
        }
    }
}
