//! What an author is told about names, texts and other fields.

use warmly::scenario::check::check;
use warmly::scenario::parse::parse;

use super::{GOOD, error, findings, line_of, with};

#[test]
fn an_empty_why_is_an_error() {
    error(&with("\"Maybe sounds like yes.\"", "\"\""), "why = \"\"", "`why` is empty");
}

#[test]
fn an_unknown_policy_slot_is_an_error_wherever_it_stands() {
    error(
        &with("{who_to_tell}", "{who_to_tel}"),
        "{who_to_tel}",
        "no local text called {who_to_tel}; did you mean “who_to_tell”?",
    );
    let once = [
        "A goodbye",
        "It is noon.",
        "Can I call you?",
        "She holds out a pen.",
        "We will see, maybe one day.",
        "Soon then!",
        "She looks away.",
        "She heard a clear no.",
        "Maybe sounds like yes.",
        "She waves.",
        "What helped?",
        "is her nephew",
        "You cared for her.",
    ];
    for text in once {
        error(&with(text, "Call {nobody}."), "{nobody}", "no local text called {nobody}");
    }
}

#[test]
fn a_stray_brace_is_an_error() {
    for stray in ["She {waves.", "She waves}.", "{who_to_tell} waves}.", "{who_to_tell} {waves."] {
        error(&with("She waves.", stray), stray, "a brace stands alone");
    }
}

#[test]
fn an_unknown_speaker_is_an_error() {
    error(
        &with("says = \"Can I call you?\"", "speaker = \"jo\"\nsays = \"Can I call you?\""),
        "speaker = \"jo\"",
        "nobody called “jo” under `people`; did you mean “joe”?",
    );
    error(
        &with("{ says = \"Soon then!\"", "{ speaker = \"ann\", says = \"Soon then!\""),
        "speaker = \"ann\"",
        "nobody called “ann”",
    );
}

#[test]
fn exactly_one_person_is_the_patient() {
    error(&with("patient = true\n", ""), "[people.rosa]", "nobody is marked");
    error(
        &with("[people.joe]", "[people.joe]\npatient  = true"),
        "patient  = true",
        "“joe” is a second patient",
    );
}

#[test]
fn two_replies_of_a_turn_may_not_share_a_name() {
    error(
        &with("id = \"cold\"", "id  = \"maybe\""),
        "id  = \"maybe\"",
        "two replies of this turn are called “maybe”",
    );
}

#[test]
fn a_name_may_not_be_both_a_turn_and_an_ending() {
    let text = with("[endings.open]", "[endings.again]").replace("next = \"open\"", "next = \"again\"");
    let found = findings(&text);
    assert!(
        found.iter().any(|finding| finding.line == line_of(&text, "[endings.again]")
            && finding.message.contains("both a turn and an ending")),
        "{found:#?}"
    );
}

#[test]
fn names_are_lower_case_words_with_hyphens() {
    error(
        &with("slug = \"goodbye\"", "slug = \"Good bye\""),
        "slug =",
        "`slug` may only have lower-case letters",
    );
    error(&with("slug = \"goodbye\"", "slug = \"\""), "slug =", "`slug` is empty");
    error(&with("family = \"goodbye\"", "family = \"a--b\""), "family =", "`family` may only");
    error(&with("slug = \"goodbye\"", &format!("slug = \"{}\"", "a".repeat(61))), "slug =", "longer than 60");
    error(&with("id = \"maybe\"", "id = \"may_be\""), "id = \"may_be\"", "the reply’s `id` may only");
    error(&with("[people.joe]", "[people.Joe]"), "[people.Joe]", "the name “Joe” may only");
    let text = GOOD.replace("next = \"again\"", "next = \"Again\"").replace("turns.again", "turns.Again");
    error(&text, "[turns.Again]", "the name “Again” may only");
}

#[test]
fn texts_may_not_be_empty() {
    for (line, field) in [
        ("title = \"A goodbye\"", "title"),
        ("summary = \"A patient asks for your number.\"", "summary"),
        ("setting = \"The ward door\"", "setting"),
        ("objective = \"Say no once, and kindly.\"", "objective"),
        ("opening = \"It is noon.\"", "opening"),
        ("role = \"A nurse\"", "role"),
        ("situation = \"You cared for her.\"", "situation"),
        ("name = \"Rosa Marchetti\"", "name"),
        ("who = \"goes home today\"", "who"),
        ("title = \"She asks\"", "title"),
        ("text = \"Here.\"", "text"),
        ("title = \"She will call\"", "title"),
        ("text = \"She waves.\"", "text"),
        ("tell = \"{who_to_tell}, today.\"", "tell"),
    ] {
        let empty = format!("{field} =  \" \"");
        error(&with(line, &empty), &empty, &format!("`{field}` is empty"));
    }
    error(&with("[\"What helped?\"]", "[]"), "debrief = []", "at least one question");
    error(&with("\"What helped?\"", "\"\""), "debrief = [\"\"]", "`debrief` is empty");
}

#[test]
fn minutes_are_between_one_and_thirty() {
    for minutes in [0, 31] {
        error(&with("minutes = 4", &format!("minutes = {minutes}")), "minutes =", "between 1 and 30");
    }
    assert_eq!(findings(&with("minutes = 4", "minutes = 30")), []);
}

#[test]
fn a_portrait_that_does_not_exist_is_an_error() {
    let text = with("portrait = \"rosa\"", "portrait = \"elvis\"");
    error(&text, "portrait =", "no drawing called “elvis”");
    assert_eq!(check(&parse("x", &text).unwrap(), &[]), []);
}

#[test]
fn texts_may_not_be_too_long() {
    let long = |count: usize| "a".repeat(count);
    error(&with("Soon then!", &long(601)), "reaction = { says = \"aaa", "`says` has 601 characters");
    error(&with("Can I call you?", &long(601)), "says = \"aaa", "`says` has 601 characters");
    error(&with("We will see, maybe one day.", &long(601)), "text = \"aaa", "`text` has 601 characters");
    error(&with("Maybe sounds like yes.", &long(801)), "why = \"aaa", "`why` has 801 characters");
    assert_eq!(findings(&with("Can I call you?", &"é".repeat(600))), []);
    assert_eq!(findings(&with("Maybe sounds like yes.", &long(800))), []);
}

#[test]
fn a_character_that_can_t_be_shown_is_an_error() {
    error(&with("She waves.", "She \\u0000 waves."), "She \\u0000", "can’t be shown");
}
