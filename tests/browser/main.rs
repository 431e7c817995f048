//! The journeys of a nurse in a real browser, each with an accessibility audit of every page it comes to.

mod audit;
mod driver;
mod journeys;
mod served;
