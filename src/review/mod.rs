//! Where a cohort slips, who needs help, and what was really said: assigned work, as its educators see it.

pub mod store;
pub mod web;
