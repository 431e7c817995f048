//! A nurse's group: that she is in, who sees what, and leaving it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::Seen;
use super::settings::NoFields;
use crate::accounts::audit::{Actor, Event};
use crate::accounts::nurse::Nurse;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::cohorts::{Cohort, Seat, SeatId, store};
use crate::db::Work;
use crate::web::form::{Form, Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/me/groups/{seat}", Who::Nurse, group),
        post("/me/groups/{seat}", Who::Nurse, leave),
        get("/me/groups/{seat}/joined", Who::Nurse, joined),
    ]
}

async fn find(app: &App, nurse: &Nurse, seat: &str) -> Result<(Seat, Cohort)> {
    let id = SeatId::read(seat).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let seat = store::own_seat(&mut conn, nurse, &id).await?.ok_or(Error::NotFound)?;
    let cohort = store::cohort(&mut conn, &seat.cohort_id).await?.ok_or(Error::NotFound)?;
    Ok((seat, cohort))
}

/// She is in.
#[derive(Debug, Template)]
#[template(path = "cohorts/joined.html")]
pub struct JoinedPage {
    frame: Frame,
    already: bool,
    name: String,
    seen: Seen,
    has_return_code: bool,
    shared: bool,
}

impl JoinedPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::new(Here::Me, true),
            already: true,
            name: "Ana Okafor".to_owned(),
            seen: Seen::sample(),
            has_return_code: false,
            shared: true,
        }
    }
}

/// Whether she was in before.
#[derive(Debug, Deserialize)]
struct Before {
    already: Option<String>,
}

async fn joined(
    State(app): State<App>,
    nurse: Nurse,
    Path(seat): Path<String>,
    Query(before): Query<Before>,
) -> Result<Response> {
    let (seat, cohort) = find(&app, &nurse, &seat).await?;
    if seat.left_at.is_some() {
        return Ok(to(&format!("/me/groups/{}", seat.id.as_str())));
    }
    show(&JoinedPage {
        frame: Frame::new(Here::Me, true),
        already: before.already.is_some(),
        name: seat.name,
        seen: Seen::of(&app, &cohort).await?,
        has_return_code: nurse.has_return_code(),
        shared: !nurse.own_device(),
    })
}

/// Before she leaves, and after.
#[derive(Debug, Template)]
#[template(path = "cohorts/leave.html")]
pub struct LeavePage {
    frame: Frame,
    seat: String,
    name: String,
    left: bool,
    seen: Seen,
}

impl LeavePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::new(Here::Me, true),
            seat: "s".to_owned(),
            name: "Ana Okafor".to_owned(),
            left: false,
            seen: Seen::sample(),
        }
    }
}

async fn group(State(app): State<App>, nurse: Nurse, Path(seat): Path<String>) -> Result<Response> {
    let (seat, cohort) = find(&app, &nurse, &seat).await?;
    show(&LeavePage {
        frame: Frame::new(Here::Me, true),
        seat: seat.id.as_str().to_owned(),
        name: seat.shown().to_owned(),
        left: seat.left_at.is_some(),
        seen: Seen::of(&app, &cohort).await?,
    })
}

async fn leave(
    State(app): State<App>,
    nurse: Nurse,
    Path(seat): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    let (seat, _) = find(&app, &nurse, &seat).await?;
    let (there, clock) = (format!("/me/groups/{}", seat.id.as_str()), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (nurse, seat, clock) = (nurse.clone(), seat.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            if !store::leave_seat(conn, &nurse, &seat.id, clock.now()).await? {
                return Ok(());
            }
            let entry = AuditEntry {
                nurse_id: Some(nurse.id()),
                cohort_id: Some(seat.cohort_id.as_str()),
                object_id: Some(seat.id.as_str()),
                ..AuditEntry::of(clock.new_id(), clock.now(), Event::SeatLeft, Actor::Nurse(nurse.id()))
            };
            note(conn, &entry).await
        });
        work
    });
    write.await?;
    Ok(to(&there))
}
