//! What somebody of the staff signs in with: an e-mail address in its one spelling, and a password nobody guesses.

use std::collections::HashSet;

use serde::Deserialize;

use crate::cohorts::name::{self, NoName};

/// The fewest characters of a password.
pub const SHORTEST_PASSWORD: usize = 12;

/// The most characters of a password.
pub const LONGEST_PASSWORD: usize = 200;

/// The most characters of an e-mail address.
const LONGEST_EMAIL: usize = 254;

/// Passwords of twelve characters and more that are tried first: in lower case, sorted, one a line.
const COMMON: &str = include_str!("common_passwords.txt");

/// Words that make a password guessable when only digits and signs stand around them.
const COMMON_WORDS: [&str; 30] = [
    "password",
    "passwort",
    "passphrase",
    "welcome",
    "letmein",
    "admin",
    "administrator",
    "changeme",
    "secret",
    "qwerty",
    "qwertyuiop",
    "iloveyou",
    "nurse",
    "nurses",
    "nursing",
    "hospital",
    "educator",
    "manager",
    "practice",
    "patient",
    "spring",
    "summer",
    "autumn",
    "winter",
    "monday",
    "friday",
    "sunday",
    "january",
    "december",
    "football",
];

/// Keys beside each other, and the alphabet: what fingers type without thinking.
const RUNS: [&str; 6] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "09876543210987654321",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
];

/// An e-mail address in the one spelling that is stored and counted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Email(String);

impl Email {
    /// The address somebody typed, whatever the capitals and the spaces around it. None where it can't be one.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let email = typed.trim().to_lowercase();
        let (name, place) = email.split_once('@')?;
        let whole = !name.is_empty() && !place.is_empty() && !place.contains('@');
        let plain = !email.chars().any(|char| char.is_whitespace() || char.is_control());
        (whole && plain && email.chars().count() <= LONGEST_EMAIL).then_some(Self(email))
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the @.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// A password as somebody typed it, to the last space. Never shown, never logged, never stored.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Password(…)")
    }
}

impl Password {
    /// Whether nothing was typed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is hashed.
    pub(super) const fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Why this can't be the password of whoever has this address; None where it can.
    #[must_use]
    pub fn refusal(&self, email: Option<&Email>) -> Option<&'static str> {
        let long = self.0.chars().count();
        if long < SHORTEST_PASSWORD {
            return Some("Use at least 12 characters. A few words in a row are easy to remember");
        }
        if long > LONGEST_PASSWORD {
            return Some("Use at most 200 characters");
        }
        let lower = self.0.to_lowercase();
        let theirs = email.map(Email::name).filter(|name| name.chars().count() >= 3);
        if lower.contains("warmly") || theirs.is_some_and(|name| lower.contains(name)) {
            return Some("Leave your e-mail name and the name of this app out of the password");
        }
        is_guessable(&lower)
            .then_some("This password is among those that are tried first. Choose another one")
    }
}

/// Whether a password in lower case is one of the usual ones, or made as usual ones are.
fn is_guessable(lower: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|char| char.is_alphabetic()).collect::<String>();
    // Digits and signs around a word add little; those inside it stand for letters.
    let bare = lower.trim_matches(|char: char| !char.is_alphabetic());
    let plain: String = bare.chars().map(unmasked).collect();
    COMMON.lines().any(|common| [lower, bare, plain.as_str()].contains(&common))
        || [letters(lower), letters(&plain)].iter().any(|text| COMMON_WORDS.contains(&text.as_str()))
        || lower.chars().collect::<HashSet<char>>().len() < 5
        || is_repeated(lower)
        || RUNS.iter().any(|run| is_run(run, lower))
}

/// The letter that a digit or a sign stands for where somebody hides a word: `p@ssw0rd`.
const fn unmasked(char: char) -> char {
    match char {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether it is one short piece over and over; what is asked about is longer than any of them.
fn is_repeated(lower: &str) -> bool {
    let chars: Vec<char> = lower.chars().collect();
    (1..=8).any(|long| {
        let piece: Vec<char> = chars.iter().copied().take(long).collect();
        chars.chunks(long).all(|chunk| piece.starts_with(chunk))
    })
}

/// Whether it runs along these keys, forward or back.
fn is_run(run: &str, lower: &str) -> bool {
    let back: String = run.chars().rev().collect();
    run.contains(lower) || back.contains(lower)
}

/// A name as it is stored: in one line, single spaces, without signs that can't be seen or that turn the direction of
/// writing. A reason where it can't be one.
pub fn read_name(typed: &str) -> Result<String, &'static str> {
    name::name(typed).map_err(|why| match why {
        NoName::Empty => "Type your name, as the people you work with know you",
        NoName::TooLong(_) => "Shorten the name to 80 characters",
    })
}

#[cfg(test)]
mod tests {
    use super::{COMMON, SHORTEST_PASSWORD};

    #[test]
    fn at_least_the_3000_passwords_that_are_tried_first_are_known() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() >= 3_000, "{}", lines.len());
        assert!(lines.is_sorted_by(|one, next| one < next), "each once, in order");
        for line in lines {
            assert!(line.chars().count() >= SHORTEST_PASSWORD && line == line.to_lowercase(), "{line}");
        }
    }
}
