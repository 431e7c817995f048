//! One-use links: to set up the first administrator, to invite somebody, to set a new password.

use super::{Role, StaffId};
use crate::clock::Millis;
use crate::cohorts::CohortId;

/// How long a link opens, in milliseconds: seven days.
pub const LINK_LIVES: Millis = 7 * 24 * 60 * 60 * 1000;

/// How long a link that opens no longer is remembered, in milliseconds: thirty days.
pub const LINK_REMEMBERED: Millis = 30 * 24 * 60 * 60 * 1000;

/// What a link is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LinkKind {
    /// The first administrator.
    SetUp,
    /// Somebody who is to come in.
    Invitation,
    /// A new password for somebody who can come in.
    Reset,
}

impl LinkKind {
    /// As it is stored.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// What whoever uses a link may do afterwards.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Gives {
    /// Run the installation.
    pub administrator: bool,
    /// Make cohorts.
    pub educator: bool,
    /// A role in one cohort.
    pub membership: Option<(CohortId, Role)>,
}

impl Gives {
    /// What an invitation to a cohort gives: its educators may make cohorts of their own, its managers may not.
    #[must_use]
    pub fn in_cohort(cohort: CohortId, role: Role) -> Self {
        Self { administrator: false, educator: role == Role::Educator, membership: Some((cohort, role)) }
    }

    /// What it is, in words that go on after "invites you".
    #[must_use]
    pub fn in_words(&self, cohort: Option<&str>) -> String {
        let of = cohort.map_or_else(String::new, |name| format!(" of {name}"));
        match &self.membership {
            Some((_, Role::Manager)) => format!("manager{of}"),
            Some((_, Role::Educator)) => format!("educator{of}"),
            None if self.administrator => "administrator".to_owned(),
            None => "educator".to_owned(),
        }
    }
}

/// A link as it stands in the list of open ones. Its token is known to nobody but whoever was given it.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// What it gives.
    pub gives: Gives,
    /// Whose password it sets anew.
    pub staff: Option<StaffId>,
    /// Whom it is for, in the words of whoever made it.
    pub note: String,
    /// Who made it; None for the first set-up.
    pub made_by: Option<StaffId>,
    /// Until when it opens.
    pub expires_at: Millis,
}
