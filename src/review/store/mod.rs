//! Comments, markings and samples, as the database keeps them.

mod between;
mod expired;
pub mod hers;
mod made_up;
mod practice;
mod samples;

pub use between::said;
pub use expired::delete_samples;
pub use made_up::{
    Answer, MadeComment, MadeMarking, insert_made_comment, insert_made_marking, insert_made_sample,
};
pub use practice::{count_practice, practice_count};
pub use samples::{MOST, Sample, Ticked, samples, tick, untick};
