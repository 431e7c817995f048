//! Ending a restore that was cut short while its copy was put in place.

use std::io;
use std::path::Path;

use super::copy::{Unsound, inspect};
use super::replace::{RESTORED, folder_of, kept_as, marked_as, put_in_place};
use crate::clock::read_compact;

/// Ends what was interrupted, if anything was: the oldest restore first, so that the newest stays. True where there was
/// one. What a restore did not begin stays where it is, and that is logged.
///
/// # Errors
/// Also where a copy that is to take the place of `file` can't be looked at, or is not sound and there is nothing else.
pub(super) async fn finish(file: &Path) -> io::Result<bool> {
    let mut ended = false;
    for time in begun(file)? {
        let marked = marked_as(file, &time);
        match inspect(&marked).await {
            Ok(_) => {
                put_in_place(file, &time)?;
                let kept = kept_as(file, &time);
                tracing::warn!(
                    file = %file.display(),
                    kept = %kept.display(),
                    "a restore that was interrupted was ended: its copy is in place, what was there is kept"
                );
                ended = true;
            }
            Err(unsound @ (Unsound::Sql(..) | Unsound::Newer(..))) => return Err(in_the_way(&unsound)),
            Err(unsound) if !file.exists() => return Err(in_the_way(&unsound)),
            Err(unsound) => {
                tracing::error!(
                    "no restore has made this, or it was damaged since; it is left alone: {unsound}"
                );
            }
        }
    }
    Ok(ended)
}

fn in_the_way(unsound: &Unsound) -> io::Error {
    io::Error::other(format!("{unsound}. Move that file away to go on without it"))
}

/// The times of restores that were begun, oldest first: of regular files that bear a name with a time.
fn begun(file: &Path) -> io::Result<Vec<String>> {
    let (Some(folder), Some(name)) = (folder_of(file), file.file_name().and_then(|name| name.to_str()))
    else {
        return Ok(Vec::new());
    };
    let beginning = format!("{name}{RESTORED}");
    let mut times = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let found = entry.file_name();
        let Some(time) = found.to_str().and_then(|found| found.strip_prefix(&beginning)) else { continue };
        if read_compact(time).is_some() && entry.file_type()?.is_file() {
            times.push(time.to_owned());
        } else {
            let found = entry.path();
            tracing::warn!(file = %found.display(), "no restore has given this name; it is left alone");
        }
    }
    times.sort();
    Ok(times)
}

#[cfg(test)]
pub(super) mod tests {
    use sqlx::Connection as _;

    use super::super::copy::{connect, copy};
    use super::super::replace::JOURNALS;
    use super::*;
    use crate::db::Db;

    pub(crate) const EARLIER: &str = "20260302T120000Z";
    pub(crate) const LATER: &str = "20260302T120001Z";

    fn said(file: &Path) -> String {
        std::fs::read_to_string(file).unwrap_or_default()
    }

    /// What a restore puts in place: the bytes of a sound file, with this number in it.
    pub(crate) async fn sound(number: &'static str) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, whole) = (folder.path().join("new"), folder.path().join("copy"));
        let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
        db.migrate().await.expect("up to date");
        db.close().await;
        copy(&file, &whole).await.expect("a copy");
        let mut conn = connect(&whole, false).await.expect("the copy");
        sqlx::raw_sql(number).execute(&mut conn).await.expect("numbered");
        conn.close().await.expect("closed");
        std::fs::read(&whole).expect("the copy")
    }

    /// Every place at which the moving can be cut short: what is there then, and where it must lead.
    #[tokio::test]
    async fn an_interrupted_restore_is_ended_wherever_it_was_cut_short() {
        let new = sound("PRAGMA user_version = 1").await;
        for cut in 0..5 {
            let folder = tempfile::tempdir().expect("a folder");
            let at = |name: &str| folder.path().join(name);
            let file = at("w.sqlite");
            let put = |name: &str, words: &[u8]| std::fs::write(at(name), words).expect("written");
            let kept = format!("w.sqlite.replaced-{EARLIER}");
            let marked = format!("w.sqlite.restored-{EARLIER}");
            put(&marked, &new);
            put(if cut < 3 { "w.sqlite" } else { &kept }, b"old");
            for journal in JOURNALS {
                let beside = if cut < 1 { "w.sqlite" } else { &kept };
                put(&format!("{beside}{journal}"), b"journal");
            }
            if cut < 2 {
                put("w.sqlite-shm", b"index");
            }
            if cut == 4 {
                put("w.sqlite", b"made by a version that knows nothing of this");
            }
            assert!(finish(&file).await.expect("moved"), "{cut}");
            assert!(std::fs::read(&file).expect("the file") == new, "{cut}");
            for gone in ["w.sqlite-wal", "w.sqlite-journal", "w.sqlite-shm", &marked] {
                assert!(!at(gone).exists(), "{gone} after {cut}");
            }
            assert_eq!(said(&at(&kept)), "old", "{cut}");
            for journal in JOURNALS {
                assert_eq!(said(&at(&format!("{kept}{journal}"))), "journal", "{cut}");
            }
            assert_eq!(said(&at(&format!("{kept}-again"))).is_empty(), cut < 4, "{cut}");
            assert!(!finish(&file).await.expect("asked"), "nothing is left to do");
            assert!(std::fs::read(&file).expect("the file") == new);
        }
    }

    #[tokio::test]
    async fn of_two_interrupted_restores_the_newer_one_stays() {
        let (earlier, later) =
            (sound("PRAGMA user_version = 1").await, sound("PRAGMA user_version = 2").await);
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let put = |name: &str, words: &[u8]| std::fs::write(at(name), words).expect("written");
        put("w.sqlite", b"old");
        put(&format!("w.sqlite.restored-{EARLIER}"), &earlier);
        put(&format!("w.sqlite.restored-{LATER}"), &later);
        assert!(finish(&at("w.sqlite")).await.expect("moved"));
        let is = |name: &str, what: &[u8]| std::fs::read(at(name)).expect(name) == what;
        assert!(is("w.sqlite", &later) && is(&format!("w.sqlite.replaced-{LATER}"), &earlier));
        assert!(is(&format!("w.sqlite.replaced-{EARLIER}"), b"old"));
        assert!(!finish(&at("w.sqlite")).await.expect("asked"), "nothing is left to do");
    }
}
