//! A group as a nurse knows it: whether she is in it still, and whether what it sets can be begun.

use super::{CohortId, Given, SeatId};
use crate::clock::Millis;

impl Given {
    /// Whether it can be begun: neither taken back nor in an archived group.
    #[must_use]
    pub const fn can_begin(&self) -> bool {
        self.assignment.withdrawn_at.is_none() && !self.archived
    }
}

/// A group as a nurse knows it who is, or was, in it.
#[derive(Clone, Debug)]
pub struct Group {
    /// Her place in it.
    pub seat: SeatId,
    /// The cohort.
    pub cohort: CohortId,
    /// What everyone calls it.
    pub name: String,
    /// When she joined it.
    pub joined_at: Option<Millis>,
    /// Whether she left it.
    pub left: bool,
    /// Whether it is archived.
    pub archived: bool,
}

impl Group {
    /// A group as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Option<Self> {
        let id = "01234567-89ab-7def-8123-456789abcdef";
        Some(Self {
            seat: SeatId::read(id)?,
            cohort: CohortId::read(id)?,
            name: "Spring residency".to_owned(),
            joined_at: Some(0),
            left: false,
            archived: true,
        })
    }
}
