//! Names as people write them, in any script, and what a name can't hold.

/// The longest name of a nurse, a cohort or a member of the staff, in characters.
pub const LONGEST_NAME: usize = 80;

/// The longest external id, in characters.
pub const LONGEST_ID: usize = 40;

/// Why something can't be a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoName {
    /// Nothing that can be read was typed.
    Empty,
    /// It is too long by this many characters.
    TooLong(usize),
}

/// A name in one line: spaces are single, and signs that can't be seen or that turn the direction of writing are gone.
pub fn name(typed: &str) -> Result<String, NoName> {
    let clean = clean(typed);
    if !clean.chars().any(char::is_alphanumeric) {
        return Err(NoName::Empty);
    }
    match clean.chars().count().saturating_sub(LONGEST_NAME) {
        0 => Ok(clean),
        excess => Err(NoName::TooLong(excess)),
    }
}

/// One line without signs that can't be seen. What joins letters in some scripts stays.
#[must_use]
pub fn clean(typed: &str) -> String {
    let unseen = |char: &char| matches!(char, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
    let seen = |char: char| if char.is_control() || char.is_whitespace() { ' ' } else { char };
    let line: String = typed.chars().filter(|char| !unseen(char)).map(seen).collect();
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Names in a sentence: "Ana, Ben and Chloe". None where there are none.
#[must_use]
pub fn names_in_words(names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [one] => Some(one.clone()),
        [others @ .., last] => Some(format!("{} and {last}", others.join(", "))),
    }
}
