//! Reading what a browser sends, so that a bad address is a missing page and odd text is still text.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::error::Error;

/// The longest own words, reflection or sentence that is stored, in characters.
pub const LONGEST_TEXT: usize = 1_000;

/// The parts of an address. One that can't be read is an address where nothing is.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "this is its replacement")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        // No text that is stored holds a NUL, and one of the databases takes none even to compare with.
        if parts.uri.path().contains(NUL) {
            return Err(Error::NotFound);
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// The one character that is never part of a text, as addresses spell it.
const NUL: &str = "%00";

/// What stands after the question mark. One that can't be read is refused with a page.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Error;

    #[expect(clippy::disallowed_types, reason = "this is its replacement")]
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(Error::Invalid);
        }
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(_) => Err(Error::Invalid),
        }
    }
}

/// What stands in the way of keeping a field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Problem {
    /// The field's id on the page.
    pub field: &'static str,
    /// What is to be done, in plain words.
    pub text: String,
}

/// What stands in the way of a form; nothing where it can be kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// One problem more.
    pub fn add(&mut self, field: &'static str, text: impl Into<String>) {
        self.0.push(Problem { field, text: text.into() });
    }

    /// Whether nothing stands in the way.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What stands in the way of keeping this field, if anything.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|problem| problem.field == field).map(|problem| problem.text.as_str())
    }
}

/// An address on this very site: printable ASCII, one slash at its beginning, no backslash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LocalPath(String);

impl LocalPath {
    /// The address that is written so. None where it could lead to another site.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let local = text.starts_with('/') && !text.starts_with("//");
        (plain && local && text.len() <= 500).then(|| Self(text.to_owned()))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as the value of a query's parameter.
    #[must_use]
    pub fn in_a_query(&self) -> String {
        self.0.replace('%', "%25").replace('&', "%26").replace('+', "%2B").replace('#', "%23")
    }
}

/// What the address of a page ends with after a form on it was saved, so that the page can say so once.
#[derive(Clone, Debug, Deserialize)]
pub struct JustSaved {
    saved: Option<String>,
}

impl JustSaved {
    /// Whether a form on this page was saved just now.
    #[must_use]
    pub const fn is_so(&self) -> bool {
        self.saved.is_some()
    }
}

/// The fields of a form. Bytes that are not UTF-8 become replacement characters.
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Response;

    #[expect(clippy::disallowed_types, reason = "this is its replacement")]
    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        match axum::extract::Form::<T>::from_request(request, state).await {
            Ok(axum::extract::Form(value)) => Ok(Self(value)),
            Err(FormRejection::BytesRejection(bytes)) if bytes.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(StatusCode::PAYLOAD_TOO_LARGE.into_response())
            }
            Err(_) => Err(Error::Invalid.into_response()),
        }
    }
}

/// Text that a person typed: NUL becomes U+FFFD (no database keeps it), line ends become `\n`, spaces at
/// both ends go.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Text(String);

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }

    /// Whether nothing but space was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By how many characters it is too long to be stored; 0 when it is not.
    #[must_use]
    pub fn excess(&self) -> usize {
        self.0.chars().count().saturating_sub(LONGEST_TEXT)
    }
}

impl From<&str> for Text {
    fn from(typed: &str) -> Self {
        Self(typed.replace('\0', "\u{FFFD}").replace("\r\n", "\n").replace('\r', "\n").trim().to_owned())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}
