//! The file we write to may be taken away, and the disk it is on may fill up: nobody is told that something is stored
//! where that is so.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::place::space;

/// Why nothing is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// There is no file any more where ours was.
    Removed,
    /// Another file is where ours was.
    Replaced,
    /// The system does not say what is where our file was.
    Hidden,
    /// The disk is full but for a little.
    NoRoom,
}

impl Trouble {
    /// In words for whoever runs this.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Removed => "the database file was removed: put it back, or stop and restore a copy",
            Self::Replaced => "the database file was replaced by another one: put it back, or start anew",
            Self::Hidden => "the database file can’t be looked at: its folder can’t be entered",
            Self::NoRoom => "the disk is full: make room",
        }
    }
}

/// How much room is left on the disk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Room {
    /// Enough.
    Enough,
    /// Enough for practice, not for exports and imports.
    Little,
    /// Not enough to write anything.
    None,
}

impl Room {
    /// How much it is where exports and imports stop below `files` free bytes, and writes below `writes`.
    const fn of(free: u64, (files, writes): (u64, u64)) -> Self {
        match free {
            free if free < writes => Self::None,
            free if free < files => Self::Little,
            _ => Self::Enough,
        }
    }
}

/// How many bytes must be free, unless the disk is small.
const FOR_FILES: u64 = 256 * 1024 * 1024;
const FOR_WRITES: u64 = 64 * 1024 * 1024;

/// The same for a disk of this size, in bytes: for files and for writes.
fn kept_free(all: u64) -> (u64, u64) {
    (FOR_FILES.min(all / 10), FOR_WRITES.min(all / 40))
}

/// Which file it is, whatever it is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Identity(u64, u64);

/// What is known of the file and of its disk.
#[derive(Debug)]
pub(super) struct Watch {
    path: PathBuf,
    ours: OnceLock<Identity>,
    trouble: Mutex<Option<Trouble>>,
    room: Mutex<Room>,
    free: AtomicU64,
    keep: Mutex<Option<(u64, u64)>>,
}

