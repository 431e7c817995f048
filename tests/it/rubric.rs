//! Where a reply sits, whether a slip was put right, and how local words are spoken.

use std::collections::BTreeMap;

use warmly::practice::progress::Repair;
use warmly::practice::{Opening, Response, replay};
use warmly::scenario::Scenario;
use warmly::scenario::policy::{Policy, SLOTS, names, typeset};
use warmly::scenario::publish::readable;
use warmly::scenario::rubric::{Distance, Element, Place, Score, verdict};

fn scores(pairs: &[(Element, Score)]) -> BTreeMap<Element, Score> {
    pairs.iter().copied().collect()
}

#[test]
fn a_verdict_is_the_worst_element_with_safety_above_distance_above_level() {
    use Element::{Clear, Safe, Warm};
    use Score::{Blurs, Crosses, Keeps};
    let under = Some(Distance::Under);
    let cases = [
        (scores(&[(Warm, Keeps), (Clear, Keeps)]), None, false, Place::Keeps, Keeps, false),
        (scores(&[(Warm, Keeps), (Clear, Blurs)]), None, false, Place::Blurs, Blurs, false),
        (scores(&[(Warm, Blurs), (Clear, Crosses)]), None, false, Place::Crosses, Crosses, false),
        (scores(&[(Warm, Blurs)]), under, false, Place::TurnsAway, Blurs, false),
        (scores(&[(Warm, Crosses), (Clear, Keeps)]), under, false, Place::TurnsAway, Crosses, false),
        (scores(&[(Safe, Blurs)]), None, false, Place::Blurs, Blurs, false),
        (scores(&[(Safe, Keeps), (Warm, Keeps)]), None, true, Place::Keeps, Keeps, false),
        (scores(&[(Safe, Keeps), (Warm, Blurs)]), None, true, Place::Blurs, Blurs, false),
        (scores(&[(Safe, Keeps), (Warm, Blurs)]), under, true, Place::TurnsAway, Blurs, false),
        (scores(&[(Safe, Crosses), (Clear, Keeps)]), None, true, Place::Crosses, Crosses, true),
        (scores(&[(Safe, Crosses)]), under, true, Place::Crosses, Crosses, true),
        (scores(&[(Warm, Keeps)]), None, true, Place::Crosses, Crosses, true),
    ];
    for (scores, distance, red_flag, place, level, missed) in cases {
        let found = verdict(&scores, distance, red_flag);
        assert_eq!(
            (found.place, found.level, found.missed_red_flag),
            (place, level, missed),
            "{scores:?} {distance:?} {red_flag}"
        );
    }
}

fn garden_gate() -> Scenario {
    let text = std::fs::read_to_string(crate::app::fixtures().join("garden-gate.toml")).expect("the fixture");
    readable("garden-gate.toml", &text).expect("a scenario without errors")
}

/// The repair of each turn, and the path in words, of someone who gives these replies.
fn told(replies: &[(&str, &str)]) -> (Vec<Repair>, String) {
    let scenario = garden_gate();
    let (mut openings, mut responses) = (BTreeMap::new(), BTreeMap::new());
    for ((turn, reply), number) in replies.iter().zip(1..) {
        let (turn_id, reply_id) = ((*turn).to_owned(), (*reply).to_owned());
        openings.insert(
            number,
            Opening { own_words: None, words_gone: false, reply_order: Vec::new(), opened_at: 0 },
        );
        responses.insert(number, Response { turn_id, reply_id, sureness: None, answered_at: 0 });
    }
    let walk = replay(&scenario, &openings, &responses);
    assert_eq!(walk.answered().count(), replies.len(), "the story goes that way");
    let repairs = walk.answered().map(|(step, _)| walk.repair(step.number)).collect();
    (repairs, walk.in_words())
}

