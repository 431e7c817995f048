//! The record: every opening and response, written once; and what is hers to change.

mod attempts;
mod cohort;
mod completions;
mod erasing;
mod expired;
mod many;
mod moves;
mod records;
mod reflections;
mod tallies;

pub use attempts::{
    AttemptRow, attempt, attempts, by_start_token, first_answers, hold, hold_of_cohort, insert_attempt,
    insert_completion, write_attempt,
};
pub use cohort::{Part, attempt_ids, cohort_attempts, cohort_openings, cohort_responses, talks};
pub use completions::{completed, completions};
pub use erasing::{blank, delete_her_practice, delete_reflections, give_to_ghost, seats_with_work};
pub use expired::{
    completions_due, delete_completions, delete_practice, practice_due, take_words_away, words_left,
};
pub use many::ManyRecords;
pub use moves::{hand_over, move_work};
pub use records::{
    OpeningRow, ResponseRow, insert_opening, insert_response, openings, placements, put_placement, responses,
};
pub use reflections::{Reflection, if_thens, put_reflection, reflection, reflections, write_reflection};
pub use tallies::{
    Recount, TallyRow, put_tally, rebuild_tally, recount, seat_tally, seats_from, seats_to_tally,
    stored_tallies, tallies, tally_answer, tally_attempts,
};
