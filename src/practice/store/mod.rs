//! The record: every opening and response, written once; and what is hers to change.

mod attempts;
mod cohort;
mod completions;
mod expired;
mod records;
mod reflections;

pub use attempts::{
    AttemptRow, attempt, attempts, by_start_token, erase, first_answers, insert_attempt, insert_completion,
};
pub use cohort::{attempt_ids, cohort_attempts, cohort_openings, cohort_responses, talks};
pub use completions::completions;
pub use expired::{
    completions_due, delete_completions, delete_practice, practice_due, take_words_away, words_left,
};
pub use records::{
    OpeningRow, ResponseRow, insert_opening, insert_response, openings, placements, put_placement, responses,
};
pub use reflections::{Reflection, if_thens, put_reflection, reflection, reflections};
