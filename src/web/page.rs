//! The frame around every page, and how a page becomes an answer.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::error::Result;

/// What stands around a page's own content.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Which entry of the main menu this page belongs to.
    pub here: Here,
    /// Whether this browser has a session.
    pub known: bool,
}

/// The entries of the main menu.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Here {
    /// None of them.
    Elsewhere,
    /// The catalogue and what belongs to it.
    Practice,
    /// My practice.
    Me,
}

impl Frame {
    /// The frame for someone we know nothing about.
    #[must_use]
    pub const fn stranger() -> Self {
        Self { here: Here::Elsewhere, known: false }
    }

    /// The frame of a page that belongs to `here`.
    #[must_use]
    pub const fn new(here: Here, known: bool) -> Self {
        Self { here, known }
    }

    /// Whether the menu's practice entry is the current one.
    #[must_use]
    pub fn at_practice(&self) -> bool {
        self.here == Here::Practice
    }

    /// Whether the menu's my-practice entry is the current one.
    #[must_use]
    pub fn at_me(&self) -> bool {
        self.here == Here::Me
    }
}

/// A page, as an answer with status 200.
pub fn show(page: &impl Template) -> Result<Response> {
    show_as(StatusCode::OK, page)
}

/// A page, as an answer with this status. Pages are never kept by the browser: workstations are shared.
pub fn show_as(status: StatusCode, page: &impl Template) -> Result<Response> {
    let html = page.render()?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((status, headers, html).into_response())
}

/// On to another address of ours, with GET.
#[must_use]
pub fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}
