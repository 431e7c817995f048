//! When the database was lost under a request: once more, if that is safe. And whatever a handler refuses a form for, what
//! was typed into it is given back.

use std::sync::Arc;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::extract::{FromRequest as _, Multipart, Request, State};
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
pub const WORDS: [&str; 11] = [
    "own",
    "text",
    "beside",
    "feeling",
    "aim",
    "if_asked",
    "then_say",
    "note",
    "list",
    "name",
    "external_id",
];

/// What somebody typed into a form that was refused, to be shown back.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The words of every field, one below the other.
    pub words: String,
    /// Whether there was more than is kept.
    pub too_long: bool,
    /// Whether anything was sent at all: a reply can be chosen without a word.
    pub sent: bool,
}

/// What it takes to answer once more, and to give back what was typed.
#[derive(Clone, Debug)]
pub struct Again {
    db: Db,
    asked: Arc<[(&'static str, &'static str)]>,
}

impl Again {
    /// With these fields besides [`WORDS`] in which people write words of their own, each with what it asks for.
    pub fn new(db: Db, asked: impl Iterator<Item = (&'static str, &'static str)>) -> Self {
        Self { db, asked: asked.collect() }
    }
}

/// Answers a request once more where the connection was lost before anything of it was stored, or while reading.
///
/// Every form may be sent twice, as a person does who presses the button again: what it makes has an id or a one-time
/// token, and the second time finds what the first made, or that it was made. At most a try at a code or a password is
/// counted twice. Where nobody knows whether a transaction was committed, it is she who decides: the page says so.
///
/// Where a handler refuses a form with an [`Error`], the page that says so has the typed words on it: her session may
/// have ended, or what she wrote about may be gone. A form from another site is not looked at, nor shown to anybody.
pub async fn once_more(State(again): State<Again>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Some(kind) = kind(&parts, &body) else {
        let is_small = body.size_hint().upper().is_some_and(|bytes| bytes <= LARGEST as u64);
        let is_large = parts.method == Method::POST && !is_small;
        let mut response = next.run(Request::from_parts(parts, body)).await;
        if is_large && response.extensions().get::<Arc<Error>>().is_some() {
            response.extensions_mut().insert(Typed { too_long: true, ..Typed::default() });
        }
        return response;
    };
    let body = match kind {
        Kind::Read => Bytes::new(),
        Kind::Form | Kind::Parts => match to_bytes(body, LARGEST).await {
            Ok(bytes) => bytes,
            Err(cause) if is_too_slow(&cause) => return StatusCode::REQUEST_TIMEOUT.into_response(),
            Err(_) => return Error::Invalid.into_response(),
        },
    };
    let request = |body: Bytes| Request::from_parts(parts.clone(), Body::from(body));
    let mut response = next.clone().run(request(body.clone())).await;
    if how_away(&response) == Some(Away::Lost) {
        again.db.doubt();
        response = next.run(request(body.clone())).await;
    }
    if response.extensions().get::<Arc<Error>>().is_some() {
        let words = words(&again.asked, &parts, body, kind).await;
        response.extensions_mut().insert(Typed { words, ..Typed::default() });
    }
    response
}

/// Whether the form did not arrive in time.
fn is_too_slow(cause: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(cause), |cause| cause.source())
        .any(<dyn std::error::Error>::is::<TimeoutError>)
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
    /// A form that may have a file in it.
    Parts,
}

fn kind(parts: &Parts, body: &Body) -> Option<Kind> {
    if parts.method == Method::GET || parts.method == Method::HEAD {
        return Some(Kind::Read);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let kind = if kind.starts_with("application/x-www-form-urlencoded") {
        Kind::Form
    } else if kind.starts_with("multipart/form-data") {
        Kind::Parts
    } else {
        return None;
    };
    let length = usize::try_from(body.size_hint().upper()?).ok()?;
    (parts.method == Method::POST && length <= LARGEST).then_some(kind)
}

/// What was typed in a form's fields for words, one below the other; `asked` says what fields of other names ask for.
async fn words(asked: &[(&str, &str)], parts: &Parts, form: Bytes, kind: Kind) -> String {
    let request = Request::from_parts(parts.clone(), Body::from(form));
    let fields = match kind {
        Kind::Read => Vec::new(),
        Kind::Form => {
            let fields = Form::<Vec<(String, Text)>>::from_request(request, &()).await;
            fields.map(|Form(fields)| fields).unwrap_or_default()
        }
        Kind::Parts => match Multipart::from_request(request, &()).await {
            Ok(form) => fields(form).await,
            Err(_) => Vec::new(),
        },
    };
    let said = |(name, text): (String, Text)| {
        if WORDS.contains(&name.as_str()) {
            return Some(text.into_string());
        }
        let (_, asks) = asked.iter().find(|(field, _)| *field == name)?;
        Some(format!("{asks}: {}", text.as_str()))
    };
    let typed = fields.into_iter().filter(|(_, text)| !text.is_empty()).filter_map(said);
    typed.collect::<Vec<_>>().join("\n\n")
}

/// The fields of such a form that are text, as far as it can be read.
async fn fields(mut form: Multipart) -> Vec<(String, Text)> {
    let mut fields = Vec::new();
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        let Ok(text) = field.text().await else { break };
        fields.push((name, Text::from(text.as_str())));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_words_are_given_back() {
        let form = "token=abc&own=No%2C+I%E2%80%99m+sorry.%0D%0AReally.&password=violet&text=&aim=Be+kind&tell=Chris";
        let given_back = async |kind: &str, form: &'static str| {
            let request = Request::post("/").header(header::CONTENT_TYPE, kind).body(Body::from(form));
            let (parts, body) = request.unwrap().into_parts();
            let kind = super::kind(&parts, &body).unwrap();
            words(&[("tell", "Whom to tell")], &parts, Bytes::from(form), kind).await
        };
        let plain = "application/x-www-form-urlencoded";
        assert_eq!(
            given_back(plain, form).await,
            "No, I’m sorry.\nReally.\n\nBe kind\n\nWhom to tell: Chris"
        );
        assert_eq!(given_back(plain, "").await, "");
        let form = "--B\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\nAna,1\r\nBea,2\r\n--B\r\n\
                    Content-Disposition: form-data; name=\"password\"\r\n\r\nviolet\r\n--B--\r\n";
        assert_eq!(given_back("multipart/form-data; boundary=B", form).await, "Ana,1\nBea,2");
        assert_eq!(given_back("multipart/form-data", form).await, "");
    }
}
