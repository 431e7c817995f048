//! The plain pages that say how things are: for everyone, signed in or not.

pub mod web;
