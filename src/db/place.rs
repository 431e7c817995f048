//! Folders and files on the disk: made for the user who runs this alone, given to nobody but whoever has the folder; and
//! how much room there is.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
#[cfg(unix)]
use std::{
    ffi::OsStr,
    fs::Permissions,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

#[cfg(unix)]
use super::replace::folder_of;

/// Makes the folder, and those above it, where they are missing. Nobody else may look into what is made here; what is
/// there already stays as it is.
#[cfg(unix)]
pub fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Makes the folder, and those above it, where they are missing.
#[cfg(not(unix))]
pub fn make_folder(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// How a file is opened that nobody else may read, where it is made; a link in its place is not followed.
#[cfg(unix)]
pub(super) fn private() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.mode(0o600).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options
}

#[cfg(not(unix))]
pub(super) fn private() -> OpenOptions {
    OpenOptions::new()
}

/// Makes an empty file, where there is none, that nobody else may read. SQLite makes its journal with the same rights.
pub(super) fn make_file(file: &Path) -> io::Result<()> {
    match private().create_new(true).write(true).open(file) {
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        done => done.map(drop),
    }
}

/// Closes to everybody else what an older version left open to them: the database, what lies beside it under its name, and
/// their folder where nothing else lies in it. Says what it did, and what is to be done by hand.
#[cfg(unix)]
pub(super) fn close_to_others(database: &Path) {
    let (Some(folder), Some(name)) = (folder_of(database), database.file_name()) else { return };
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let is_ours = |found: &OsStr| {
        let found = found.as_encoded_bytes();
        let rest = found.strip_prefix(b".").unwrap_or(found).strip_prefix(name.as_encoded_bytes());
        rest.is_some_and(|rest| matches!(rest.first(), None | Some(b'-' | b'.')))
    };
    let (ours, others): (Vec<_>, Vec<_>) = entries.flatten().partition(|entry| is_ours(&entry.file_name()));
    for file in ours.iter().filter(|file| file.file_type().is_ok_and(|kind| kind.is_file())) {
        close(&file.path(), private().read(true));
    }
    if others.is_empty() {
        close(folder, OpenOptions::new().read(true));
    } else if std::fs::metadata(folder).is_ok_and(|about| about.mode() & 0o022 != 0) {
        let folder = folder.display();
        tracing::warn!(
            "others can put files beside the database: run chmod go-w {folder}, or give it a folder of its own"
        );
    }
}

/// What a file's or a folder's rights allow everybody but its owner.
#[cfg(unix)]
const OTHERS: u32 = 0o077;

/// Takes from everybody but its owner what they may do with this file or folder.
#[cfg(unix)]
fn close(path: &Path, how: &OpenOptions) {
    // Opened only where there is something to do: SQLite's locks don't outlive it.
    if std::fs::metadata(path).is_ok_and(|about| about.mode() & OTHERS == 0) {
        return;
    }
    let place = path.display();
    let done = how.open(path).and_then(|file| {
        let mode = file.metadata()?.mode();
        if mode & OTHERS != 0 {
            file.set_permissions(Permissions::from_mode(mode & 0o700))?;
            tracing::info!("others could open it, now only its owner can: {place}");
        }
        Ok(())
    });
    if let Err(cause) = done {
        tracing::warn!(%cause, "whether others can open it is not known; run chmod go= {place}");
    }
}

/// Does nothing: here rights come from the folder.
#[cfg(not(unix))]
pub(super) fn close_to_others(_: &Path) {}

/// Gives an open file to whoever has `model`, where that is somebody else. A file that has another name besides is not
/// given away: whoever made that name meant another file.
#[cfg(unix)]
pub fn give(file: &File, model: &Path) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let (is, wanted) = (file.metadata()?, std::fs::metadata(model)?);
    if (is.uid(), is.gid()) == (wanted.uid(), wanted.gid()) {
        return Ok(());
    }
    if !is.is_file() || is.nlink() != 1 {
        return Err(io::Error::other("it has another name besides"));
    }
    fchown(file, Some(wanted.uid()), Some(wanted.gid()))
}

/// Does nothing: here a file belongs to whoever made it.
#[cfg(not(unix))]
pub fn give(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}

/// How many bytes of the folder's disk are free for this user, and how many there are; None where that is not known.
#[cfg(unix)]
#[must_use]
pub fn space(folder: &Path) -> Option<(u64, u64)> {
    let about = rustix::fs::statvfs(folder).ok()?;
    Some((about.f_bavail.saturating_mul(about.f_frsize), about.f_blocks.saturating_mul(about.f_frsize)))
}

/// Not known here.
#[cfg(not(unix))]
#[must_use]
pub const fn space(_: &Path) -> Option<(u64, u64)> {
    None
}
