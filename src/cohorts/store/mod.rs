//! Questions about cohorts, seats and assignments that the database answers.

mod archived;
mod assignments;
mod given;
mod groups;
mod seats;

pub use archived::archived_before;
pub use assignments::{assigned_to, assignment, assignments, insert_assignment};
pub use given::{delete_seats, given, groups_of, make_nameless, makers, origin};
pub use groups::{NewCohort, cohort, every_cohort, insert_cohort};
pub use seats::{insert_seat, seat, seat_of_nurse, seats, seats_of_nurse};
