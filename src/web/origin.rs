//! The address people reach this app at: what a link to be copied begins with.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::error::Error;
use crate::app::App;

/// Scheme, host and, where it is not the usual one, port: the public address where one is set, else the address that
/// this browser asked for.
#[derive(Clone, Debug)]
pub struct Origin(String);

impl Origin {
    /// The whole address of a page of ours.
    #[must_use]
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromRequestParts<App> for Origin {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let plausible = |host: &&str| {
            let plain =
                |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']');
            !host.is_empty() && host.bytes().all(plain)
        };
        let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).filter(plausible);
        let asked = host.map_or_else(|| app.config.address.to_string(), str::to_owned);
        Ok(Self(app.config.public_url.clone().unwrap_or_else(|| format!("http://{asked}"))))
    }
}
