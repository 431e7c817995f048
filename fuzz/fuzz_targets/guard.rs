//! Words that are looked through for a real person's details: what is found lies inside the words, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warmly::practice::guard::look;

fuzz_target!(|text: &str| {
    for find in look(text) {
        assert!(text.get(find.range.clone()).is_some_and(|found| !found.is_empty()), "{find:?}");
    }
});
