//! The session cookie: what the browser holds, and how it is set and taken back.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::token::{is_token, token_hash};

/// How long a nurse's own device remembers her.
const OWN_DEVICE: time::Duration = time::Duration::days(90);

/// A session's secret: an unguessable text that only the browser holds. Never shown, never logged.
#[derive(Clone, Eq, PartialEq)]
pub struct SessionToken(String);

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionToken(…)")
    }
}

impl SessionToken {
    /// A token from fresh random text.
    #[must_use]
    pub const fn new(random: String) -> Self {
        Self(random)
    }

    /// The token that this browser sent, if it sent one that could be ours.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap, https: bool) -> Option<Self> {
        let jar = CookieJar::from_headers(headers);
        let value = jar.get(name(https))?.value();
        is_token(value).then(|| Self(value.to_owned()))
    }

    /// SHA-256 of the token, in hex: what the database keeps.
    #[must_use]
    pub fn hash(&self) -> String {
        token_hash(&self.0)
    }

    /// The cookie that gives the token to the browser: until it is closed, or 90 days on her own device.
    #[must_use]
    pub fn cookie(&self, https: bool, own_device: bool) -> Cookie<'static> {
        let mut cookie = blank(name(https), https);
        cookie.set_value(self.0.clone());
        if own_device {
            cookie.set_max_age(OWN_DEVICE);
        }
        cookie
    }
}

/// The cookie that takes the token back.
#[must_use]
pub fn gone(https: bool) -> Cookie<'static> {
    let mut cookie = blank(name(https), https);
    cookie.make_removal();
    cookie
}

/// A cookie without a value, for this very site and out of reach of any script.
pub(super) fn blank(name: &'static str, https: bool) -> Cookie<'static> {
    Cookie::build((name, "")).path("/").http_only(true).secure(https).same_site(SameSite::Lax).build()
}

/// Over https the browser itself refuses this name from anyone but this very host.
const fn name(https: bool) -> &'static str {
    if https { "__Host-warmly" } else { "warmly" }
}
