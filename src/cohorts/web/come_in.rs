//! What joining by code and by a personal link share: letting her in, her cookie, and the page for the staff.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::with_cookie;
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::cohorts::SeatId;
use crate::cohorts::enter::{self, Comer, Entered};
use crate::db::is_clash;
use crate::web::page::Here;
use crate::web::session::SessionToken;
use crate::web::{Frame, Result, show_as};

/// Joining is for nurses: somebody of the staff is here.
#[derive(Debug, Template)]
#[template(path = "cohorts/not_for_staff.html")]
pub struct NotForStaffPage {
    frame: Frame,
}

impl NotForStaffPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::staff_sample(Here::Elsewhere) }
    }
}

/// What somebody of the staff sees in the place of a page for joining.
pub(super) fn not_for_staff(visitor: &Visitor) -> Result<Response> {
    show_as(StatusCode::FORBIDDEN, &NotForStaffPage { frame: visitor.frame(Here::Elsewhere) })
}

/// How somebody comes in.
#[derive(Clone)]
pub(super) enum Way {
    /// By code, under a name.
    Code { hash: String, name: String },
    /// By a personal link.
    Link { hash: String },
}

/// Lets her in; tried again where the same form was being written at the same time.
pub(super) async fn entered(app: &App, comer: &Comer, way: Way) -> Result<Entered> {
    let once = || {
        let (comer, way, its_app) = (comer.clone(), way.clone(), app.clone());
        app.db.write(move |conn| {
            let (comer, way, app) = (comer.clone(), way.clone(), its_app.clone());
            Box::pin(async move {
                let (clock, library) = (&app.clock, &app.library);
                match way {
                    Way::Code { hash, name } => enter::join(conn, clock, &comer, &hash, &name).await,
                    Way::Link { hash } => enter::claim(conn, (clock, library), &comer, &hash).await,
                }
            })
        })
    };
    match once().await {
        Err(error) if is_clash(&error) => Ok(once().await?),
        done => Ok(done?),
    }
}

/// The way on for somebody who is in, with her session's cookie where this form made it.
pub(super) fn came_in(
    app: &App,
    session: &SessionToken,
    own_device: bool,
    entered: &Entered,
) -> Option<Response> {
    let Entered::In { seat, new_session, already } = entered else { return None };
    let cookie = new_session.then(|| session.cookie(app.https(), own_device).to_string());
    Some(with_cookie(cookie, &joined(seat, *already)))
}

/// The page that says that she is in.
pub(super) fn joined(seat: &SeatId, already: bool) -> String {
    let already = if already { "?already=1" } else { "" };
    format!("/me/groups/{}/joined{already}", seat.as_str())
}
