//! The record: every opening and response, written once; and what is hers to change.

mod anyway;
mod attempts;
mod blacked;
mod cohort;
mod completions;
mod erasing;
mod expired;
mod many;
mod moves;
mod records;
mod reflections;
mod tallies;
mod tally_states;

pub use anyway::SentAnyway;
pub use attempts::{
    AttemptRow, attempts, by_start_token, first_answers, hold, hold_any, hold_of_cohort, insert_attempt,
    insert_completion, write_attempt,
};
pub use blacked::{Blacked, add_blacked, blackable, blacked, mark, put_blacked};
pub use cohort::{Ask, Part, Talk, asks, attempt_ids, cohort_attempts, cohort_records, talks};
pub use completions::{completed, completions};
pub use erasing::{blank, delete_reflections, give_to_ghost, seats_with_work};
pub use expired::{
    completions_due, delete_completions, delete_practice, practice_due, take_words_away, words_left,
};
pub use many::ManyRecords;
pub use moves::{hand_over, move_work};
pub use records::{
    RecordRow, WayRow, insert_opening, insert_response, put_placement, records, ways, whole_attempt,
};
pub use reflections::{Reflection, if_thens, put_reflection, reflection, reflections, write_reflection};
pub use tallies::{
    Recount, TallyRow, any_tally, put_tally, rebuild_tally, recount, seat_tally, seats_from, seats_to_tally,
    stored_tallies, tallies, tally_answer, tally_attempts,
};
pub use tally_states::{tallies_of, tally_seqs};
