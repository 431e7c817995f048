//! When the database was lost under a request: once more, if that is safe; else what was typed is given back.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequest as _, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tower_http::timeout::TimeoutError;

use super::error::Error;
use super::form::{Form, Text};
use crate::db::{Away, Db};

/// The largest form that is kept until its answer is there, in bytes. A larger one is not tried again.
const LARGEST: usize = 64 * 1024;

/// The fields in which people write words of their own. Nothing else is ever given back, least of all a password.
pub const WORDS: [&str; 6] = ["own", "text", "feeling", "aim", "if_asked", "then_say"];

/// What somebody typed into a form that could not be stored, to be shown back.
#[derive(Clone, Debug)]
pub struct Typed(pub String);

/// Answers a request once more where the connection was lost before anything of it was stored, or while reading.
///
/// Every form may be sent twice, as a person does who presses the button again: what it makes has an id or a one-time
/// token, and the second time finds what the first made, or that it was made. At most a try at a code or a password is
/// counted twice. Where nobody knows whether a transaction was committed, it is she who decides: the page says so.
pub async fn once_more(State(db): State<Db>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(kind) = kind(&parts, &body) else { return next.run(Request::from_parts(parts, body)).await };
    let body = match kind {
        Kind::Read => Bytes::new(),
        Kind::Form => match to_bytes(body, LARGEST).await {
            Ok(bytes) => bytes,
            Err(cause) if is_too_slow(&cause) => return StatusCode::REQUEST_TIMEOUT.into_response(),
            Err(_) => return Error::Invalid.into_response(),
        },
    };
    let request = |body: Bytes| Request::from_parts(parts.clone(), Body::from(body));
    let mut response = next.clone().run(request(body.clone())).await;
    if how_away(&response) == Some(Away::Lost) {
        db.doubt();
        response = next.run(request(body.clone())).await;
    }
    if is_refused(&response) {
        let typed = words(body).await;
        response.extensions_mut().insert(Typed(typed));
    }
    response
}

/// Whether the form did not arrive in time.
fn is_too_slow(cause: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(cause), |cause| cause.source())
        .any(<dyn std::error::Error>::is::<TimeoutError>)
}

/// Whether what was typed is to be given back: nothing of it may be stored.
fn is_refused(response: &Response) -> bool {
    let error = response.extensions().get::<Arc<Error>>().map(AsRef::as_ref);
    matches!(error, Some(Error::Away(..) | Error::Busy))
}

fn how_away(response: &Response) -> Option<Away> {
    match response.extensions().get::<Arc<Error>>().map(AsRef::as_ref) {
        Some(Error::Away(away, _)) => Some(*away),
        _ => None,
    }
}

/// What can be sent again as it was.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Read,
    Form,
}

fn kind(parts: &Parts, body: &Body) -> Option<Kind> {
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return Some(Kind::Read);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let length = usize::try_from(body.size_hint().upper()?).ok()?;
    (parts.method == Method::POST && is_form && length <= LARGEST).then_some(Kind::Form)
}

/// What was typed in a form's fields for words, one below the other.
async fn words(form: Bytes) -> String {
    let request = Request::post("/").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let Ok(request) = request.body(Body::from(form)) else { return String::new() };
    let fields = Form::<Vec<(String, Text)>>::from_request(request, &()).await;
    let fields = fields.map(|Form(fields)| fields).unwrap_or_default();
    let typed = fields.into_iter().filter(|(name, text)| WORDS.contains(&name.as_str()) && !text.is_empty());
    typed.map(|(_, text)| text.into_string()).collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_words_are_given_back() {
        let form = "token=abc&own=No%2C+I%E2%80%99m+sorry.%0D%0AReally.&password=violet&text=&aim=Be+kind";
        assert_eq!(words(Bytes::from(form)).await, "No, I’m sorry.\nReally.\n\nBe kind");
        assert_eq!(words(Bytes::new()).await, "");
    }
}
