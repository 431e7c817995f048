//! Slow and keyed hashes, so that a copy of the database opens nobody's practice and nobody's account.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::credentials::{Email, Password};
use super::second_step::{RECOVERY_CODES, RecoveryCode, Secret};
use super::{ReturnCode, StaffId};
use crate::clock::Millis;
use crate::cohorts::code::JoinCode;
use crate::cohorts::{CohortId, SeatId};
use crate::web::session::SessionToken;

/// What hashes are keyed and salted with: one random text per installation, kept in the database.
#[derive(Clone)]
pub struct Secrets {
    installation: Arc<str>,
    /// Those that are under way.
    places: Arc<Semaphore>,
    /// Those and the ones that wait.
    queue: Arc<Semaphore>,
    /// Their memory, used again: given back to the system it would pile up.
    memory: Arc<Mutex<Vec<Vec<Block>>>>,
    made: Arc<Made>,
}

/// Slow hashes, counted since the start.
#[derive(Debug, Default)]
struct Made {
    all: AtomicU64,
    at_once: AtomicU64,
    most_at_once: AtomicU64,
}

/// Too many slow hashes wait already.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Busy;

/// How many slow hashes may be under way or wait.
const QUEUE: usize = 40;

/// How many slow hashes are made at a time: two, or one where there are two cores or one. A second would need its memory
/// as well, and leave no core for those who only want to read.
const fn places(cores: usize) -> usize {
    if cores > 2 { 2 } else { 1 }
}

