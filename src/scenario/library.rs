//! Every published revision, in memory: what is in the catalogue now, and what older attempts still need.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::Scenario;
use super::policy::Policy;

/// An immutable published version of a scenario.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// 1 for the first published version of this scenario, and so on.
    pub number: i64,
    /// What it says.
    pub scenario: Scenario,
    /// What of it looks like somebody's details, once that was looked for.
    details: OnceLock<Vec<String>>,
}

impl Revision {
    pub(super) const fn new(id: String, number: i64, scenario: Scenario) -> Self {
        Self { id, number, scenario, details: OnceLock::new() }
    }

    /// What of it looks like somebody's details, as `look` finds it the first time it is asked for.
    #[must_use]
    pub fn details(&self, look: impl FnOnce(&Scenario) -> Vec<String>) -> &[String] {
        self.details.get_or_init(|| look(&self.scenario))
    }
}

/// What is in force now: the catalogue in its order, and the local words. `turn` is the version that the database gave
/// all of it; local words that this process saved itself may be newer.
#[derive(Debug, Default)]
struct InForce {
    turn: i64,
    current: Vec<Arc<Revision>>,
    policy_version: i64,
    policy: Arc<Policy>,
}

/// How many revisions and how many versions of the local words stay in memory: the newest. Older ones are read again.
const KEPT: usize = 256;

/// The newest by their keys, [`KEPT`] at most.
type Newest<K, V> = BTreeMap<K, Arc<V>>;

fn keep<K: Ord, V>(newest: &RwLock<Newest<K, V>>, key: K, value: Arc<V>) {
    let mut newest = newest.write().unwrap_or_else(PoisonError::into_inner);
    newest.insert(key, value);
    while newest.len() > KEPT {
        newest.pop_first();
    }
}

/// What the pages need of scenarios and local words, without asking the database. What is in force can be replaced
/// while pages are being made: each page keeps what it began with.
#[derive(Debug, Default)]
pub struct Library {
    in_force: RwLock<Arc<InForce>>,
    revisions: RwLock<Newest<String, Revision>>,
    policies: RwLock<Newest<i64, Policy>>,
}

impl Library {
    /// The library with these revisions, in the catalogue's order, and this version of the local words in force, as of
    /// this turn of publishing.
    #[must_use]
    pub fn new(turn: i64, current: Vec<Arc<Revision>>, policy_version: i64, policy: Arc<Policy>) -> Self {
        let library = Self::default();
        library.put_in_force(turn, current, policy_version, policy);
        library
    }

    /// Replaces what is in force; what older attempts need stays. Local words that were put in force meanwhile and are
    /// newer than these go on being spoken. Only a turn before the one that is known takes them back: then the database
    /// itself has lost what came later.
    pub fn put_in_force(
        &self,
        turn: i64,
        current: Vec<Arc<Revision>>,
        policy_version: i64,
        policy: Arc<Policy>,
    ) {
        for revision in &current {
            self.keep_revision(Arc::clone(revision));
        }
        self.keep_policy(policy_version, Arc::clone(&policy));
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        let (policy_version, policy) = if turn >= in_force.turn && in_force.policy_version > policy_version {
            (in_force.policy_version, Arc::clone(&in_force.policy))
        } else {
            (policy_version, policy)
        };
        *in_force = Arc::new(InForce { turn, current, policy_version, policy });
    }

    /// The turn of publishing that what is in force was read from.
    #[must_use]
    pub fn turn(&self) -> i64 {
        self.in_force().turn
    }

    /// Puts a new version of the local words in force beside the revisions there are. One that is older than what is in
    /// force stays out: of two that are saved at once, the later one counts.
    pub fn speak_from_now_on(&self, policy_version: i64, policy: Arc<Policy>) {
        self.keep_policy(policy_version, Arc::clone(&policy));
        let mut in_force = self.in_force.write().unwrap_or_else(PoisonError::into_inner);
        if policy_version > in_force.policy_version {
            let (turn, current) = (in_force.turn, in_force.current.clone());
            *in_force = Arc::new(InForce { turn, current, policy_version, policy });
        }
    }

    fn in_force(&self) -> Arc<InForce> {
        Arc::clone(&self.in_force.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Every revision in the catalogue, in its order.
    #[must_use]
    pub fn current(&self) -> Vec<Arc<Revision>> {
        self.in_force().current.clone()
    }

    /// The revision in the catalogue under this slug.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<Arc<Revision>> {
        self.in_force().current.iter().find(|revision| revision.scenario.slug == slug).map(Arc::clone)
    }

    /// A scenario's title with local words; its slug where no scenario has it any more.
    #[must_use]
    pub fn title_of(&self, slug: &str) -> String {
        let title = |revision: Arc<Revision>| self.policy().speak(&revision.scenario.title);
        self.by_slug(slug).map_or_else(|| slug.to_owned(), title)
    }

    /// Another scenario of the same family, else of another family, to go on with.
    #[must_use]
    pub fn sibling(&self, scenario: &Scenario) -> Option<Arc<Revision>> {
        let in_force = self.in_force();
        let others = || in_force.current.iter().filter(|other| other.scenario.slug != scenario.slug);
        others()
            .find(|other| other.scenario.family == scenario.family)
            .or_else(|| others().next())
            .map(Arc::clone)
    }

    /// The local words in force now, with their version.
    #[must_use]
    pub fn policy_in_force(&self) -> (i64, Arc<Policy>) {
        let in_force = self.in_force();
        (in_force.policy_version, Arc::clone(&in_force.policy))
    }

    /// The local words in force now.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        self.policy_in_force().1
    }

    /// A revision that is in memory.
    #[must_use]
    pub fn known_revision(&self, id: &str) -> Option<Arc<Revision>> {
        self.revisions.read().unwrap_or_else(PoisonError::into_inner).get(id).map(Arc::clone)
    }

    /// Keeps a revision that was read from the database.
    pub fn keep_revision(&self, revision: Arc<Revision>) {
        keep(&self.revisions, revision.id.clone(), revision);
    }

    /// A version of the local words that is in memory.
    #[must_use]
    pub fn known_policy(&self, version: i64) -> Option<Arc<Policy>> {
        self.policies.read().unwrap_or_else(PoisonError::into_inner).get(&version).map(Arc::clone)
    }

    /// Keeps a version of the local words that was read from the database.
    pub fn keep_policy(&self, version: i64, policy: Arc<Policy>) {
        keep(&self.policies, version, policy);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{KEPT, Library};

    #[test]
    fn only_so_many_versions_of_the_local_words_stay_in_memory_and_the_one_in_force_is_always_there() {
        let library = Library::default();
        let last = i64::try_from(KEPT).expect("small") + 10;
        for version in 1..=last {
            library.speak_from_now_on(version, Arc::default());
        }
        assert_eq!((1..=last).filter(|version| library.known_policy(*version).is_some()).count(), KEPT);
        assert!(library.known_policy(10).is_none() && library.known_policy(11).is_some());
        assert_eq!(library.policy_in_force().0, last);
    }
}
