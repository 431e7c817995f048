//! Cohorts: groups of nurses with their educators, the seats in them, how one joins, and what they are assigned.

pub mod code;
pub mod due;
pub mod enter;
pub mod entry;
pub mod group;
pub mod name;
pub mod readers;
pub mod roster;
pub mod store;
pub mod web;

use crate::clock::{Millis, is_id};
pub use group::Group;

/// A cohort's id.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct CohortId(String);

/// The id of a nurse's place in a cohort.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SeatId(String);

/// An assignment's id.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AssignmentId(String);

macro_rules! id {
    ($($name:ident),*) => {$(
        impl $name {
            /// The id that is written so. None where it can't be one.
            #[must_use]
            pub fn read(text: &str) -> Option<Self> {
                is_id(text).then(|| Self(text.to_owned()))
            }

            /// As it is stored and written in addresses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )*};
}

id!(CohortId, SeatId, AssignmentId);

/// A group of nurses.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// Its id.
    pub id: CohortId,
    /// What everyone calls it.
    pub name: String,
    /// Which join code is the latest: each new one has the next number.
    pub code_number: i64,
    /// Until when that code opens; None where it is closed.
    pub code_expires_at: Option<Millis>,
    /// When it was archived: nobody joins it and nothing is assigned any more.
    pub archived_at: Option<Millis>,
}

/// How a nurse came to her seat.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CameBy {
    /// An educator wrote her down before she came.
    Roster,
    /// She typed or scanned the join code.
    Code,
}

impl CameBy {
    /// As it is stored.
    #[must_use]
    pub const fn stored(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::Code => "code",
        }
    }

    /// The way stored under this name.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        [Self::Roster, Self::Code].into_iter().find(|way| way.stored() == text)
    }
}

/// A nurse's place in a cohort.
#[derive(Clone, Debug)]
pub struct Seat {
    /// Its id.
    pub id: SeatId,
    /// The cohort.
    pub cohort_id: CohortId,
    /// The nurse who took it. None: nobody yet.
    pub nurse_id: Option<String>,
    /// The name the educators see. Empty where she deleted everything that was hers.
    pub name: String,
    /// How her employer or school knows her.
    pub external_id: Option<String>,
    /// How she came.
    pub came_by: CameBy,
    /// When she took it.
    pub joined_at: Option<Millis>,
    /// When an educator said that this is who it says.
    pub confirmed_at: Option<Millis>,
    /// When she left or was removed.
    pub left_at: Option<Millis>,
}

impl Seat {
    /// A seat on the roster that is kept for somebody who has not come yet.
    #[must_use]
    pub fn waiting(id: SeatId, cohort: &CohortId, name: String, external_id: Option<String>) -> Self {
        Self {
            id,
            cohort_id: cohort.clone(),
            nurse_id: None,
            name,
            external_id,
            came_by: CameBy::Roster,
            joined_at: None,
            confirmed_at: None,
            left_at: None,
        }
    }

    /// Whether a nurse sits here now.
    #[must_use]
    pub const fn is_taken(&self) -> bool {
        self.nurse_id.is_some() && self.left_at.is_none()
    }

    /// Whether this place is in the cohort now: nobody left it, and it has a name.
    #[must_use]
    pub const fn is_here(&self) -> bool {
        self.left_at.is_none() && !self.name.is_empty()
    }

    /// Whether this place waits for somebody who has never come.
    #[must_use]
    pub const fn is_free(&self) -> bool {
        self.nurse_id.is_none() && self.joined_at.is_none() && self.left_at.is_none()
    }

    /// Whether its nurse deleted everything that was hers.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        self.name.is_empty()
    }

    /// The name as pages show it, also where it was deleted.
    #[must_use]
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { "Deleted" } else { &self.name }
    }
}

/// A scenario given to a cohort.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// The cohort.
    pub cohort_id: CohortId,
    /// The scenario's slug.
    pub slug: String,
    /// What the educator wrote to the nurses about it.
    pub note: String,
    /// The last day, as 2026-03-02.
    pub due_on: Option<String>,
    /// When it was made.
    pub made_at: Millis,
    /// When it was taken back.
    pub withdrawn_at: Option<Millis>,
}

/// Something a nurse was given to do, with the group it comes from.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it is.
    pub assignment: Assignment,
    /// Her place in the group.
    pub seat: SeatId,
    /// The group's name.
    pub cohort_name: String,
    /// Who set it, by name; empty where that person has no account any more.
    pub set_by: String,
    /// Whether the group is archived: then nothing new is begun, and what was begun can be finished.
    pub archived: bool,
}
