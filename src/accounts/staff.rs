//! Proof of who of the staff is here: only this module makes a [`Staff`], an [`Educator`], a [`CohortStaff`] or an
//! [`Administrator`], from a living session and, for a cohort, a role in it.

use std::collections::HashMap;

use axum::extract::FromRequestParts;
use axum::extract::RawPathParams;
use axum::http::request::Parts;

use super::nurse::Visitor;
use super::store::{self, SessionRow};
use super::{CLOCKS_DIFFER, Role, StaffId, staff_is_alive};
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::web::error::{Error, SignedOut};
use crate::web::page::{Frame, Here, StaffMenu};

/// An educator, manager or administrator with a living session. Says nothing yet about any cohort.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, stored as such")]
pub struct Staff {
    id: StaffId,
    name: String,
    administrator: bool,
    educator: bool,
    in_a_cohort: bool,
    session_hash: String,
    browser: String,
    needs_second_step: bool,
}

impl Staff {
    /// Who it is.
    #[must_use]
    pub const fn id(&self) -> &StaffId {
        &self.id
    }

    /// Whether this person runs the installation.
    #[must_use]
    pub const fn is_administrator(&self) -> bool {
        self.administrator
    }

    /// Whether this person may make cohorts.
    #[must_use]
    pub const fn makes_cohorts(&self) -> bool {
        self.educator
    }

    /// Whether there are cohorts to show: own ones, or the right to make some.
    #[must_use]
    pub const fn works_with_cohorts(&self) -> bool {
        self.educator || self.in_a_cohort
    }

    /// The stored hash of the session this request came with.
    #[must_use]
    pub fn session_hash(&self) -> &str {
        &self.session_hash
    }

    /// What the browser of this session called itself when it began.
    #[must_use]
    pub fn browser(&self) -> &str {
        &self.browser
    }

    /// Makes sure, in the transaction that changes something, that the session has not ended since this person was known
    /// by it: the request may have waited. Whatever takes a right from somebody of the staff ends her sessions. From here
    /// on nothing ends this one before the transaction is over.
    pub(crate) async fn is_still_here(&self, conn: &mut Conn) -> anyhow::Result<()> {
        if store::is_still_in(conn, self).await? { Ok(()) } else { Err(SignedOut.into()) }
    }

    /// Whether a second step has to be set up before anything else.
    #[must_use]
    pub const fn needs_second_step(&self) -> bool {
        self.needs_second_step
    }

    /// The frame around a page for this person. Nothing is in the menu that would lead back here.
    #[must_use]
    pub fn frame(&self, here: Here) -> Frame {
        let menu = StaffMenu {
            name: self.name.clone(),
            administrator: self.administrator && !self.needs_second_step,
            cohorts: self.works_with_cohorts() && !self.needs_second_step,
        };
        Frame::of_staff(here, menu)
    }

    pub(super) fn of_session(found: &SessionRow, hash: &str, now: Millis) -> Option<Self> {
        let id = StaffId::read(found.staff_id.as_deref()?)?;
        let administrator = found.administrator.unwrap_or_default();
        // Whoever was here before goes on working; but since a time that has yet to come means since ever.
        let must = |since: Millis| since <= found.created_at || since > now + CLOCKS_DIFFER;
        staff_is_alive(found.created_at, found.last_seen_at, administrator, now).then(|| Self {
            id,
            name: found.name.clone().unwrap_or_default(),
            administrator,
            educator: found.educator.unwrap_or_default(),
            in_a_cohort: found.in_a_cohort,
            session_hash: hash.to_owned(),
            browser: found.browser.clone(),
            needs_second_step: found.second_step_since.is_some_and(must),
        })
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Visitor::from_request_parts(parts, app).await?.into_staff()
    }
}

/// Whoever asks, also somebody who has yet to set up a second step: for leaving.
#[derive(Clone, Debug)]
pub struct Whoever(pub Visitor);

impl FromRequestParts<App> for Whoever {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        Ok(Self(Visitor::known(parts, app, None).await?.0))
    }
}

/// Somebody of the staff with a living session, who may have to set up a second step first: for that page alone.
#[derive(Clone, Debug)]
pub struct Arriving(Staff);

impl Arriving {
    /// Who it is.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl FromRequestParts<App> for Arriving {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Whoever(visitor) = Whoever::from_request_parts(parts, app).await?;
        visitor.into_staff().map(Self)
    }
}

/// Where somebody is led who has to set up a second step before anything else.
pub const SET_UP_SECOND_STEP: &str = "/account/second-step/new";

/// Somebody who runs the installation. For anyone else of the staff these pages are not there.
#[derive(Clone, Debug)]
pub struct Administrator(Staff);

impl Administrator {
    /// Who it is.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0
    }
}

impl FromRequestParts<App> for Administrator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let staff = Staff::from_request_parts(parts, app).await?;
        if staff.administrator { Ok(Self(staff)) } else { Err(Error::NotFound) }
    }
}

/// Somebody of the staff with a role in the cohort that the address names. Another cohort is not there.
#[derive(Clone, Debug)]
pub struct CohortStaff {
    staff: Staff,
    cohort: CohortId,
    role: Role,
}

impl CohortStaff {
    /// Who it is.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.staff
    }

    /// The cohort this is about.
    #[must_use]
    pub const fn cohort(&self) -> &CohortId {
        &self.cohort
    }

    /// What this person may do in it.
    #[must_use]
    pub const fn role(&self) -> Role {
        self.role
    }

    /// The proof that this is an educator of the cohort, where it is one.
    #[must_use]
    pub fn educator(self) -> Option<Educator> {
        (self.role == Role::Educator).then_some(Educator(self))
    }
}

impl FromRequestParts<App> for CohortStaff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Error::NotFound);
        let params = params.as_ref().map(|params| params.iter().collect::<HashMap<&str, &str>>());
        let cohort = params.ok().and_then(|params| CohortId::read(params.get("cohort")?));
        // With both roles the narrower view is the one: whoever is also her manager does not read her words.
        let (visitor, role) = Visitor::of_request(parts, app, cohort.as_ref()).await?;
        let staff = visitor.into_staff()?;
        match (cohort, role) {
            (Some(cohort), Some(role)) => Ok(Self { staff, cohort, role }),
            _ => Err(Error::NotFound),
        }
    }
}

/// An educator of the cohort that the address names, and not also its manager. Store functions that read or write
/// what belongs to a cohort's nurses take this.
#[derive(Clone, Debug)]
pub struct Educator(CohortStaff);

impl Educator {
    /// Who it is.
    #[must_use]
    pub const fn staff(&self) -> &Staff {
        &self.0.staff
    }

    /// The cohort this is about.
    #[must_use]
    pub const fn cohort(&self) -> &CohortId {
        &self.0.cohort
    }

    /// Looks again, in the transaction that gives something away: whether she is still in, and still an educator of the
    /// cohort. Whoever ends her role or her sessions meanwhile is waited for, or waits.
    ///
    /// # Errors
    ///
    /// [`SignedOut`] where her session has ended.
    pub(crate) async fn is_still_one(&self, conn: &mut Conn) -> anyhow::Result<bool> {
        store::one_change_of_roles_at_a_time(conn).await?;
        self.staff().is_still_here(conn).await?;
        Ok(store::roles(conn, self.cohort(), self.staff().id()).await? == [Role::Educator])
    }
}

impl FromRequestParts<App> for Educator {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        CohortStaff::from_request_parts(parts, app).await?.educator().ok_or(Error::NotFound)
    }
}
