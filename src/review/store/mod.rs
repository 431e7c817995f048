//! Comments, markings and samples, as the database keeps them.

mod expired;
pub mod hers;

pub use expired::delete_samples;
