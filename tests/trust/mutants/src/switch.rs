
/// Whether this mutant is the one to be tried. Notes that it was asked about, where `MUTANTS_SEEN` names a file.
#[doc(hidden)]
#[must_use]
pub fn mutant(number: usize) -> bool {
    use std::io::Write as _;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};
    static STATE: OnceLock<(Option<usize>, Option<std::ffi::OsString>)> = OnceLock::new();
    static SEEN: [AtomicBool; 16_384] = [const { AtomicBool::new(false) }; 16_384];
    let (tried, seen) = STATE.get_or_init(|| {
        let tried = std::env::var("MUTANT").ok().and_then(|number| number.parse().ok());
        (tried, std::env::var_os("MUTANTS_SEEN"))
    });
    if let Some(path) = seen
        && SEEN.get(number).is_some_and(|seen| !seen.swap(true, Ordering::Relaxed))
        && let Ok(mut file) = std::fs::OpenOptions::new().append(true).create(true).open(path)
    {
        let _ = file.write_all(format!("{number}\n").as_bytes());
    }
    *tried == Some(number)
}
