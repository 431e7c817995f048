//! The list of OWASP's ASVS 5.0, level 2, with what shows each item: a test's name, or a sentence. Every name must be
//! that of a test; nothing may be left out.

use std::collections::BTreeSet;

const ITEMS: &str = include_str!("../asvs.tsv");

/// How many items of the two levels there are, and how many of them are about a program of this kind.
const ALL: usize = 253;
const APPLY: usize = 205;

/// Every test of this folder and of the browser's: `it/routes::whoever_may_is_let_in`.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder in ["it", "browser"] {
        for (path, text) in crate::rules::files(&format!("tests/{folder}"), "rs") {
            let module = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                is_test |= matches!(line, "#[test]" | "#[tokio::test]") || line.starts_with("#[tokio::test(");
                let Some((_, rest)) = line.split_once("fn ").filter(|_| is_test) else { continue };
                let name: String =
                    rest.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
                names.insert(format!("{folder}/{module}::{name}"));
                is_test = false;
            }
        }
    }
    assert!(names.len() > 300, "{} tests were found", names.len());
    names
}

#[test]
fn every_item_that_applies_names_its_test_or_says_in_a_sentence_what_is_done() {
    let tests = tests();
    let (mut all, mut apply, mut proved) = (0, 0, 0);
    let mut ids = BTreeSet::new();
    for line in ITEMS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [id, level, _, _, asked, applies, shown] = fields[..] else { panic!("seven columns: {line}") };
        assert!(ids.insert(id), "{id} stands twice");
        assert!(id.starts_with('V') && ["L1", "L2"].contains(&level) && !asked.is_empty(), "{line}");
        all += 1;
        if applies != "yes" {
            assert_eq!((applies, shown), ("no", ""), "{id}");
            continue;
        }
        apply += 1;
        let words = shown.split(' ').map(|word| word.trim_matches(|sign: char| !sign.is_alphanumeric()));
        let named: Vec<&str> = words.filter(|word| word.contains("::")).collect();
        for name in &named {
            assert!(tests.contains(*name), "{id}: there is no test {name}");
        }
        let sentence = shown.len() >= 20 && shown.ends_with('.');
        assert!(!named.is_empty() || sentence, "{id}: {shown}");
        proved += usize::from(!named.is_empty());
    }
    assert_eq!((all, apply), (ALL, APPLY), "the list is whole");
    assert!(proved >= 100, "{proved} of them name a test");
}

#[test]
fn every_hole_that_others_had_names_tests_that_exist() {
    let tests = tests();
    for (hole, names) in crate::peers::HOLES {
        for name in names {
            assert!(tests.contains(&format!("it/{name}")), "{hole}: there is no test {name}");
        }
        assert!(!names.is_empty() || hole.contains(": no "), "{hole} says why there is none");
    }
}
