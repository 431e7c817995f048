//! Who is here: a nurse who may be nameless, an educator, a manager, an administrator; and what each may do.

pub mod admit;
pub mod audit;
pub mod audit_words;
pub mod belief;
pub mod browser;
pub mod changes;
pub mod credentials;
pub mod device;
pub mod enter;
pub mod erasure;
pub mod first;
pub mod keeping;
pub mod link;
pub mod nurse;
pub mod oversee;
pub mod own;
pub mod second;
pub mod second_step;
pub mod secrets;
pub mod staff;
pub mod store;
pub mod sweep;
pub mod tries;
pub mod web;

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::cohorts::CohortId;

/// A nurse's id.
#[derive(Clone, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(transparent)]
pub struct NurseId(pub String);

/// The id of an educator, manager or administrator.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct StaffId(String);

impl StaffId {
    /// The id that is written so. None where it can't be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        crate::clock::is_id(text).then(|| Self(text.to_owned()))
    }

    /// As it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody of the staff, as the pages about people show her.
#[derive(Clone, Debug)]
pub struct Person {
    /// Her id.
    pub id: StaffId,
    /// The address she signs in with.
    pub email: String,
    /// Her name.
    pub name: String,
    /// Whether she runs the installation.
    pub administrator: bool,
    /// Whether she may make cohorts.
    pub educator: bool,
    /// When she was last here.
    pub last_seen_at: Millis,
    /// Since when she can't come in.
    pub disabled_at: Option<Millis>,
}

/// Somebody's role in a cohort.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The cohort.
    pub cohort: CohortId,
    /// Who.
    pub staff: StaffId,
    /// Her name.
    pub name: String,
    /// What she may do in it.
    pub role: Role,
    /// Since when.
    pub since: Millis,
}

/// What somebody may do in one cohort.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Sees assigned work, comments, sets scenarios, decides who is in.
    Educator,
    /// Sees who has completed what, and when; nothing else.
    Manager,
}

impl Role {
    /// As it is stored and posted.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Educator => "educator",
            Self::Manager => "manager",
        }
    }

    /// The role stored or posted under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Educator, Self::Manager].into_iter().find(|role| role.stored() == text)
    }
}

/// How long a session of the staff may be left alone before it ends, in milliseconds: 30 minutes.
pub const STAFF_IDLE: Millis = 30 * 60 * 1000;

/// How long a session of the staff lasts at most, in milliseconds: 12 hours.
pub const STAFF_LONGEST: Millis = 12 * 60 * 60 * 1000;

/// The same for an administrator: 8 hours.
pub const ADMINISTRATOR_LONGEST: Millis = 8 * 60 * 60 * 1000;

/// By how much the clocks of two machines may differ, in milliseconds: five minutes. What is dated further ahead than
/// that was noted by a clock that went wrong, and counts for nothing.
pub const CLOCKS_DIFFER: Millis = 5 * 60 * 1000;

/// Whether a session of the staff, begun at `began` and last seen at `seen`, is still alive at `now`. One from the
/// future is not: it would have no end.
#[must_use]
pub const fn staff_is_alive(began: Millis, seen: Millis, administrator: bool, now: Millis) -> bool {
    let longest = if administrator { ADMINISTRATOR_LONGEST } else { STAFF_LONGEST };
    let latest = now + CLOCKS_DIFFER;
    now - seen < STAFF_IDLE && now - began < longest && began <= latest && seen <= latest
}

/// How long a session may be left alone before it ends, in milliseconds: 12 hours.
pub const IDLE: Millis = 12 * 60 * 60 * 1000;

/// The same on a nurse's own device: 90 days.
pub const IDLE_ON_OWN_DEVICE: Millis = 90 * 24 * 60 * 60 * 1000;

/// How often "last seen" is written at most, in milliseconds: every five minutes.
pub const SEEN_EVERY: Millis = 5 * 60 * 1000;

