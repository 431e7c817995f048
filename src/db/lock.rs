//! One program at a time serves a SQLite file: whoever does holds a lock beside it.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::place::private;

/// The lock of a SQLite file, for this process. It is given back when the last of its clones is gone, however the
/// process ends.
#[derive(Clone, Debug)]
#[must_use]
pub struct Held(Arc<File>);

impl Held {
    /// The file that is locked.
    #[must_use]
    pub fn file(&self) -> &File {
        &self.0
    }
}

/// What this process holds. The system keeps one process from another; within one, everybody shares.
static HELD: Mutex<BTreeMap<PathBuf, Weak<File>>> = Mutex::new(BTreeMap::new());

/// How often a lock that another process holds is asked for, and how long between: a process that is just ending, or one
/// that is just being started by this one, holds it for a moment only.
const TRIES: u32 = 25;
const BETWEEN: Duration = Duration::from_millis(20);

/// Takes the lock of the SQLite file at `path` (which need not be there yet; its folder must be): a file of the same
/// name with `.lock` behind it, which stays. None: another process holds it.
pub fn hold(path: &Path) -> io::Result<Option<Held>> {
    let place = beside(path)?;
    for _ in 1..TRIES {
        if let Some(held) = try_hold(&place)? {
            return Ok(Some(held));
        }
        std::thread::sleep(BETWEEN);
    }
    try_hold(&place)
}

fn try_hold(place: &Path) -> io::Result<Option<Held>> {
    let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(file) = held.get(place).and_then(Weak::upgrade) {
        return Ok(Some(Held(file)));
    }
    // Root does this too, in a folder of somebody else: what a link there leads to is not touched.
    let file = private().create(true).append(true).open(place)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(cause)) => return Err(cause),
    }
    let file = Arc::new(file);
    held.retain(|_, file| file.strong_count() > 0);
    held.insert(place.to_owned(), Arc::downgrade(&file));
    Ok(Some(Held(file)))
}

/// Where the lock of this file is: beside the file itself, whatever name or link leads to it.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let place = match path.canonicalize() {
        Ok(place) => place,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
            folder.unwrap_or_else(|| Path::new(".")).canonicalize()?.join(name)
        }
        Err(cause) => return Err(cause),
    };
    let mut lock = place.into_os_string();
    lock.push(".lock");
    Ok(PathBuf::from(lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_lock_for_each_file_whatever_leads_to_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.sqlite");
        let first = hold(&file).expect("asked").expect("free");
        let stands = folder.path().join("a.sqlite.lock");
        assert!(stands.is_file());
        let outside = File::open(&stands).expect("opened");
        assert!(matches!(outside.try_lock(), Err(TryLockError::WouldBlock)));
        let again = hold(&folder.path().join(".").join("a.sqlite")).expect("asked").expect("ours");
        drop(first);
        assert!(outside.try_lock().is_err(), "as long as one is left");
        drop(again);
        outside.try_lock().expect("free");
        assert!(hold(&file).expect("asked").is_none(), "another holds it");
        assert!(hold(&folder.path().join("b.sqlite")).expect("asked").is_some(), "another file");
    }

    #[test]
    fn other_locks_are_kept_and_those_that_were_let_go_are_forgotten() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let one = try_hold(&at("one")).expect("asked").expect("free");
        let other = try_hold(&at("other")).expect("asked").expect("free");
        let again = try_hold(&at("one")).expect("asked").expect("held by this very program");
        drop((one, again));
        let third = try_hold(&at("third")).expect("asked").expect("free");
        let held = HELD.lock().expect("nobody fails with it");
        assert!(!held.contains_key(&at("one")) && held.contains_key(&at("other")));
        drop((held, other, third));
    }

    #[test]
    #[cfg(unix)]
    fn a_link_where_the_lock_should_be_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, folder.path().join("a.sqlite.lock")).expect("a link");
        assert!(hold(&folder.path().join("a.sqlite")).is_err());
        assert!(!elsewhere.exists(), "nothing is made where it leads");
    }
}
