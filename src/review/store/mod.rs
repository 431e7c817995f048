//! Comments, markings and samples, as the database keeps them.

mod between;
mod blacking;
mod comment_answers;
mod comments;
mod expired;
pub mod hers;
mod made_up;
mod markings;
mod practice;
mod samples;

pub use between::said;
pub use blacking::{put_remark, remarks};
pub use comment_answers::{Answered, CommentAnswer, answer_of_form, answers, insert_answer, read_answers};
pub use comments::{
    NewComment, comment, comment_counts, comment_of_form, comments, delete_draft, insert_comment, resolve,
    save_draft,
};
pub use expired::delete_samples;
pub use made_up::{
    Answer, MadeComment, MadeMarking, insert_made_comment, insert_made_marking, insert_made_sample,
};
pub use markings::{markings, put_marking};
pub use practice::{count_practice, practice_count, practice_to_count};
pub use samples::{MOST, Sample, Ticked, samples, tick, untick};
