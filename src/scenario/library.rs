//! Every published revision, in memory: what is in the catalogue now, and what older attempts still need.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::policy::Policy;
use super::{Channel, Scenario};

/// An immutable published version of a scenario.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// 1 for the first published version of this scenario, and so on.
    pub number: i64,
    /// What it says.
    pub scenario: Scenario,
}

/// What the pages need of scenarios and local words, without asking the database.
#[derive(Debug, Default)]
pub struct Library {
    current: Vec<Arc<Revision>>,
    policy_version: i64,
    revisions: RwLock<HashMap<String, Arc<Revision>>>,
    policies: RwLock<HashMap<i64, Arc<Policy>>>,
}

impl Library {
    /// The library with these revisions, in the catalogue's order, and this version of the local words in force.
    #[must_use]
    pub fn new(current: Vec<Arc<Revision>>, policy_version: i64, policy: Arc<Policy>) -> Self {
        let revisions = current.iter().map(|revision| (revision.id.clone(), Arc::clone(revision))).collect();
        Self {
            current,
            policy_version,
            revisions: RwLock::new(revisions),
            policies: RwLock::new(HashMap::from([(policy_version, policy)])),
        }
    }

    /// The scenarios of the catalogue that reach the nurse this way.
    pub fn by_channel(&self, channel: Channel) -> impl Iterator<Item = &Arc<Revision>> {
        self.current.iter().filter(move |revision| revision.scenario.channel == channel)
    }

    /// Every revision in the catalogue, in its order.
    #[must_use]
    pub fn current(&self) -> &[Arc<Revision>] {
        &self.current
    }

    /// The revision in the catalogue under this slug.
    #[must_use]
    pub fn by_slug(&self, slug: &str) -> Option<Arc<Revision>> {
        self.current.iter().find(|revision| revision.scenario.slug == slug).map(Arc::clone)
    }

    /// Another scenario of the same family, else of another family, to go on with.
    #[must_use]
    pub fn sibling(&self, scenario: &Scenario) -> Option<Arc<Revision>> {
        let others = || self.current.iter().filter(|other| other.scenario.slug != scenario.slug);
        others()
            .find(|other| other.scenario.family == scenario.family)
            .or_else(|| others().next())
            .map(Arc::clone)
    }

    /// The version of the local words in force now.
    #[must_use]
    pub const fn policy_version(&self) -> i64 {
        self.policy_version
    }

    /// The local words in force now.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        self.known_policy(self.policy_version).unwrap_or_default()
    }

    /// A revision that is in memory.
    #[must_use]
    pub fn known_revision(&self, id: &str) -> Option<Arc<Revision>> {
        self.revisions.read().unwrap_or_else(PoisonError::into_inner).get(id).map(Arc::clone)
    }

    /// Keeps a revision that was read from the database.
    pub fn keep_revision(&self, revision: Arc<Revision>) {
        let mut revisions = self.revisions.write().unwrap_or_else(PoisonError::into_inner);
        revisions.insert(revision.id.clone(), revision);
    }

    /// A version of the local words that is in memory.
    #[must_use]
    pub fn known_policy(&self, version: i64) -> Option<Arc<Policy>> {
        self.policies.read().unwrap_or_else(PoisonError::into_inner).get(&version).map(Arc::clone)
    }

    /// Keeps a version of the local words that was read from the database.
    pub fn keep_policy(&self, version: i64, policy: Arc<Policy>) {
        self.policies.write().unwrap_or_else(PoisonError::into_inner).insert(version, policy);
    }
}
