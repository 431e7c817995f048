//! Why a page can't do what was asked.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::page::Frame;
use crate::db::{self, Away};

/// What a handler gives when all went well, or the reason why not.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a page can't do what was asked.
#[derive(Debug)]
pub enum Error {
    /// There is nothing here, or nothing for this person.
    NotFound,
    /// The request did not come from one of our own pages.
    Forbidden,
    /// We can't tell who this is.
    SignIn {
        /// Whether this is a page of the staff, who sign in with a password.
        staff: bool,
    },
    /// A page of a nurse's own, asked for by somebody of the staff.
    ForNurses,
    /// The request makes no sense, and no page of ours sends it.
    Invalid,
    /// There is a reason of its own, which the page says.
    Because(Box<Reason>),
    /// Too many ask at once: what was sent is not stored.
    Busy,
    /// The database is away; why, for the log.
    Away(Away, String),
    /// The disk is nearly full: no files are made or taken in.
    NoRoom,
    /// Another page of ours is the one to see now.
    Elsewhere(String),
    /// Something broke on our side.
    Internal(anyhow::Error),
}

/// What a page says where there is a reason of its own.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The menu of who asked.
    pub frame: Frame,
    /// The reason, in short.
    pub title: &'static str,
    /// The reason, and what became of what was asked.
    pub text: &'static str,
    /// Where it leads on to: the address, and what is there.
    pub way_on: (String, &'static str),
}

/// The session of somebody of the staff has ended since her request began.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the session has ended meanwhile")]
pub struct SignedOut;

impl Error {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden | Self::ForNurses => StatusCode::FORBIDDEN,
            Self::SignIn { .. } => StatusCode::UNAUTHORIZED,
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Because(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy | Self::Away(..) | Self::NoRoom => StatusCode::SERVICE_UNAVAILABLE,
            Self::Elsewhere(_) => StatusCode::SEE_OTHER,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Error {
    fn from(error: E) -> Self {
        let error = error.into();
        if error.is::<SignedOut>() {
            return Self::SignIn { staff: true };
        }
        let said = error.chain().find_map(|cause| cause.downcast_ref::<sqlx::Error>());
        if said.is_some_and(db::is_busy) {
            return Self::Busy;
        }
        if let Some(away) = said.and_then(db::away) {
            return Self::Away(away, error.to_string());
        }
        let database = said.and_then(sqlx::Error::as_database_error);
        // What this belongs to was deleted meanwhile, in another tab.
        if database.is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation) {
            return Self::NotFound;
        }
        Self::Internal(error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Self::Elsewhere(address) = &self {
            return super::page::to(address);
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
