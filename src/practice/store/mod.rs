//! The record: every opening and response, written once; and what is hers to change.

mod attempts;
mod records;
mod reflections;

pub use attempts::{AttemptRow, attempt, attempts, by_start_token, erase, first_answers, insert_attempt};
pub use records::{insert_opening, insert_response, openings, placements, put_placement, responses};
pub use reflections::{Reflection, if_thens, put_reflection, reflection, reflections};
