//! Proof of who is here: only this module makes a [`Nurse`], from a living session.

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::net::{IpAddr, SocketAddr};

use super::staff::{SET_UP_SECOND_STEP, Staff};
use super::store::SessionRow;
use super::{NurseId, Role, SEEN_EVERY, is_alive, store};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::web::error::Error;
use crate::web::page::{Frame, Here};
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
        let visitor = Visitor::from_request_parts(parts, app).await?;
        match (visitor.nurse, visitor.staff) {
            (Some(nurse), _) => Ok(nurse),
            (None, Some(_)) => Err(Error::ForNurses),
            (None, None) => Err(Error::SignIn { staff: false }),
        }
    }
}

/// Whoever asks: a nurse with a living session, somebody of the staff with one, or someone we don't know.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// The nurse, if that is who asks.
    pub nurse: Option<Nurse>,
    /// The member of the staff, if that is who asks.
    pub staff: Option<Staff>,
}

impl Visitor {
    /// Whether this browser has a nurse's session.
    #[must_use]
    pub const fn is_known(&self) -> bool {
        self.nurse.is_some()
    }

    /// Whether this browser has a nurse's session, and nobody said that the device is her own.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.nurse.as_ref().is_some_and(|nurse| !nurse.own_device)
    }

    /// The stored hash of whichever session this browser has.
    #[must_use]
    pub fn session_hash(&self) -> Option<&str> {
        let staff = self.staff.as_ref().map(Staff::session_hash);
        self.nurse.as_ref().map(Nurse::session_hash).or(staff)
    }

    /// Whether this browser holds practice that nobody could come back to after it is left.
    #[must_use]
    pub fn has_unkept_practice(&self) -> bool {
        self.nurse.as_ref().is_some_and(|nurse| !nurse.has_return_code)
    }

    /// The frame of a page that everyone may see.
    #[must_use]
    pub fn frame(&self, here: Here) -> Frame {
        match &self.staff {
            Some(staff) => staff.frame(here),
            None => Frame::new(here, self.is_known()),
        }
    }

    /// The member of the staff, or a page that asks to sign in.
    pub fn into_staff(self) -> Result<Staff, Error> {
        self.staff.ok_or(Error::SignIn { staff: true })
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Ok(Self::of_request(parts, app, None).await?.0)
    }
}

impl Visitor {
    /// Whoever asks, and what she may do in a cohort, where that is asked for. Somebody of the staff who has to set up
    /// a second step is led there.
    pub(super) async fn of_request(
        parts: &Parts,
        app: &App,
        cohort: Option<&CohortId>,
    ) -> Result<(Self, Option<Role>), Error> {
        let (visitor, role) = Self::known(parts, app, cohort).await?;
        if visitor.staff.as_ref().is_some_and(Staff::needs_second_step) {
            return Err(Error::Elsewhere(SET_UP_SECOND_STEP.to_owned()));
        }
        Ok((visitor, role))
    }

    /// The same, also where a second step has yet to be set up.
    pub(super) async fn known(
        parts: &Parts,
        app: &App,
        cohort: Option<&CohortId>,
    ) -> Result<(Self, Option<Role>), Error> {
        let Some(token) = SessionToken::from_headers(&parts.headers, app.https()) else {
            return Ok((Self::default(), None));
        };
        let hash = token.hash();
        let Some(found) = store::session_at(&mut app.db.read().await?, &hash, cohort).await? else {
            return Ok((Self::default(), None));
        };
        let now = app.clock.now();
        let stale = (now - found.last_seen_at).abs() >= SEEN_EVERY;
        let visitor = Self { nurse: nurse(&found, &hash, now), staff: Staff::of_session(&found, &hash, now) };
        if stale {
            let noted = match (&visitor.nurse, &visitor.staff) {
                (Some(nurse), _) => {
                    let nurse = nurse.id.0.clone();
                    app.db.write(move |conn| store::seen(conn, hash.clone(), nurse.clone(), now)).await
                }
                (None, Some(staff)) => {
                    let staff = staff.id().as_str().to_owned();
                    app.db.write(move |conn| store::staff_seen(conn, hash.clone(), staff.clone(), now)).await
                }
                (None, None) => Ok(()),
            };
            // Reading goes on even where nothing can be written.
            if let Err(cause) = noted {
                tracing::warn!(%cause, "that a session was used could not be noted");
            }
        }
        let role = found.role.as_deref().and_then(Role::read).filter(|_| visitor.staff.is_some());
        Ok((visitor, role))
    }
}

fn nurse(found: &SessionRow, hash: &str, now: Millis) -> Option<Nurse> {
    let id = found.nurse_id.clone()?;
    is_alive(found.last_seen_at, found.own_device, now).then(|| Nurse {
        id: NurseId(id),
        session_hash: hash.to_owned(),
        own_device: found.own_device,
        has_return_code: found.has_return_code,
    })
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
