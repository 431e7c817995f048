//! Cookies beside the session's: half-way between password and code, and of a browser that is known.

use axum::http::HeaderMap;
use axum_extra::extract::cookie::{Cookie, CookieJar};

use super::session::blank;
use crate::token::{is_token, token_hash};

/// A secret that only the browser holds, in a cookie of its own. Never shown, never logged.
macro_rules! secret_cookie {
    ($(#[$doc:meta])* $token:ident, $https:literal, $plain:literal, $life:expr) => {
        $(#[$doc])*
        #[derive(Clone, Eq, PartialEq)]
        pub struct $token(String);

        impl std::fmt::Debug for $token {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(concat!(stringify!($token), "(…)"))
            }
        }

        impl $token {
            const LIFE: Option<time::Duration> = $life;

            /// A token from fresh random text.
            #[must_use]
            pub const fn new(random: String) -> Self {
                Self(random)
            }

            /// The token that this browser sent, if it sent one that could be ours.
            #[must_use]
            pub fn from_headers(headers: &HeaderMap, https: bool) -> Option<Self> {
                let jar = CookieJar::from_headers(headers);
                let value = jar.get(Self::name(https))?.value();
                is_token(value).then(|| Self(value.to_owned()))
            }

            /// SHA-256 of the token, in hex: what the database keeps.
            #[must_use]
            pub fn hash(&self) -> String {
                token_hash(&self.0)
            }

            /// The cookie that gives the token to the browser.
            #[must_use]
            pub fn cookie(&self, https: bool) -> Cookie<'static> {
                let mut cookie = blank(Self::name(https), https);
                cookie.set_value(self.0.clone());
                if let Some(life) = Self::LIFE {
                    cookie.set_max_age(life);
                }
                cookie
            }

            /// The cookie that takes the token back.
            #[must_use]
            pub fn gone(https: bool) -> Cookie<'static> {
                let mut cookie = blank(Self::name(https), https);
                cookie.make_removal();
                cookie
            }

            const fn name(https: bool) -> &'static str {
                if https { $https } else { $plain }
            }
        }
    };
}

secret_cookie!(
    /// What a browser holds between the password and the code. It opens nothing but the page that asks for the code.
    HalfToken, "__Host-warmly-half", "warmly-half", None
);

secret_cookie!(
    /// What a browser holds in which somebody of the staff has signed in before, for 180 days.
    DeviceToken, "__Host-warmly-device", "warmly-device", Some(time::Duration::days(180))
);
