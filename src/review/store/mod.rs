//! Comments, markings and samples, as the database keeps them.