/// Whether a session that was last seen at `seen` is still alive at `now`. A nurse may have no other way to her practice,
/// so a clock that was put back is forgiven for as long as she may be away.
#[must_use]
pub const fn is_alive(seen: Millis, own_device: bool, now: Millis) -> bool {
    (now - seen).abs() < if own_device { IDLE_ON_OWN_DEVICE } else { IDLE }
}

/// How many wrong codes one address may try within [`TRIES_COUNT_FOR`]. A whole hospital may share an address, and a
/// code has about 50 bits, so this guards the machine rather than the code.
pub const TRIES_ALLOWED: i64 = 60;

/// How often the password of one account may be tried within [`TRIES_COUNT_FOR`].
pub const ACCOUNT_TRIES_ALLOWED: i64 = 10;

/// How often a password or a code may be tried within [`TRIES_COUNT_FOR`] from a browser with which whoever has the
/// account came in before. These tries are counted apart: whoever attacks the account from elsewhere locks nobody out.
pub const DEVICE_TRIES_ALLOWED: i64 = 5;

/// How long a browser is known after somebody came in with it, in milliseconds: 180 days.
pub const DEVICE_LIVES: Millis = 180 * 24 * 60 * 60 * 1000;

/// How long a try counts, in milliseconds: 15 minutes.
pub const TRIES_COUNT_FOR: Millis = 15 * 60 * 1000;

/// The words that return codes are made of: 1,024, so each is worth ten bits.
pub static WORDS: LazyLock<Vec<&'static str>> = LazyLock::new(|| include_str!("words.txt").lines().collect());

static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| WORDS.iter().copied().collect());

/// Four words and a number from 100 to 999 (about 50 bits): what brings a nurse back on another device.
#[derive(Clone, Eq, PartialEq)]
pub struct ReturnCode(String);

impl std::fmt::Debug for ReturnCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ReturnCode(…)")
    }
}

impl ReturnCode {
    /// The code that belongs to this form token: a form sent twice shows the same code twice.
    #[must_use]
    pub fn of_form(keyed: &[u8; 32]) -> Self {
        let mut numbers = keyed
            .chunks_exact(4)
            .map(|bytes| bytes.iter().fold(0_usize, |number, byte| (number << 8) + usize::from(*byte)));
        let mut words = WORDS.clone();
        let mut parts: Vec<String> = Vec::with_capacity(5);
        for _ in 0..4 {
            let number = numbers.next().unwrap_or_default();
            if !words.is_empty() {
                parts.push(words.swap_remove(number % words.len()).to_owned());
            }
        }
        parts.push((100 + numbers.next().unwrap_or_default() % 900).to_string());
        Self(parts.join(" "))
    }

    /// What a person typed, however she spaced, cased or joined it. None where it can't be a code at all.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let lower = typed.to_lowercase();
        let runs = lower.split(|char: char| !char.is_alphanumeric()).filter(|run| !run.is_empty());
        let parts: Vec<&str> = runs.flat_map(parts_of_run).collect();
        let (number, words) = parts.split_last()?;
        let is_number = number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
        let are_words = words.len() == 4 && words.iter().all(|word| KNOWN.contains(word));
        (is_number && are_words).then(|| Self(parts.join(" ")))
    }

    /// The code, to be shown once.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.0
    }
}

/// The words and digits of something typed without spaces; all of it as it stands where it can't be cut into words.
fn parts_of_run(run: &str) -> Vec<&str> {
    cut(run, 5).unwrap_or_else(|| vec![run])
}

/// Cuts what was typed into words of the list, then perhaps a number, in at most so many parts. A word may begin with
/// another ("rooftop"), so each way is tried.
fn cut(run: &str, most: usize) -> Option<Vec<&str>> {
    if run.is_empty() {
        return Some(Vec::new());
    }
    if run.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(vec![run]);
    }
    let left = most.checked_sub(1)?;
    WORDS.iter().find_map(|word| {
        let mut parts = cut(run.strip_prefix(word)?, left)?;
        parts.insert(0, run.get(..word.len())?);
        Some(parts)
    })
}