/// How a stored password begins: what it was made with. Another beginning, later, means other numbers.
const WRITTEN: &str = "argon2id$19456$2$1$";

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The secrets of the installation with this random text.
    #[must_use]
    pub fn new(installation: &str) -> Self {
        Self {
            installation: installation.into(),
            places: Arc::new(Semaphore::new(places(crate::cores()))),
            queue: Arc::new(Semaphore::new(QUEUE)),
            memory: Arc::default(),
            made: Arc::default(),
        }
    }

    /// The slow hash of a return code (Argon2id, 19 MiB, 2 rounds), in hex. At most two are made at a time,
    /// on one core one: each needs its memory.
    ///
    /// A hash that was begun keeps its place to its end, also when the one who asked has gone. When too many wait
    /// already, the answer is [`Busy`].
    pub async fn slow_hash(&self, code: &ReturnCode) -> Result<String, Busy> {
        self.slow(code.shown().as_bytes().to_vec(), self.keyed("return code", "")).await
    }

    /// The slow hash of a password under a salt of its own, written with both: `argon2id$19456$2$1$salt$hash`.
    pub async fn hash_password(&self, password: &Password, random: &str) -> Result<String, Busy> {
        let salt: String = random.chars().take(32).collect();
        let hash = self.slow(password.bytes().to_vec(), salt.clone()).await?;
        Ok(format!("{WRITTEN}{salt}${hash}"))
    }

    /// Whether a password is the one that was stored so. Where nothing is stored it takes as long to say no.
    pub async fn is_password(&self, password: &Password, stored: Option<&str>) -> Result<bool, Busy> {
        let stored = stored.and_then(|stored| stored.strip_prefix(WRITTEN)?.split_once('$'));
        let (salt, wanted) = stored.unwrap_or(("00000000000000000000000000000000", ""));
        let hash = self.slow(password.bytes().to_vec(), salt.to_owned()).await?;
        Ok(same(hash.as_bytes(), wanted.as_bytes()))
    }

    /// How many slow hashes were made since the start. They only grow.
    #[must_use]
    pub fn hashes(&self) -> u64 {
        self.made.all.load(Ordering::Relaxed)
    }

    /// How many slow hashes were under way at once at most, since the start.
    #[must_use]
    pub fn hashes_at_once(&self) -> u64 {
        self.made.most_at_once.load(Ordering::Relaxed)
    }

    async fn slow(&self, secret: Vec<u8>, salt: String) -> Result<String, Busy> {
        let waiting = Arc::clone(&self.queue).try_acquire_owned().map_err(|_| Busy)?;
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| Busy)?;
        let memory = Arc::clone(&self.memory);
        let made = Arc::clone(&self.made);
        let hashing = tokio::task::spawn_blocking(move || {
            let _held = (waiting, place);
            made.all.fetch_add(1, Ordering::Relaxed);
            let at_once = made.at_once.fetch_add(1, Ordering::Relaxed) + 1;
            made.most_at_once.fetch_max(at_once, Ordering::Relaxed);
            let params = Params::new(19 * 1024, 2, 1, Some(32)).ok()?;
            let mut blocks = memory.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
            blocks.resize(params.block_count(), Block::default());
            let mut hash = [0_u8; 32];
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password_into_with_memory(&secret, salt.as_bytes(), &mut hash, &mut blocks)
                .ok()?;
            memory.lock().unwrap_or_else(PoisonError::into_inner).push(blocks);
            made.at_once.fetch_sub(1, Ordering::Relaxed);
            Some(crate::hex(&hash))
        });
        hashing.await.ok().flatten().ok_or(Busy)
    }

    /// The bucket in which an address's wrong codes are counted: never the address itself.
    #[must_use]
    pub fn bucket(&self, address: &str) -> String {
        self.keyed("bucket", address)
    }

    /// The bucket in which tries at one account are counted, however its address is spelled.
    #[must_use]
    pub fn account_bucket(&self, email: &Email) -> String {
        self.keyed("account bucket", email.as_str())
    }

    /// The bucket in which an address's sign-ins in vain are counted.
    #[must_use]
    pub fn sign_in_bucket(&self, address: &str) -> String {
        self.keyed("sign-in bucket", address)
    }

    /// The bucket in which tries of the password of somebody who is signed in are counted. Not the one of sign-ins:
    /// whoever tries those from outside keeps nobody from changing her password.
    #[must_use]
    pub fn confirming_bucket(&self, staff: &StaffId) -> String {
        self.keyed("confirming bucket", staff.as_str())
    }

    /// The bucket in which wrong codes for one account's second step are counted.
    #[must_use]
    pub fn second_step_bucket(&self, staff: &StaffId) -> String {
        self.keyed("second step bucket", staff.as_str())
    }

    /// The bucket in which tries from a browser are counted that whoever has the account last came in with at
    /// `known_at`. Not named by the browser's token: that is a new one whenever anybody comes in there, so a colleague
    /// who signs in between would give new tries at the account of somebody else.
    #[must_use]
    pub fn device_bucket(&self, account: &str, known_at: Millis) -> String {
        self.keyed("device bucket", &format!("{account} {known_at}"))
    }

    /// What the secret of a second step is made of that is set up in this session: the same until it is done, so that
    /// opening the page again changes nothing for a phone that has it already.
    #[must_use]
    pub fn seed_of_session(&self, session_hash: &str) -> String {
        self.keyed("second step seed", session_hash)
    }

    /// The secret of somebody's second step.
    #[must_use]
    pub fn second_step(&self, staff: &StaffId, seed: &str) -> Secret {
        let [bytes @ .., _, _, _, _, _, _, _, _, _, _, _, _] =
            self.keyed_bytes("second step", &format!("{} {seed}", staff.as_str()));
        Secret::new(bytes)
    }

    /// The recovery codes that a form with this token makes: sent twice, it shows the same codes.
    #[must_use]
    pub fn recovery_codes_of_form(&self, staff: &StaffId, token: &str) -> Vec<RecoveryCode> {
        let code = |number: usize| {
            let text = format!("{} {token} {number}", staff.as_str());
            let [bytes @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
                self.keyed_bytes("recovery code of form", &text);
            RecoveryCode::of(bytes)
        };
        (0..RECOVERY_CODES).map(code).collect()
    }

    /// What is kept of a recovery code. Its 80 bits need no slow hash.
    #[must_use]
    pub fn recovery_code_hash(&self, code: &RecoveryCode) -> String {
        self.keyed("recovery code hash", code.joined())
    }

    /// The token of the link that a form makes: the same form sent twice shows the same link.
    #[must_use]
    pub fn link_of_form(&self, maker: &str, form_token: &str) -> String {
        self.keyed("link of form", &format!("{maker} {form_token}"))
    }

    /// The token of the set-up link with this id: every process that starts prints the same link.
    #[must_use]
    pub fn set_up_link(&self, id: &str) -> String {
        self.keyed("set-up link", id)
    }

    /// How a page names one of somebody's own sessions: nothing can be done with it but to end that session.
    #[must_use]
    pub fn session_name(&self, session_hash: &str) -> String {
        self.keyed("session name", session_hash).chars().take(16).collect()
    }

    /// The session that belongs to a start: a form sent twice finds the session it made the first time.
    #[must_use]
    pub fn session_of_start(&self, start_token: &str) -> SessionToken {
        SessionToken::new(self.keyed("session", start_token))
    }

    /// The return code that a form with this token makes.
    #[must_use]
    pub fn return_code_of_form(&self, token: &str) -> ReturnCode {
        ReturnCode::of_form(&self.keyed_bytes("return code of form", token))
    }

    /// The join code of a cohort with this number: it is made again where it is shown, and kept nowhere.
    #[must_use]
    pub fn join_code(&self, cohort: &CohortId, number: i64) -> JoinCode {
        JoinCode::of_keyed(&self.keyed_bytes("join code", &format!("{} {number}", cohort.as_str())))
    }

    /// What is kept of a join code: a code is too short for a hash without a key.
    #[must_use]
    pub fn join_code_hash(&self, code: &JoinCode) -> String {
        self.keyed("join code hash", code.joined())
    }

    /// The token of a seat's personal link, made by the form with this token: sent twice, it shows the same link.
    #[must_use]
    pub fn seat_link(&self, seat: &SeatId, form_token: &str) -> String {
        self.keyed("seat link", &format!("{} {form_token}", seat.as_str()))
    }

    fn keyed(&self, purpose: &str, text: &str) -> String {
        crate::hex(&self.keyed_bytes(purpose, text))
    }

    fn keyed_bytes(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [self.installation.as_ref(), purpose, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        hash.finalize().into()
    }
}

/// Whether two texts are the same, in a time that says nothing about where they differ.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |seen, (one, other)| seen | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_hashed_at_a_time_as_there_are_cores_but_two_at_most() {
        assert_eq!([1, 2, 3, 64].map(places), [1, 1, 2, 2]);
    }
}
