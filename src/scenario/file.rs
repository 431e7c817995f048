//! Reading the file of a scenario: no more of it than a scenario ever has.

use std::fs::File;
use std::io::{Error, ErrorKind, Read as _, Result};
use std::path::Path;

/// How large such a file may be, in bytes: 1 MiB. The longest of ours has about 50 KB.
pub const LARGEST: u64 = 1024 * 1024;

/// Everything in it.
///
/// # Errors
/// Where it can't be read, is no file (a device or a pipe might never end), or is larger than [`LARGEST`].
pub fn read(path: &Path) -> Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "it is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::new(ErrorKind::FileTooLarge, "it is larger than 1 MB"));
    }
    Ok(bytes)
}
