//! Cookie headers: a session's token is 64 hexadecimal digits, or there is none.
#![no_main]

use axum::http::{HeaderMap, HeaderValue, header};
use libfuzzer_sys::fuzz_target;
use warmly::web::session::SessionToken;

fuzz_target!(|bytes: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(header::COOKIE, value);
        }
    }
    for https in [false, true] {
        if let Some(token) = SessionToken::from_headers(&headers, https) {
            assert_eq!(token.hash().len(), 64);
        }
    }
});
