//! The pages of cohorts: making one, who is in it, how one joins, what is assigned.

use crate::web::route::Route;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    Vec::new()
}
