//! No text, however strange, brings the program down.

use proptest::prelude::*;

use super::{GOOD, findings};

/// Runs everything there is on a text, and holds every finding to its promise.
fn survives(text: &str) {
    let lines = text.split('\n').count();
    for finding in findings(text) {
        assert!((1..=lines).contains(&finding.line), "{finding}");
        assert!(!finding.message.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn any_toml_like_text_is_survived(text in "([\\[\\]{}=.,\"'\\\\#\n a-c0-9é-]|turns|replies|\\[\\[|\"\"\"){0,80}") {
        survives(&text);
    }

    #[test]
    fn a_damaged_scenario_is_survived(
        from in 0..GOOD.len(),
        length in 0..40_usize,
        piece in "(\\PC{0,6}|[\\[\\]{}=\"\n\0\r.]{0,4})",
        again in 0..GOOD.len(),
    ) {
        // GOOD is ASCII, so every byte is a boundary.
        let to = (from + length).min(GOOD.len());
        let text = format!("{}{piece}{}", &GOOD[..from], &GOOD[to..]);
        survives(&text);
        let doubled = format!("{text}\n{}", &GOOD[again..(again + 200).min(GOOD.len())]);
        survives(&doubled);
    }
}
