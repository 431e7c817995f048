//! What the program does besides serving: trying it out with simulated nurses.

pub mod keeping;
