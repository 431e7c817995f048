//! The journeys of a nurse in a real browser, each with an accessibility audit of every page it comes to.

#![expect(clippy::panic, reason = "a journey that can’t go on stops")]

mod audit;
mod driver;
mod journeys;
mod served;
