//! The pages before a conversation, catalogue and prebrief; and the local words that all of them speak.

pub mod brief;
pub mod catalogue;
pub mod policy;
pub mod prebrief;
pub mod set;

use crate::web::route::Route;

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    [catalogue::routes(), prebrief::routes(), policy::routes()].into_iter().flatten().collect()
}
