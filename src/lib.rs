//! Warmly, no: nurses practice declining personal contact with patients, kindly and completely.
//!
//! The modules, from the ground up:
//! - [`clock`] time, ids and chance, injected so that tests can hold them still
//! - [`token`] what is kept of the unguessable tokens in links, forms and cookies
//! - [`db`] the only place that knows there are two databases
//! - [`config`] every setting, with its flag and its environment variable
//! - [`web`] what every page needs: routes, errors, forms, headers, assets
//! - [`scenario`] conversations to practice: model, parser, checks, catalogue
//! - [`practice`] going through one: turns, reactions, looking back, my practice
//! - [`accounts`] who is here and what each may do: sessions, sign-in, invitations, roles, the audit log
//! - [`cohorts`] groups of nurses: seats, joining, assignments
//! - [`review`] where a cohort slips: overview, map, transcripts, comments, export
//! - [`operate`] what the program does besides serving
//! - [`help`] the plain pages: how it works, the words on the line, who can see what
//! - [`ready`] whether it is alive and keeps what is sent to it
//! - [`app`] all of it put together and served

pub mod accounts;
pub mod app;
pub mod clock;
pub mod cohorts;
pub mod config;
pub mod db;
pub mod help;
pub mod operate;
#[cfg(feature = "planted")]
pub mod planted;
pub mod practice;
pub mod ready;
pub mod review;
pub mod scenario;
pub mod token;
pub mod web;

/// How many cores this process may use, one at least.
#[must_use]
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
