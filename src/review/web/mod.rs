//! The pages on which educators look at assigned work.

use crate::web::route::Route;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    Vec::new()
}
