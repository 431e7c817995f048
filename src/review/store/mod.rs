//! Comments, markings and samples, as the database keeps them.

mod expired;

pub use expired::delete_samples;
