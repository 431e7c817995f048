//! One remark about a scenario file: where it is, how serious, and what to do, in plain words.

use std::fmt;

/// Whether a remark stops publishing.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// Must be put right before publishing.
    Error,
    /// Worth a look; does not stop publishing.
    Advice,
}

/// One remark about a scenario file. It displays as `file:line: message`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// The file's name as it was given.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters; known where the file could not be read.
    pub column: Option<usize>,
    /// Whether it stops publishing.
    pub severity: Severity,
    /// What is wrong and what to do, without a full stop.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        let mark = match self.severity {
            Severity::Error => "",
            Severity::Advice => "advice: ",
        };
        write!(f, ": {mark}{}", self.message)
    }
}

/// More names than this and no likeness is looked for: it would take long, and help little.
const MAX_CANDIDATES: usize = 200;

/// "; did you mean “request”?" where one of the candidates is nearly this name, or nothing.
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let candidates: Vec<&str> = candidates.take(MAX_CANDIDATES + 1).collect();
    if candidates.len() > MAX_CANDIDATES || name.chars().count() > super::MAX_ID {
        return String::new();
    }
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    let distances = candidates.into_iter().map(|candidate| {
        let swapped = sorted(name) == sorted(candidate);
        (if swapped { 1 } else { distance(name, candidate) }, candidate)
    });
    match distances.filter(|(distance, _)| *distance <= allowed).min() {
        Some((_, candidate)) => format!("; did you mean “{candidate}”?"),
        None => String::new(),
    }
}

/// A word's letters in order: two words that agree differ by a swap, the commonest slip of fingers.
fn sorted(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

/// How many letters must be added, dropped or changed to turn one word into the other.
/// Source: Levenshtein 1966, one row at a time.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (index, char) in from.chars().enumerate() {
        let mut left = index + 1;
        let mut diagonal = index;
        for (cell, other) in row.iter_mut().skip(1).zip(to.chars()) {
            let changed = diagonal + usize::from(char != other);
            diagonal = *cell;
            left = changed.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}
