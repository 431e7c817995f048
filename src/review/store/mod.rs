//! Comments, markings and samples, as the database keeps them.

mod expired;
pub mod hers;
mod made_up;

pub use expired::delete_samples;
pub use made_up::{
    Answer, MadeComment, MadeMarking, insert_made_comment, insert_made_marking, insert_made_sample,
};
