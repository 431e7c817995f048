//! The pages on which educators look at assigned work.

pub mod answer_files;
pub mod answers;
mod back;
pub mod blackout;
pub mod blackout_check;
mod comment_form;
pub mod comments;
pub mod compare;
pub mod completion;
pub mod debrief;
pub mod draft;
pub mod export;
pub mod filter;
mod log;
pub mod map;
pub mod margin;
pub mod margin_views;
pub mod marking;
pub mod matrix;
pub mod nurse;
pub mod overview;
pub mod picture;
pub mod place;
pub mod rows;
pub mod script;
pub mod tick;
pub mod transcript;
pub mod wording;

use crate::web::route::Route;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        overview::routes(),
        matrix::routes(),
        completion::routes(),
        debrief::routes(),
        export::routes(),
        map::routes(),
        answers::routes(),
        answer_files::routes(),
        tick::routes(),
        nurse::routes(),
        compare::routes(),
        transcript::routes(),
        blackout::routes(),
        comments::routes(),
        draft::routes(),
        marking::routes(),
        back::routes(),
    ];
    parts.into_iter().flatten().collect()
}
