//! Bodies of forms, as a handler reads them: text is kept without NUL, unknown fields are refused.
#![no_main]

use axum::body::Body;
use axum::extract::FromRequest as _;
use axum::http::{Request, header};
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use warmly::web::form::{Form, Text};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    #[serde(default)]
    own: Text,
    #[serde(default)]
    reply: Option<u32>,
}

fuzz_target!(|bytes: &[u8]| {
    let request = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let Ok(request) = request.body(Body::from(bytes.to_vec())) else { return };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return };
    if let Ok(Form(fields)) = runtime.block_on(Form::<Fields>::from_request(request, &())) {
        assert!(!fields.own.as_str().contains('\0'));
        let _ = (fields.own.excess(), fields.reply);
    }
});
