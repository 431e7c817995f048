//! Keeping the local words that an administrator filled in, as a new version, once.

use std::collections::BTreeMap;

use super::policy::{Policy, SLOTS, Slot, find};
use super::store;
use crate::accounts::audit::{Actor, Event};
use crate::accounts::staff::Staff;
use crate::accounts::store::{AuditEntry, note};
use crate::clock::{Clock, Millis};
use crate::db::Conn;

/// What an administrator typed or filled in, by slot.
pub type Words = BTreeMap<String, String>;

/// What the database holds of the local words.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// The version in force.
    pub version: i64,
    /// What was filled in.
    pub words: Words,
}

impl Stored {
    /// What it holds now.
    pub async fn read(conn: &mut Conn) -> sqlx::Result<Self> {
        let mut words = store::local_words(conn).await?;
        // A slot that only another version of the program knows stays as it is.
        words.retain(|name, _| find(name).is_some());
        Ok(Self { version: store::latest_policy(conn).await?, words })
    }
}

/// What became of words that were to be spoken.
#[derive(Debug)]
pub enum Outcome {
    /// They are in force, as this version.
    InForce(i64, Policy),
    /// Somebody else changed the words since the page was made.
    Meanwhile(Stored),
}

/// Words that were typed while somebody else changed them.
#[derive(Debug)]
pub struct Merged {
    /// What was typed where something was typed, and theirs everywhere else.
    pub words: Words,
    /// The slots that both changed, each with what they made of it.
    pub both: Vec<(&'static Slot, String)>,
}

/// Brings both together. `opened`: the words that were in force when the typing began.
#[must_use]
pub fn merge(opened: &Policy, stored: &Words, typed: &Words) -> Merged {
    let (theirs, ours) = (Policy::with(stored), Policy::with(typed));
    let mut merged = Merged { words: stored.clone(), both: Vec::new() };
    for slot in SLOTS.iter().filter(|slot| ours.of(slot.name) != opened.of(slot.name)) {
        match typed.get(slot.name) {
            Some(text) => merged.words.insert(slot.name.to_owned(), text.clone()),
            None => merged.words.remove(slot.name),
        };
        let now = theirs.of(slot.name);
        if now != opened.of(slot.name) && now != ours.of(slot.name) {
            merged.both.push((slot, now.unwrap_or_default().to_owned()));
        }
    }
    merged
}

/// Keeps the words and makes them a version, in one transaction; the same words again change nothing.
pub async fn save(
    conn: &mut Conn,
    clock: &Clock,
    by: &Staff,
    words: &Words,
    beside: i64,
) -> anyhow::Result<Outcome> {
    by.is_still_here(conn).await?;
    store::take_turn(conn).await?;
    let (stored, now): (_, Millis) = (Stored::read(conn).await?, clock.now());
    let policy = Policy::with(words);
    if stored.words == *words {
        return Ok(Outcome::InForce(stored.version, policy));
    }
    if stored.version != beside {
        return Ok(Outcome::Meanwhile(stored));
    }
    for slot in &SLOTS {
        store::put_local_words(conn, slot.name, words.get(slot.name).map_or("", String::as_str)).await?;
    }
    let version = store::adopt_policy(conn, &policy, now).await?;
    let entry = AuditEntry {
        object_id: Some(&version.to_string()),
        ..AuditEntry::of(clock.new_id(), now, Event::PolicyChanged, Actor::Staff(by.id().as_str()))
    };
    note(conn, &entry).await?;
    Ok(Outcome::InForce(version, policy))
}
