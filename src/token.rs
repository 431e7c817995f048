//! Tokens that nobody can guess, in links, forms and cookies: how they are written, and what is kept of them.

use sha2::{Digest as _, Sha256};

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
