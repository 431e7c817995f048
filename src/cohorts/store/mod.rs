//! Questions about cohorts, seats and assignments that the database answers.

mod archived;
mod assignments;
mod groups;
mod seats;

pub use archived::archived_before;
pub use assignments::{assignment, assignments, insert_assignment};
pub use groups::{NewCohort, cohort, insert_cohort};
pub use seats::{insert_seat, put_link, seat, seat_of_nurse, seats, seats_of_nurse};
