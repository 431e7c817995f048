//! Scenario files: whatever they hold is read or refused, and what was read can be checked, hashed and spoken.
#![no_main]

use libfuzzer_sys::fuzz_target;
use warmly::scenario::check::check;
use warmly::scenario::parse::parse;
use warmly::scenario::policy::{Policy, typeset};

fuzz_target!(|text: &str| {
    let Ok(parsed) = parse("fuzz.toml", text) else { return };
    let findings = check(&parsed, &[]);
    for finding in &findings {
        assert!(!finding.to_string().is_empty());
    }
    assert_eq!(parsed.scenario.content_hash().len(), 64);
    let policy = Policy::with(&std::collections::BTreeMap::new());
    for text in [&parsed.scenario.title, &parsed.scenario.opening] {
        let _ = (policy.speak(text), policy.pieces(text), typeset(text));
    }
});
