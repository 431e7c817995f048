//! The journeys of nurses and of their educators in a real browser, each page with an accessibility audit.

mod assigned_audit;
mod audit;
mod audit_of;
mod cohort_journey;
mod driver;
mod hand;
mod journeys;
mod office_audit;
mod paper;
mod payloads;
mod served;
mod staff_audit;
mod weight;
