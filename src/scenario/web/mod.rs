//! The pages before a conversation: welcome, catalogue, prebrief.

pub mod catalogue;
pub mod prebrief;

use crate::web::route::Route;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    [catalogue::routes(), prebrief::routes()].into_iter().flatten().collect()
}
