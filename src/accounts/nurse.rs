//! Proof of who is here: only this module makes a [`Nurse`], from a living session.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};

use super::{NurseId, SEEN_EVERY, is_alive, store};
use crate::app::App;
use crate::web::error::Error;
use crate::web::session::SessionToken;

/// A nurse with a living session. A handler that takes one is for her own things only.
#[derive(Clone, Debug)]
pub struct Nurse {
    id: NurseId,
    session_hash: String,
    own_device: bool,
    has_return_code: bool,
}

impl Nurse {
    /// Whose things these are.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id.0
    }

    /// The stored hash of the session this request came with.
    #[must_use]
    pub fn session_hash(&self) -> &str {
        &self.session_hash
    }

    /// Whether she said that this is her own device.
    #[must_use]
    pub const fn own_device(&self) -> bool {
        self.own_device
    }

    /// Whether she can come back on another device.
    #[must_use]
    pub const fn has_return_code(&self) -> bool {
        self.has_return_code
    }
}

impl FromRequestParts<App> for Nurse {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Visitor::from_request_parts(parts, app).await?.0.ok_or(Error::sign_in())
    }
}

/// Whoever asks: a nurse with a living session, or someone we don't know.
#[derive(Clone, Debug)]
pub struct Visitor(pub Option<Nurse>);

impl Visitor {
    /// Whether this browser has a session.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.0.is_some()
    }

    /// Whether this browser has a session, and nobody said that the device is her own.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.0.as_ref().is_some_and(|nurse| !nurse.own_device)
    }

    /// The nurse, or a page that says we can't tell who this is and shows back what was typed.
    pub fn nurse_or_show(self, typed: &str) -> Result<Nurse, Error> {
        self.0.ok_or_else(|| Error::SignIn { typed: typed.to_owned() })
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Some(token) = SessionToken::from_headers(&parts.headers, app.https()) else {
            return Ok(Self(None));
        };
        let hash = token.hash();
        let found = store::session(&mut app.db.read().await?, &hash).await?;
        let now = app.clock.now();
        let Some(found) = found.filter(|found| is_alive(found.last_seen_at, found.own_device, now)) else {
            return Ok(Self(None));
        };
        if now - found.last_seen_at >= SEEN_EVERY {
            let (hash, nurse) = (hash.clone(), found.nurse_id.clone());
            let noted = app.db.write(move |conn| store::seen(conn, hash.clone(), nurse.clone(), now)).await;
            // Reading goes on even where nothing can be written.
            if let Err(cause) = noted {
                tracing::warn!(%cause, "that a session was used could not be noted");
            }
        }
        Ok(Self(Some(Nurse {
            id: NurseId(found.nurse_id),
            session_hash: hash,
            own_device: found.own_device,
            has_return_code: found.has_return_code,
        })))
    }
}

/// The address a request came from: the proxy's word where a proxy is trusted, else the connection's.
#[derive(Clone, Debug)]
pub struct Caller(pub String);

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let told = parts.headers.get_all("x-forwarded-for").iter().next_back();
        let told = told.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
        let told = told.filter(|_| app.config.trusted_proxy).and_then(read_address);
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        Ok(Self(told.or(connected).map_or_else(String::new, spelled_once)))
    }
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// One spelling for every way to write an address; of IPv6 the half that names the network.
fn spelled_once(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}
