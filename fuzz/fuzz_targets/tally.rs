//! Tallies as they lie in the database: bytes that were read are written again as they were.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warmly::practice::tally::Tally;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(tally) = Tally::unpack(bytes) {
        let packed = tally.pack();
        assert_eq!(Tally::unpack(&packed), Ok(tally), "what is written can be read");
    }
});
