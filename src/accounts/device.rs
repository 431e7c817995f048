//! The browser somebody comes with: what it calls itself, and whether somebody came in with it before.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::browser;
use crate::app::App;
use crate::web::cookies::DeviceToken;

/// The browser a request came from.
#[derive(Clone, Debug)]
pub struct Device {
    /// What it calls itself, in plain words; nothing where it doesn't say.
    pub browser: String,
    /// What it is known by, where somebody of the staff came in with it before.
    pub known_by: Option<DeviceToken>,
}

impl FromRequestParts<App> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self {
            browser: agent.map(browser::in_words).unwrap_or_default(),
            known_by: DeviceToken::from_headers(&parts.headers, app.https()),
        })
    }
}
