//! Every refusal becomes a page, whoever refused.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use super::again::Typed;
use super::error::Error;
use super::form::LocalPath;
use super::page::show_as;
use super::refusal::RefusalPage;
use super::route::Pages;

/// Turns every refusal, ours or axum's own plain text, into a page; logs a failure of ours once.
pub async fn dress(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let reference = reference(request.headers());
    let wanted = (request.method() == Method::GET)
        .then(|| LocalPath::read(request.uri().path_and_query().map_or("/", |wanted| wanted.as_str())))
        .flatten();
    let sent = request.method() == Method::POST;
    let from = request.headers().get(header::REFERER).filter(|_| sent).cloned();
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(response.headers()) {
        return response;
    }
    let typed = response.extensions().get::<Typed>().cloned().unwrap_or_default();
    let typed = Typed { sent, ..typed };
    let page = match response.extensions().get::<Arc<Error>>().map(AsRef::as_ref) {
        Some(Error::SignIn { staff: true }) => {
            RefusalPage::sign_in(typed, wanted.or_else(|| page_of(&from?, &pages)))
        }
        Some(Error::Because(reason)) => RefusalPage::because(typed, reason.as_ref().clone()),
        Some(Error::ForNurses) => RefusalPage::for_nurses(typed),
        Some(Error::NoRoom) => RefusalPage::no_room(typed, wanted),
        Some(Error::Busy) => RefusalPage::busy(typed, wanted),
        Some(Error::Away(away, cause)) => {
            tracing::warn!(cause, "a page failed: the database is away");
            RefusalPage::away(*away, typed, wanted)
        }
        other => {
            if let Some(Error::Internal(cause)) = other {
                tracing::error!(cause = format!("{cause:#}"), "a page failed");
            } else if other.is_none() && status.is_server_error() {
                tracing::error!(%status, "a page failed");
            }
            RefusalPage::new(status, typed, reference)
        }
    };
    let allow = response.headers().get(header::ALLOW).cloned();
    let wait = (status == StatusCode::SERVICE_UNAVAILABLE).then(|| HeaderValue::from_static("30"));
    match show_as(status, &page) {
        Ok(mut page) => {
            let headers = [(header::ALLOW, allow), (header::RETRY_AFTER, wait)];
            for (name, value) in headers {
                page.headers_mut().extend(value.map(|value| (name, value)));
            }
            page
        }
        Err(_) => response,
    }
}

/// The page of the staff that a form was sent from, without what stood behind a question mark there: "saved" is not so
/// any more. A page that a form was answered with stands at an address that can't always be opened: then the next one
/// above it that can.
fn page_of(from: &HeaderValue, pages: &Pages) -> Option<LocalPath> {
    let page = Uri::try_from(from.as_bytes()).ok()?;
    LocalPath::read(page.path())?;
    let above = std::iter::successors(Some(page.path()), |path| Some(path.rsplit_once('/')?.0));
    above.filter(|path| path.len() > 1).find(|path| pages.has(path)).and_then(LocalPath::read)
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"))
}

fn reference(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("x-request-id")?.to_str().ok()?.to_owned())
}
