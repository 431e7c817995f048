//! What every answer tells the browser about safety, and which requests are refused before they are read.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::Error;

const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

type Header = (HeaderName, HeaderValue);

static ALWAYS: [Header; 2] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// What a page says besides; for a stylesheet or a font it would mean nothing.
static PAGES: [Header; 4] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONTENT_SECURITY)),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// Adds the safety headers to an answer, refusals too. `https` adds strict transport security.
pub fn guard<B>(https: bool, mut response: Response<B>) -> Response<B> {
    let headers = response.headers_mut();
    // A file that is no page brings a stricter policy of its own.
    let page = !headers.contains_key(header::CONTENT_SECURITY_POLICY);
    for (name, value) in ALWAYS.iter().chain(PAGES.iter().filter(|_| page)) {
        headers.insert(name.clone(), value.clone());
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

/// Refuses a change that says nothing about where it comes from: every browser says it in one of two headers.
/// Where a public address is set and the browser sends only `Origin`, that must be the public one.
pub async fn same_site(State(public): State<Option<String>>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let headers = request.headers();
    let origin = headers.get(header::ORIGIN);
    let refused = match (headers.get("sec-fetch-site"), origin, public) {
        (Some(site), _, _) => !matches!(site.as_bytes(), b"same-origin" | b"none"),
        (None, None, _) => true,
        (None, Some(origin), Some(public)) => origin.as_bytes() != public.as_bytes(),
        (None, Some(_), None) => false,
    };
    if refused { Error::Forbidden.into_response() } else { next.run(request).await }
}
