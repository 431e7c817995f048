//! Comments, markings and samples, as the database keeps them.

mod between;
mod expired;
mod practice;
mod samples;

pub use between::said;
pub use expired::delete_samples;
pub use practice::{count_practice, practice_count};
pub use samples::{MOST, Sample, Ticked, samples, tick, untick};
