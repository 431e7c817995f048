//! Slow and keyed hashes, so that a copy of the database opens nobody's practice.

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::ReturnCode;
use crate::web::session::SessionToken;

/// What hashes are keyed and salted with: one random text per installation, kept in the database.
#[derive(Clone)]
pub struct Secrets {
    installation: Arc<str>,
    places: Arc<Semaphore>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The secrets of the installation with this random text.
    #[must_use]
    pub fn new(installation: &str) -> Self {
        Self { installation: installation.into(), places: Arc::new(Semaphore::new(2)) }
    }

    /// The slow hash of a return code (Argon2id, 19 MiB, 2 rounds), in hex. At most two are made at a time:
    /// each needs its memory.
    pub async fn slow_hash(&self, code: &ReturnCode) -> anyhow::Result<String> {
        let _place = self.places.acquire().await?;
        let code = code.clone();
        let salt = self.keyed("return code", "");
        tokio::task::spawn_blocking(move || {
            let params =
                Params::new(19 * 1024, 2, 1, Some(32)).map_err(|error| anyhow::anyhow!("{error}"))?;
            let mut hash = [0_u8; 32];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into(code.shown().as_bytes(), salt.as_bytes(), &mut hash)
                .map_err(|error| anyhow::anyhow!("{error}"))?;
            Ok(crate::hex(&hash))
        })
        .await?
    }

    /// The bucket in which an address's wrong codes are counted: never the address itself.
    #[must_use]
    pub fn bucket(&self, address: &str) -> String {
        self.keyed("bucket", address)
    }

    /// The session that belongs to a start: a form sent twice finds the session it made the first time.
    #[must_use]
    pub fn session_of_start(&self, start_token: &str) -> SessionToken {
        SessionToken::new(self.keyed("session", start_token))
    }

    fn keyed(&self, purpose: &str, text: &str) -> String {
        let mut hash = Sha256::new();
        for part in [self.installation.as_ref(), purpose, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        crate::hex(&hash.finalize())
    }
}
