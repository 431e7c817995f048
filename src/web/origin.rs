//! Where people reach the app: what stands before the path of a link that is to be copied, shown or scanned.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::error::Error;
use crate::app::App;

/// Scheme and host, without a slash at the end: the public address where one is set, else the one this request
/// was sent to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin(pub String);

impl Origin {
    /// The whole address of a page of ours.
    #[must_use]
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// As people type it: without `http://` and `https://`, which every browser adds.
    #[must_use]
    pub fn typed(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, host)| host)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        if let Some(public) = &app.config.public_url {
            return Ok(Self(public.clone()));
        }
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host =
            host.filter(|host| is_host(host)).map_or_else(|| app.config.address.to_string(), str::to_owned);
        Ok(Self(format!("http://{host}")))
    }
}

/// Whether this is a host with or without a port, and nothing else.
fn is_host(text: &str) -> bool {
    let plausible =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
    (1..=255).contains(&text.len()) && text.bytes().all(plausible)
}
