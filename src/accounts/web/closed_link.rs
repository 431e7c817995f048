//! A one-use link that opens nothing: never made, used, taken back or too old. Nobody learns which.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::accounts::link::LinkKind;
use crate::accounts::nurse::Visitor;
use crate::web::page::Here;
use crate::web::{Frame, Result, show_as};

plain_page!(
    /// A link that opens nothing.
    ClosedLinkPage, "accounts/closed_link.html",
    way_on: &'static str = way_on(LinkKind::SetUp)
);

const fn way_on(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::SetUp => {
            "If this installation has its administrator already, sign in. If not, start the program again: it prints a \
             new link."
        }
        LinkKind::Invitation => {
            "If you used it before, sign in. If not, ask whoever sent it to you for a new one."
        }
        LinkKind::Reset => {
            "If you set your new password already, sign in. If not, ask an administrator for a new link."
        }
    }
}

/// The page for a link of this kind that opens nothing.
pub(super) fn closed(visitor: &Visitor, kind: LinkKind) -> Result<Response> {
    let page = ClosedLinkPage { frame: visitor.frame(Here::Elsewhere), way_on: way_on(kind) };
    show_as(StatusCode::NOT_FOUND, &page)
}
