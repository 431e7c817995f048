//! Lists of nurses from a spreadsheet: every line is a nurse, a trouble, or nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warmly::cohorts::roster::{MOST_ROWS, compare, decode, read};

fuzz_target!(|bytes: &[u8]| {
    let (text, _) = decode(bytes);
    let list = read(&text);
    assert!(list.rows.len() <= MOST_ROWS);
    for row in &list.rows {
        assert!(!row.name.is_empty() && row.line >= 1);
    }
    let _ = compare(list.rows, &[]);
});
