//! What was typed about something that is not there any more is given back, to be copied.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::error::{Error, Result};
use super::page::{Frame, Here, show_as};

/// What was written about is not there (any more), or not for whoever wrote. The same page whether it ever was.
#[derive(Debug, Template)]
#[template(path = "gone.html")]
pub struct GonePage {
    frame: Frame,
    title: &'static str,
    text: &'static str,
    typed: String,
    /// Where it leads on to, and in which words.
    way_on: (&'static str, &'static str),
}

impl GonePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self::of_staff("I noticed …")
    }

    fn of_staff(typed: &str) -> Self {
        Self {
            frame: Frame::stranger(),
            title: "That answer is not there anymore",
            text: "It may have been deleted, or your access to this cohort has ended. Nothing was stored.",
            typed: typed.to_owned(),
            way_on: ("/cohorts", "Go to cohorts"),
        }
    }

    fn of_nurse(typed: &str, known: bool) -> Self {
        Self {
            frame: Frame::new(Here::Elsewhere, known),
            title: "That conversation is not here anymore",
            text: "It may have been deleted, or your place in the group was taken with a personal link. What you just \
                   sent is not stored.",
            typed: typed.to_owned(),
            way_on: ("/practice", "Go to practice"),
        }
    }
}

/// A refusal that gives back what somebody of the staff typed.
#[must_use]
pub fn with_typed(error: Error, typed: &str) -> Response {
    match error {
        Error::SignIn { staff, .. } => Error::SignIn { typed: typed.to_owned(), staff }.into_response(),
        Error::NotFound if !typed.is_empty() => {
            show_as(StatusCode::NOT_FOUND, &GonePage::of_staff(typed)).unwrap_or_else(Error::into_response)
        }
        other => other.into_response(),
    }
}

/// An error as it is; where what a nurse typed words about is not there, a page that gives them back. `known`: whether
/// this browser has her session.
pub fn or_her_words(error: Error, typed: &str, known: bool) -> Result<Response> {
    match error {
        Error::NotFound if !typed.is_empty() => {
            show_as(StatusCode::NOT_FOUND, &GonePage::of_nurse(typed, known))
        }
        other => Err(other),
    }
}
