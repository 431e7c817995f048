//! The join code of a cohort: six signs that are easy to read aloud, typed in any way.

/// The signs of a code. The letters O and I and the numbers 0 and 1 are left out: they look alike.
const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// How many signs a code has (30 bits).
const LENGTH: usize = 6;

/// How long a code opens, in milliseconds: 30 days.
pub const CODE_OPENS_FOR: crate::clock::Millis = 30 * 24 * 60 * 60 * 1000;

/// How long a personal link opens, in milliseconds: 30 days.
pub const LINK_OPENS_FOR: crate::clock::Millis = CODE_OPENS_FOR;

/// A join code. Whoever has it can join, so it is not written to logs.
#[derive(Clone, Eq, PartialEq)]
pub struct JoinCode(String);

/// Why what was typed can't be a code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoCode {
    /// It holds a letter O or I, or a number 0 or 1.
    LooksAlike,
    /// It is shorter or longer.
    Length,
    /// It has signs that no code has.
    Other,
}

impl std::fmt::Debug for JoinCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("JoinCode(…)")
    }
}

impl JoinCode {
    /// The code that belongs to these keyed bytes.
    #[must_use]
    pub fn of_keyed(keyed: &[u8; 32]) -> Self {
        let sign = |byte: &u8| SIGNS.get(usize::from(byte % 32)).copied().map(char::from);
        Self(keyed.iter().take(LENGTH).filter_map(sign).collect())
    }

    /// What a person typed: in any case, with or without spaces and hyphens.
    pub fn read(typed: &str) -> Result<Self, NoCode> {
        let separator = |char: &char| char.is_whitespace() || matches!(char, '-' | '‐' | '‑' | '–' | '.');
        let signs: String = typed.chars().filter(|char| !separator(char)).collect();
        let signs = signs.to_ascii_uppercase();
        if signs.chars().count() != LENGTH {
            return Err(NoCode::Length);
        }
        if signs.bytes().any(|sign| b"01OI".contains(&sign)) {
            return Err(NoCode::LooksAlike);
        }
        let whole = signs.len() == LENGTH && signs.bytes().all(|sign| SIGNS.contains(&sign));
        if whole { Ok(Self(signs)) } else { Err(NoCode::Other) }
    }

    /// In one piece, as addresses have it: K7M2QD.
    #[must_use]
    pub fn joined(&self) -> &str {
        &self.0
    }

    /// As people read it aloud: K7M 2QD.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(LENGTH / 2).unwrap_or((&self.0, ""));
        format!("{first} {second}")
    }
}
