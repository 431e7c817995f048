//! The frame around every page, and how a page becomes an answer.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::error::Result;

/// What stands around a page's own content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Which entry of the main menu this page belongs to.
    pub here: Here,
    /// Whether this browser has a nurse's session.
    pub known: bool,
    /// The menu of somebody of the staff, where that is who is here.
    pub staff: Option<StaffMenu>,
}

/// What the menu of somebody of the staff shows.
#[derive(Clone, Debug)]
pub struct StaffMenu {
    /// Who is signed in.
    pub name: String,
    /// Whether there are pages of the installation to show.
    pub administrator: bool,
    /// Whether there are cohorts to show.
    pub cohorts: bool,
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
    /// Cohorts and what belongs to them.
    Cohorts,
    /// What an administrator looks after.
    Administration,
    /// The account of somebody of the staff.
    Account,
}

impl Frame {
    /// The frame for someone we know nothing about.
    #[must_use]
    pub const fn stranger() -> Self {
        Self::new(Here::Elsewhere, false)
    }

    /// The frame of a page that belongs to `here`, for a nurse or for someone we know nothing about.
    #[must_use]
    pub const fn new(here: Here, known: bool) -> Self {
        Self { here, known, staff: None }
    }

    /// The frame of a page for somebody of the staff.
    #[must_use]
    pub const fn of_staff(here: Here, menu: StaffMenu) -> Self {
        Self { here, known: false, staff: Some(menu) }
    }

    /// The frame of a page for the staff as it looks on a sample page.
    #[must_use]
    pub fn staff_sample(here: Here) -> Self {
        Self::of_staff(here, StaffMenu { name: "Ruth Reyes".to_owned(), administrator: true, cohorts: true })
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

    /// Whether the menu's cohorts entry is the current one.
    #[must_use]
    pub fn at_cohorts(&self) -> bool {
        self.here == Here::Cohorts
    }

    /// Whether the menu's administration entry is the current one.
    #[must_use]
    pub fn at_administration(&self) -> bool {
        self.here == Here::Administration
    }

    /// Whether the menu's account entry is the current one.
    #[must_use]
    pub fn at_account(&self) -> bool {
        self.here == Here::Account
    }

    /// Whether somebody is here who runs the installation.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.staff.as_ref().is_some_and(|staff| staff.administrator)
    }

    /// Whether somebody is signed in who can sign out.
    #[must_use]
    pub const fn can_leave(&self) -> bool {
        self.known || self.staff.is_some()
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

/// What a page says where so many answer at once that an answer was not taken.
pub const TOO_MANY: &str = "Very many people are answering right now, and this is not stored yet. Wait half a minute, \
                            then send it again.";

/// The page something was sent from, with everything that was typed, and when to send it again.
pub fn too_many(page: &impl Template) -> Result<Response> {
    let page = show_as(StatusCode::SERVICE_UNAVAILABLE, page)?;
    Ok(([(header::RETRY_AFTER, "30")], page).into_response())
}

/// On to another address of ours, with GET.
#[must_use]
pub fn to(address: &str) -> Response {
    Redirect::to(address).into_response()
}
