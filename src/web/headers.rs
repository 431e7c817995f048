//! What every answer tells the browser about safety, and which requests are refused before they are read.

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::error::Error;

const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const ALWAYS: [(&str, &str); 2] =
    [("x-content-type-options", "nosniff"), ("cross-origin-resource-policy", "same-origin")];

/// What a page says besides; for a stylesheet or a font it would mean nothing.
const PAGES: [(&str, &str); 4] = [
    ("content-security-policy", CONTENT_SECURITY),
    ("referrer-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-opener-policy", "same-origin"),
];

/// Adds the safety headers to every answer, refusals too. `https` adds strict transport security.
pub async fn guard(State(https): State<bool>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // A file that is no page brings a stricter policy of its own.
    let page = !headers.contains_key(header::CONTENT_SECURITY_POLICY);
    for (name, value) in ALWAYS.iter().chain(PAGES.iter().filter(|_| page)) {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
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
