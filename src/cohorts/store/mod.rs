//! Questions about cohorts, seats and assignments that the database answers.

mod archived;
mod assignments;
mod claims;
mod given;
mod groups;
mod roster;
mod seats;

pub use archived::{archived_before, hold_archived};
pub use assignments::{
    assignment, assignment_by_token, assignments, change_assignment, insert_assignment, withdraw_assignment,
};
pub use claims::{
    close_link, fold_seat, give_seat, hold_by_link, hold_seat, hold_seats_of, leave_seat, own_seat,
    return_to_seat, seat_by_link,
};
pub use given::{assigned_to, delete_seats, given, groups_of, make_nameless, readers};
pub use groups::{
    Counts, NewCohort, archive_cohort, bring_back, cohort, cohort_by_code, cohort_by_token, counts,
    every_cohort, hold_cohort, insert_cohort, rename_cohort, reopen_cohort, set_code,
};
pub use roster::{
    confirm_seat, free_seats, link_open_until, open_link, open_links, remove_seat, rename_seat,
};
pub use seats::{insert_seat, put_link, seat, seat_of_nurse, seats};
