//! What educators take along as files: never more than the screen shows.

pub mod answers;
pub mod overview;
pub mod turn;
pub mod ways;
