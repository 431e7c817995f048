//! What an author is told when a file can't be read as a scenario.

use super::{GOOD, changed, error, findings, line_of, with};

#[test]
fn a_missing_quotation_mark_is_told_with_line_and_column() {
    let text = with("title = \"A goodbye\"", "title = \"A goodbye");
    let found = findings(&text);
    assert!(found[0].to_string().starts_with("goodbye.toml:2:"), "{}", found[0]);
    assert!(found[0].message.contains("closing quotation mark"), "{}", found[0]);
}

#[test]
fn a_text_without_quotation_marks_is_told() {
    error(&with("\"A goodbye\"", "Goodbye"), "title = Goodbye", "must stand in quotation marks");
}

#[test]
fn a_field_written_twice_is_told() {
    error(&with("minutes = 4", "minutes = 4\nminutes = 5"), "minutes = 5", "`minutes` is already used above");
}

#[test]
fn a_heading_of_several_with_single_brackets_is_told() {
    let text = with("[[turns.ask.replies]]\nid = \"decline\"", "[turns.ask.replies]\nid = \"decline\"");
    assert!(findings(&text)[0].message.contains("double brackets"), "{:#?}", findings(&text));
}

#[test]
fn columns_count_characters() {
    let text = with("{ warm = \"crosses\" }", "{ \"é\" = \"keeps\", loud = \"keeps\" }");
    let found = findings(&text);
    assert_eq!(
        found[0].to_string().split(": ").next(),
        Some(format!("goodbye.toml:{}:27", line_of(&text, "loud")).as_str())
    );
}

#[test]
fn an_unknown_field_is_told_with_the_likeliest_one() {
    error(&with("summary =", "sumary ="), "sumary =", "there is no field `sumary`; did you mean “summary”?");
}

#[test]
fn a_missing_field_is_told_at_its_heading() {
    error(
        &with("why = \"Maybe sounds like yes.\"\n", ""),
        "[[turns.ask.replies]]\nid = \"maybe\"",
        "`why` is missing",
    );
    error(
        &with("reaction = { says = \"I see.\", mood = \"hurt\" }\n", ""),
        "[[turns.ask.replies]]\nid = \"decline\"",
        "`reaction` is missing",
    );
    error(&with("setting = \"The ward door\"\n", ""), "slug =", "`setting` is missing");
}

#[test]
fn mistakes_in_several_parts_are_told_together() {
    let text = changed(&with("why = \"Maybe sounds like yes.\"\n", ""), "text = \"She waves.\"\n", "");
    let messages: Vec<_> = findings(&text).into_iter().map(|finding| finding.message).collect();
    assert_eq!(
        messages,
        ["`why` is missing in reply 2 of the turn “ask”", "`text` is missing in the ending “kept”"]
    );
}

#[test]
fn a_score_that_does_not_exist_is_told_with_the_choices() {
    error(
        &with("{ clear = \"blurs\" }", "{ clear = \"blur\" }"),
        "\"blur\"",
        "“blur” can’t stand here; did you mean “blurs”?",
    );
    error(
        &with("{ clear = \"blurs\" }", "{ polite = \"blurs\" }"),
        "polite",
        "(choose from: warm, clear, honest",
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_told_plainly() {
    let told = |old, new, at, message| error(&with(old, new), at, message);
    told(
        "title = \"A goodbye\"",
        "title = 3",
        "title = 3",
        "a text in quotation marks belongs here, but this is a whole number",
    );
    told("minutes = 4", "minutes = 300", "minutes = 300", "a whole number from 0 to 255 belongs here");
    told(
        "minutes = 4",
        "minutes = \"4\"",
        "minutes = \"4\"",
        "a whole number from 0 to 255 belongs here, but this is a text",
    );
    told("patient = true", "patient = \"yes\"", "patient = \"yes\"", "true or false");
    told("[\"What helped?\"]", "\"What helped?\"", "\"What helped?\"", "a list in square brackets");
    told("{ clear = \"blurs\" }", "[\"clear\"]", "[\"clear\"]", "a group of fields");
    told("channel = \"bedside\"", "channel = 1", "channel = 1", "a word in quotation marks");
}

#[test]
fn files_that_are_no_scenario_are_refused_without_a_fall() {
    let deep = [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{a=".repeat(50_000)),
        format!("{} = 1", vec!["a"; 50_000].join(".")),
        format!("[{}]", vec!["a"; 50_000].join(".")),
        format!("[[{}]]\n", ["a"; 79].join(".")).repeat(200),
    ];
    for text in deep.iter().map(String::as_str).chain(["", "\0", "\u{feff}", "\r", "\r\n", "=", "[", "a.b"]) {
        let found = findings(text);
        assert!(!found.is_empty() && found.iter().all(|finding| finding.line >= 1));
    }
}

#[test]
fn a_huge_file_is_refused_before_it_is_read() {
    let found = findings(&format!("{GOOD}{}", "# more\n".repeat(100_000)));
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("larger than"), "{}", found[0]);
}

#[test]
fn a_mistyped_turn_name_is_told_by_that_name() {
    let text =
        with("[[turns.again.replies]]\nid = \"put-right\"", "[[turns.agian.replies]]\nid = \"put-right\"");
    error(&text, "turns.agian", "`title` is missing in the turn “agian”");
}

#[test]
fn only_the_first_mistake_in_the_writing_is_told() {
    let text = with("scores = { clear = \"blurs\" }", "scores = { clear = \"blurs\"");
    error(&text, "reaction = { says = \"Soon then!\"", "a closing bracket just before");
}

#[test]
fn mistakes_in_the_writing_are_told_in_plain_words() {
    for (new, message) in [
        ("minutes =", "after the `=` something is missing"),
        ("minutes 4", "an `=` and what it stands for are missing"),
        ("minutes = [4", "closing bracket"),
        ("minutes = True", "true and false are written in small letters"),
        ("minutes = \"\\q\"", "after a backslash only certain letters"),
        ("minutes = \"four\"teen\"", "something more stands on this line"),
        ("minutes! = 4", "a name may only have letters"),
        ("[you", "the heading in square brackets is not closed"),
        ("minutes = { a = 1,, }", "a comma too many"),
        ("slug.x = 1", "already stands for something else"),
    ] {
        let found = findings(&with("minutes = 4", new));
        assert!(found.len() == 1 && found[0].message.contains(message), "{new}: {found:#?}");
    }
}
