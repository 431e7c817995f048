//! The one table of addresses: who may use each, and what answers there.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, on};

use crate::app::App;

/// Who may use a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Who {
    /// Anyone, known or not.
    Anyone,
    /// A nurse with a session, for what is hers.
    Nurse,
    /// Anyone of the staff with a session.
    Staff,
    /// An educator or a manager of the cohort that the address names.
    CohortStaff,
    /// An educator of the cohort that the address names, who is not also its manager.
    Educator,
    /// An administrator.
    Administrator,
}

/// One address with one method. Nothing else registers an address.
#[derive(Debug)]
pub struct Route {
    /// The method.
    pub method: Method,
    /// The address as axum writes it: `/attempts/{id}`.
    pub path: &'static str,
    /// Who may use it; the handler's extractor proves it.
    pub who: Who,
    /// What answers.
    pub handler: MethodRouter<App>,
}

/// A page to read.
pub fn get<H, T>(path: &'static str, who: Who, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: Method::GET, path, who, handler: on(axum::routing::MethodFilter::GET, handler) }
}

/// A form to send.
pub fn post<H, T>(path: &'static str, who: Who, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    Route { method: Method::POST, path, who, handler: on(axum::routing::MethodFilter::POST, handler) }
}
