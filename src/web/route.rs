//! The one table of addresses: who may use each, and what answers there.

use std::sync::Arc;

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
    /// The largest request body, in bytes.
    pub largest_body: usize,
}

/// Which addresses are pages of the staff, to be opened and not only sent to.
#[derive(Clone, Debug)]
pub struct Pages(Arc<[(Vec<&'static str>, bool)]>);

impl Pages {
    /// Those among these routes.
    #[must_use]
    pub fn of(routes: &[Route]) -> Self {
        let is_of_staff = |route: &Route| !matches!(route.who, Who::Anyone | Who::Nurse);
        let leads_to_staff = |path: &str| {
            let under =
                |route: &Route| route.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
            path != "/" && routes.iter().any(|route| is_of_staff(route) && under(route))
        };
        let is_page = |route: &Route| {
            let is_theirs = is_of_staff(route) || leads_to_staff(route.path);
            route.method == Method::GET && !route.is_file() && is_theirs
        };
        let opens = |path| routes.iter().any(|route| route.path == path && is_page(route));
        Self(routes.iter().map(|route| (route.path.split('/').collect(), opens(route.path))).collect())
    }

    /// Whether there is a page at this path.
    #[must_use]
    pub fn has(&self, path: &str) -> bool {
        let wanted: Vec<&str> = path.split('/').collect();
        let is_any = |part: &&str| part.starts_with('{');
        let fits = |(parts, _): &&(Vec<&str>, bool)| {
            let alike = |(part, wanted): (&&str, &&str)| is_any(part) || part == wanted;
            parts.len() == wanted.len() && parts.iter().zip(&wanted).all(alike)
        };
        // As the router does: what is written out goes before what stands for anything.
        let found =
            self.0.iter().filter(fits).min_by_key(|(parts, _)| parts.iter().map(is_any).collect::<Vec<_>>());
        found.is_some_and(|(_, opens)| *opens)
    }
}

/// The largest request body, in bytes, where a route says nothing else: 256 KiB.
const LARGEST_BODY: usize = 256 * 1024;

impl Route {
    /// The same route, for bodies of up to this many bytes.
    #[must_use]
    pub fn up_to(self, largest_body: usize) -> Self {
        Self { largest_body, ..self }
    }

    /// Whether files are made or taken in here, of whatever size.
    #[must_use]
    pub fn is_bulky(&self) -> bool {
        self.is_file() || self.path.contains("/import")
    }

    fn is_file(&self) -> bool {
        matches!(self.path.rsplit_once('.'), Some((_, "csv" | "json")))
    }
}

/// A page to read.
pub fn get<H, T>(path: &'static str, who: Who, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let handler = on(axum::routing::MethodFilter::GET, handler);
    Route { method: Method::GET, path, who, handler, largest_body: LARGEST_BODY }
}

/// A form to send.
pub fn post<H, T>(path: &'static str, who: Who, handler: H) -> Route
where
    H: Handler<T, App>,
    T: 'static,
{
    let handler = on(axum::routing::MethodFilter::POST, handler);
    Route { method: Method::POST, path, who, handler, largest_body: LARGEST_BODY }
}
