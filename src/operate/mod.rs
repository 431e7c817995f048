//! What the program does besides serving: letting go what was kept long enough, trying it out with simulated nurses,
//! making large data.

pub mod bulk;
pub mod demo;
pub mod habits;
pub mod keeping;
pub mod second_step;
pub mod simulate;
pub mod tallies;
pub mod words;
pub mod write;
