//! Comments, markings and samples, as the database keeps them.

mod between;
mod comments;
mod expired;
pub mod hers;
mod made_up;
mod markings;
mod practice;
mod samples;

pub use between::said;
pub use comments::{
    CommentAnswer, NewComment, answers, comment, comment_counts, comment_of_form, comments, delete_draft,
    insert_answer, insert_comment, read_answers, resolve, save_draft,
};
pub use expired::delete_samples;
pub use made_up::{
    Answer, MadeComment, MadeMarking, insert_made_comment, insert_made_marking, insert_made_sample,
};
pub use markings::{markings, put_marking};
pub use practice::{count_practice, practice_count};
pub use samples::{MOST, Sample, Ticked, samples, tick, untick};