impl Watch {
    pub(super) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            ours: OnceLock::new(),
            trouble: Mutex::new(None),
            room: Mutex::new(Room::Enough),
            free: AtomicU64::new(u64::MAX),
            keep: Mutex::new(None),
        }
    }

    /// The file that is there now is ours: it was opened just now.
    pub(super) fn begin(&self) {
        if let Ok(found) = identity(&self.path) {
            self.ours.get_or_init(|| found);
        }
        self.look_at_the_disk();
    }

    /// Whether the file is still where it was, as of now.
    pub(super) fn look(&self) -> Option<Trouble> {
        let now = match (identity(&self.path), self.ours.get()) {
            (_, None) => None,
            (Ok(found), Some(ours)) if found == *ours => None,
            (Ok(_), Some(_)) => Some(Trouble::Replaced),
            (Err(cause), Some(_)) if cause.kind() == io::ErrorKind::NotFound => Some(Trouble::Removed),
            (Err(_), Some(_)) => Some(Trouble::Hidden),
        };
        let before =
            std::mem::replace(&mut *self.trouble.lock().unwrap_or_else(PoisonError::into_inner), now);
        match now {
            Some(trouble) if before != now => {
                tracing::error!(file = %self.path.display(), "nothing is stored any more: {}", trouble.words());
            }
            None if before.is_some() => {
                tracing::warn!(file = %self.path.display(), "the file is there again, and written to again");
            }
            _ => {}
        }
        now
    }

    /// Whether anything may be written, as of now; the disk as of when it was last looked at.
    pub(super) fn in_the_way(&self) -> Option<Trouble> {
        self.look().or_else(|| (self.room() == Room::None).then_some(Trouble::NoRoom))
    }

    /// How much room there is.
    pub(super) fn room(&self) -> Room {
        *self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many bytes of the disk are free; None where that is not known.
    pub(super) fn free(&self) -> Option<u64> {
        Some(self.free.load(Ordering::Relaxed)).filter(|free| *free != u64::MAX)
    }

    /// From now on, exports and imports stop below `files` free bytes, and writes below `writes`.
    pub(super) fn keep_free(&self, files: u64, writes: u64) {
        *self.keep.lock().unwrap_or_else(PoisonError::into_inner) = Some((files, writes));
        self.look_at_the_disk();
    }

    /// How many bytes the journal beside the file has.
    pub(super) fn journal(&self) -> u64 {
        let mut journal = self.path.clone().into_os_string();
        journal.push("-wal");
        std::fs::metadata(journal).map_or(0, |about| about.len())
    }

    /// Finds out how much room there is.
    pub(super) fn look_at_the_disk(&self) {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let Some((free, all)) = space(folder.unwrap_or_else(|| Path::new("."))) else { return };
        self.free.store(free, Ordering::Relaxed);
        let keep = *self.keep.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Room::of(free, keep.unwrap_or_else(|| kept_free(all)));
        let before = std::mem::replace(&mut *self.room.lock().unwrap_or_else(PoisonError::into_inner), now);
        match now {
            _ if before == now => {}
            Room::None => tracing::error!(free, "the disk is full: nothing is stored any more"),
            Room::Little => {
                tracing::error!(free, "the disk is nearly full: exports and imports have stopped");
            }
            Room::Enough => tracing::warn!(free, "there is room on the disk again"),
        }
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata(path).map(|about| Identity(about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path) -> io::Result<Identity> {
    std::fs::metadata(path).map(|_| Identity(0, 0))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const MIB: u64 = 1024 * 1024;

    #[test]
    fn so_much_of_a_disk_is_kept_free_and_less_of_a_small_one() {
        assert_eq!(kept_free(100_000 * MIB), (256 * MIB, 64 * MIB));
        assert_eq!(kept_free(1_000 * MIB), (100 * MIB, 25 * MIB), "a tenth and a fortieth");
        for (free, room) in [(9, Room::None), (10, Room::Little), (99, Room::Little), (100, Room::Enough)] {
            assert_eq!(Room::of(free, (100, 10)), room, "{free}");
        }
    }

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("a log").write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn that_a_disk_gets_full_and_has_room_again_is_logged_once_each() {
        let (log, watch) = (Log::default(), Watch::new(Path::new("here.sqlite")));
        let to = log.clone();
        let logs = tracing_subscriber::fmt().with_ansi(false).with_writer(move || to.clone()).finish();
        tracing::subscriber::with_default(logs, || {
            watch.keep_free(0, 0);
            for (files, writes) in [(u64::MAX, 0), (u64::MAX, u64::MAX), (0, 0)] {
                watch.keep_free(files, writes);
                watch.look_at_the_disk();
            }
        });
        let log = String::from_utf8(log.0.lock().expect("a log").clone()).expect("text");
        let said: Vec<&str> =
            log.lines().filter_map(|line| line.split_once("warmly::db::watch: ")).map(|it| it.1).collect();
        let said: Vec<&str> =
            said.into_iter().filter_map(|line| line.split_once(" free=")).map(|it| it.0).collect();
        let levels: Vec<bool> = log.lines().map(|line| line.contains("ERROR")).collect();
        assert_eq!(
            said,
            [
                "the disk is nearly full: exports and imports have stopped",
                "the disk is full: nothing is stored any more",
                "there is room on the disk again"
            ]
        );
        assert_eq!(levels, [true, true, false]);
    }

    #[test]
    fn the_disk_that_is_looked_at_is_that_of_the_file() {
        let free = |path: &str| {
            let watch = Watch::new(Path::new(path));
            watch.look_at_the_disk();
            watch.free()
        };
        assert!(free("here.sqlite").is_some(), "in the folder where the program was started");
        assert_eq!(free("/there/is/no/such/folder/it.sqlite"), None);
    }
}
