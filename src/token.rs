//! Tokens that nobody can guess, in links, forms and cookies: how they are written, and what is kept of them.

use sha2::{Digest as _, Sha256};

use crate::clock::Millis;

/// How long a form sent twice still finds the session or the codes it made, in milliseconds: ten seconds. Whoever else
/// has seen the form (it stood open on a shared computer) has no longer than that.
pub const SENT_TWICE_WITHIN: Millis = 10 * 1000;

/// Whether what a form made at `then` was made just now. A time far ahead is not: the clock was put back since, and nobody
/// knows how long ago that was. A few seconds ahead are the clock of another machine.
#[must_use]
pub const fn sent_just_now(then: Millis, now: Millis) -> bool {
    now.saturating_sub(then).saturating_abs() < SENT_TWICE_WITHIN
}

/// Whether a text is written as our tokens are: 64 hexadecimal digits.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// What the database keeps of a token: SHA-256 in hex.
#[must_use]
pub fn token_hash(token: &str) -> String {
    crate::hex(&Sha256::digest(token.as_bytes()))
}

/// An id that belongs to this token: the same form sent twice makes the same thing.
#[must_use]
pub fn token_id(token: &str) -> String {
    let hash = Sha256::digest(format!("id {token}").as_bytes());
    let bytes: [u8; 16] = std::array::from_fn(|at| hash.get(at).copied().unwrap_or_default());
    uuid::Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::sent_just_now;

    #[test]
    fn just_now_is_less_than_ten_seconds_before_or_ahead() {
        for (then, is_so) in [(0, true), (9_999, true), (10_000, false), (60_000, false)] {
            assert_eq!(sent_just_now(100_000 - then, 100_000), is_so, "{then} ms ago");
            assert_eq!(sent_just_now(100_000 + then, 100_000), is_so, "{then} ms ahead");
        }
        assert!(!sent_just_now(i64::MIN, i64::MAX));
    }
}
