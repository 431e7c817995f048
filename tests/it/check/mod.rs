//! What an author is told about a scenario file, and on which line.

mod advice;
mod command;
mod conversation;
mod fields;
mod survives;
mod unreadable;

use warmly::scenario::check::{Finding, Severity, check};
use warmly::scenario::parse::parse;

/// A small scenario about which there is nothing to say.
const GOOD: &str = r#"slug = "goodbye"
title = "A goodbye"
summary = "A patient asks for your number."
setting = "The ward door"
channel = "bedside"
minutes = 4
objective = "Say no once, and kindly."
family = "goodbye"
sources = []
opening = "It is noon."
start = "ask"

[people.rosa]
patient = true
name = "Rosa Marchetti"
who = "goes home today"
portrait = "rosa"

[people.joe]
name = "Joe Marchetti"
who = "is her nephew"

[you]
role = "A nurse"
situation = "You cared for her."

[turns.ask]
title = "She asks"
says = "Can I call you?"
mood = "wistful"

[[turns.ask.replies]]
id = "decline"
text = "I can't, Rosa."
scores = { warm = "keeps", clear = "keeps" }
reaction = { says = "I see.", mood = "hurt" }
kept = "She heard a clear no."
why = "It is short and true."
next = "kept"

[[turns.ask.replies]]
id = "maybe"
text = "We will see, maybe one day."
scores = { clear = "blurs" }
reaction = { says = "Soon then!", mood = "glad" }
why = "Maybe sounds like yes."
next = "again"

[[turns.ask.replies]]
id = "cold"
text = "That is not allowed."
scores = { warm = "crosses" }
distance = "under"
reaction = { does = "She looks away.", mood = "hurt" }
why = "She only hears the rule."
next = "again"

[turns.again]
title = "She asks again"
does = "She holds out a pen."
mood = "insistent"

[[turns.again.replies]]
id = "put-right"
text = "No, and I am glad we met."
scores = { clear = "keeps" }
reaction = { says = "Thank you.", mood = "relieved" }
kept = "The no is whole now."
why = "She knows where she stands."
next = "kept"

[[turns.again.replies]]
id = "give-in"
text = "Here."
scores = { clear = "crosses" }
reaction = { says = "I will call!", mood = "glad" }
why = "She has your number now."
next = "open"

[endings.kept]
title = "She goes home"
text = "She waves."
tell = "Nobody needs to know."
debrief = ["What helped?"]

[endings.open]
title = "She will call"
text = "Your phone rings at night."
tell = "{who_to_tell}, today."
debrief = ["What now?"]
"#;

const PORTRAITS: [&str; 2] = ["rosa", "kayla"];

/// The good scenario with one piece of its text replaced; the piece must stand there exactly once.
fn with(old: &str, new: &str) -> String {
    changed(GOOD, old, new)
}

fn changed(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old:?} must stand once in the scenario");
    text.replacen(old, new, 1)
}

fn findings(text: &str) -> Vec<Finding> {
    parse("goodbye.toml", text).map_or_else(|findings| findings, |parsed| check(&parsed, &PORTRAITS))
}

/// The line on which the only place that reads `at` begins.
fn line_of(text: &str, at: &str) -> usize {
    assert_eq!(text.matches(at).count(), 1, "{at:?} must stand once in the changed scenario");
    text.split(at).next().unwrap_or_default().split('\n').count()
}

#[track_caller]
fn only(severity: Severity, text: &str, at: &str, message: &str) {
    let found: Vec<_> = findings(text).into_iter().filter(|finding| finding.severity == severity).collect();
    assert_eq!(found.len(), 1, "one {severity:?} expected: {found:#?}");
    for finding in found {
        assert_eq!(finding.line, line_of(text, at), "{finding}");
        assert!(finding.message.contains(message), "{finding}");
    }
}

/// There is exactly one error: on the line of `at`, saying `message`.
#[track_caller]
fn error(text: &str, at: &str, message: &str) {
    only(Severity::Error, text, at, message);
}

/// There is exactly one piece of advice: on the line of `at`, saying `message`; and no error.
#[track_caller]
fn advice(text: &str, at: &str, message: &str) {
    only(Severity::Advice, text, at, message);
    assert!(findings(text).iter().all(|finding| finding.severity == Severity::Advice));
}

#[test]
fn a_good_scenario_has_no_findings() {
    assert_eq!(findings(GOOD), []);
}

#[test]
fn turns_people_and_endings_stay_in_the_order_of_the_file() {
    let parsed = parse("x", GOOD).unwrap();
    assert_eq!(parsed.scenario.turns.keys().collect::<Vec<_>>(), ["ask", "again"]);
    assert_eq!(parsed.scenario.people.keys().collect::<Vec<_>>(), ["rosa", "joe"]);
    assert_eq!(parsed.scenario.endings.keys().collect::<Vec<_>>(), ["kept", "open"]);
}

#[test]
fn a_file_from_windows_reads_the_same() {
    let good = with("\"She waves.\"", "\"\"\"She waves.\nShe goes.\"\"\"");
    let windows = format!("\u{feff}{}", good.replace('\n', "\r\n"));
    assert_eq!(findings(&windows), []);
    let [here, there] = [&good, &windows].map(|text| parse("x", text).unwrap().scenario.content_hash());
    assert_eq!(here, there);
    let text = windows.replace("start = \"ask\"", "start = \"aks\"");
    assert_eq!(findings(&text)[0].line, 11);
    assert_eq!(findings("\u{feff}slug = x")[0].column, Some(8), "the mark is no character of the line");
}
