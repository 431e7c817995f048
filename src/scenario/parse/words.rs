//! Puts what the TOML library says into words for someone who writes scenarios, not programs.

use crate::scenario::check::nearest;

/// A mistake in the writing itself; `near` is the piece of text the library points at.
///
/// The library's sentences are those of `toml_parser` 1.1; one it does not know here is passed on.
pub(super) fn syntax(message: &str, near: &str) -> String {
    let starts = |beginning: &str| message.starts_with(beginning);
    let plain = if starts("duplicate key") && ["replies", "sources"].contains(&near) {
        return format!("where there are several `{near}`, every heading has double brackets: [[…{near}]]");
    } else if starts("duplicate key") {
        return format!(
            "the name `{}` is already used above in the same place; each may stand only once",
            short(near)
        );
    } else if starts("string values must be quoted") && near.trim().is_empty() {
        "after the `=` something is missing"
    } else if starts("string values must be quoted") {
        "a text must stand in quotation marks"
    } else if starts("invalid multi-line") {
        "a text that began with three quotation marks, somewhere above, does not end with three"
    } else if starts("invalid basic string") || starts("invalid literal string") {
        "the closing quotation mark is missing; inside a text in \"…\" write \\\" for a quotation mark"
    } else if message.contains("escape") {
        "after a backslash only certain letters may stand; write \\\\ for a backslash, \\\" for a quotation mark"
    } else if starts("invalid boolean") {
        "true and false are written in small letters; any other word must stand in quotation marks"
    } else if starts("invalid unquoted key") || starts("invalid key") {
        "a name may only have letters, digits, hyphens and underscores; after it comes an `=`"
    } else if starts("key with no value") || starts("missing value for key") || starts("missing assignment") {
        "an `=` and what it stands for are missing here"
    } else if starts("missing value") {
        "after the `=` something is missing"
    } else if starts("unclosed array table") || starts("unclosed table") {
        "the heading in square brackets is not closed"
    } else if starts("unclosed array") {
        "a list opened with [ is not closed with ]"
    } else if starts("unclosed inline table") {
        "what was opened with { is not closed with }"
    } else if starts("missing comma") {
        "a comma is missing here, or a closing bracket just before"
    } else if starts("extra comma") {
        "there is a comma too many"
    } else if starts("extra `=`") || starts("unexpected `=`") || starts("extra assignment") {
        "there is an `=` too many"
    } else if starts("unexpected key or value") || starts("unexpected content") {
        "something more stands on this line than belongs there; was a quotation mark inside the text meant?"
    } else if starts("cannot extend value") {
        "this name already stands for something else above, so nothing can be put inside it"
    } else if message.contains("recursi") {
        "too many brackets inside brackets"
    } else {
        return format!("this can’t be read ({message})");
    };
    plain.to_owned()
}

/// A field that is missing, unknown, or not what it should be, in a named part of the scenario.
pub(super) fn shape(message: &str, part: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (first, others) =
        quoted.split_first().map_or(("", [].as_slice()), |(first, others)| (*first, others));
    if message.starts_with("missing field") {
        format!("`{first}` is missing in {part}")
    } else if message.starts_with("unknown field") {
        let hint = nearest(first, others.iter().copied());
        format!("there is no field `{first}`{hint} (there are: {})", others.join(", "))
    } else if message.starts_with("unknown variant") {
        let hint = nearest(first, others.iter().copied());
        format!("“{}” can’t stand here{hint} (choose from: {})", short(first), others.join(", "))
    } else if message.starts_with("wanted string or table") {
        "a word in quotation marks belongs here".to_owned()
    } else if message.starts_with("invalid") {
        let (found, wanted) = message.rsplit_once(", expected ").unwrap_or((message, ""));
        format!("{} belongs here, but this is {}", kind(wanted), kind(found))
    } else {
        format!("this can’t be read ({})", short(message))
    }
}

/// What the library calls a kind of value, in plain words; what was found or what was wanted.
fn kind(description: &str) -> &'static str {
    let outside = description.starts_with("invalid value");
    let description = description.split_once(": ").map_or(description, |(_, found)| found);
    let is = |word: &str| description.split([' ', '`']).any(|part| part == word);
    if ["u8", "u16", "u32", "u64"].into_iter().any(is) {
        "a whole number from 0 to 255"
    } else if is("integer") {
        if outside { "another number" } else { "a whole number" }
    } else if is("floating") {
        "a number with a point"
    } else if is("boolean") {
        "true or false, without quotation marks,"
    } else if is("sequence") {
        "a list in square brackets"
    } else if is("map") || is("struct") {
        "a group of fields (under its own heading, or between braces)"
    } else if is("string") {
        "a text in quotation marks"
    } else if is("datetime") {
        "a date"
    } else {
        "something else"
    }
}

/// The beginning of a text, short enough for a message.
fn short(text: &str) -> String {
    let mut chars = text.chars().filter(|char| !char.is_control());
    let mut short: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}
