//! What the program does besides serving: backups and going back to one, checking the database, letting go what was kept
//! long enough, trying it out with simulated nurses, making large data.

pub mod backup;
pub mod bulk;
pub mod check;
pub mod demo;
pub mod habits;
pub mod keep;
pub mod keeping;
pub mod restore;
pub mod retention;
pub mod rounds;
pub mod second_step;
pub mod simulate;
pub mod tallies;
pub mod timed;
pub mod upgrade;
pub mod words;
pub mod write;