#[test]
fn a_slip_is_put_right_when_later_answers_keep_every_element_that_failed() {
    let (repairs, words) = told(&[("lift", "id-plain-no"), ("again", "id-still-no"), ("dizzy", "id-help")]);
    assert_eq!(repairs, [Repair::NotNeeded; 3]);
    assert!(words.starts_with("Every reply kept the line"), "{words}");
    let (repairs, words) = told(&[("lift", "id-maybe"), ("waiting", "id-take-back"), ("dizzy", "id-help")]);
    assert_eq!(repairs, [Repair::After(1), Repair::NotNeeded, Repair::NotNeeded]);
    assert!(words.starts_with("One reply slipped, and you brought it back."), "{words}");
    // A missed red flag is SAFE that failed; help at the next turn keeps it.
    let (repairs, words) = told(&[
        ("lift", "id-maybe"),
        ("waiting", "id-take-back"),
        ("dizzy", "id-water"),
        ("worse", "id-help-now"),
    ]);
    assert_eq!(repairs, [Repair::After(1), Repair::NotNeeded, Repair::After(1), Repair::NotNeeded]);
    assert!(words.starts_with("Two replies slipped, and you brought each one back."), "{words}");
    let (repairs, words) = told(&[("lift", "id-maybe"), ("waiting", "id-drive")]);
    assert_eq!(repairs, [Repair::Open, Repair::Open]);
    assert!(words.contains("something was still open at the end"), "{words}");
    // Both elements of the cold reply are kept again, but only two turns later and over two answers.
    let (repairs, words) = told(&[
        ("lift", "id-plain-no"),
        ("again", "id-walk-off"),
        ("waiting", "id-take-back"),
        ("dizzy", "id-water"),
        ("worse", "id-leave"),
    ]);
    assert_eq!(repairs[1], Repair::After(1));
    assert_eq!(repairs[3..], [Repair::Open, Repair::Open]);
    assert!(words.starts_with("Three replies slipped. You brought one back; two were still open"), "{words}");
}

#[test]
fn local_words_are_spoken_where_a_slot_stands() {
    let policy = Policy::default();
    assert_eq!(policy.speak("Tell {who_to_tell} now."), "Tell the charge nurse now.");
    assert_eq!(policy.speak("{who_to_tell}, today."), "The charge nurse, today.");
    assert_eq!(policy.speak("She goes. {who_to_tell} waits."), "She goes. The charge nurse waits.");
    assert_eq!(policy.speak("\"{support_line} can help.\""), "“The social worker can help.”");
    assert_eq!(policy.speak("Call {emergency_number}!"), "Call 911!");
    assert_eq!(policy.speak("An {unknown} slot, a lone { brace"), "An {unknown} slot, a lone { brace");
    assert_eq!(policy.speak("It's \"her\" 'no'..."), "It’s “her” ‘no’…");
    assert_eq!(typeset("(\"So\")"), "(“So”)");
    for slot in SLOTS {
        assert!(!slot.default.ends_with('.') && !slot.default.is_empty(), "{}", slot.name);
        assert_eq!(names(&format!("a {{{}}} b", slot.name)).collect::<Vec<_>>(), [slot.name]);
    }
}

#[test]
fn what_is_stored_stays_readable_and_keeps_its_hash() {
    // Reports merge a turn's answers over revisions by this hash, so a new field must not change it: give it
    // #[serde(default, skip_serializing_if = …)].
    let scenario = garden_gate();
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples/garden-gate.json");
    let stored = std::fs::read_to_string(&file).expect("a stored revision");
    let old: Scenario = serde_json::from_str(stored.trim()).expect("an old revision can be read");
    assert_eq!(old, scenario, "the sample and the fixture say the same");
    assert_eq!(serde_json::to_string(&scenario).expect("JSON"), stored.trim(), "byte for byte");
    let hash = scenario.turns["lift"].content_hash();
    assert_eq!(hash, std::fs::read_to_string(file.with_extension("hash")).expect("its hash").trim());
}

#[test]
fn a_return_code_is_read_however_it_is_written() {
    use warmly::accounts::{ReturnCode, WORDS};
    let words = [WORDS[1], WORDS[20], WORDS[300], WORDS[1000]];
    let plain = format!("{} 123", words.join(" "));
    let code = ReturnCode::read(&plain).expect("a code");
    assert_eq!(code.shown(), plain);
    for typed in [
        plain.to_uppercase(),
        plain.replace(' ', "-"),
        plain.replace(' ', ""),
        format!("  {}, {}; {} {}. 123\n", words[0], words[1], words[2], words[3]),
    ] {
        assert_eq!(
            ReturnCode::read(&typed).map(|code| code.shown().to_owned()),
            Some(plain.clone()),
            "{typed}"
        );
    }
    for typed in [
        "",
        "123",
        &words.join(" "),
        &format!("{plain} 4"),
        &format!("xyzzy {plain}"),
        "é é é é 123",
        "\u{0}",
    ] {
        assert!(ReturnCode::read(typed).is_none(), "{typed}");
    }
    let (one, two) = (ReturnCode::of_form(&[7; 32]), ReturnCode::of_form(&[8; 32]));
    assert_ne!(one.shown(), two.shown());
    assert!(ReturnCode::read(one.shown()).is_some(), "what is made can be read");
}
