//! What turns say, in short: the same turn in two revisions is one where nothing of it changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::scenario::Turn;
use crate::scenario::library::Revision;

/// What a turn of a scenario says, as a small number: equal ones may be counted together. It means something only in
/// this process, so it is never stored.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Content(pub(super) usize);

/// What the turns of one revision say, in their author's order: in short, and as the hash of it.
pub type Turns = Arc<[(Content, String)]>;

/// What every turn says that was met so far. Hashing a turn takes longer than everything else that is counted of it,
/// and a revision never changes.
#[derive(Debug, Default)]
pub struct Contents(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// By the revision's id.
    revisions: HashMap<String, Turns>,
    /// By the scenario's slug and the hash.
    numbers: HashMap<(String, String), Content>,
}

impl Contents {
    /// What the turns of this revision say.
    #[must_use]
    pub fn of(&self, revision: &Revision) -> Turns {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = known.revisions.get(&revision.id) {
            return Arc::clone(turns);
        }
        drop(known);
        let hashes: Vec<String> = revision.scenario.turns.values().map(Turn::content_hash).collect();
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut number = |hash: String| {
            let next = Content(known.numbers.len());
            let key = (revision.scenario.slug.clone(), hash.clone());
            (*known.numbers.entry(key).or_insert(next), hash)
        };
        let turns: Turns = hashes.into_iter().map(&mut number).collect();
        known.revisions.insert(revision.id.clone(), Arc::clone(&turns));
        turns
    }
}
