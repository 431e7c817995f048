//! Removing a nurse from a cohort.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::people::here;
use super::settings::NoFields;
use super::{Top, cohort_of, find_seat, frame};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::note_educator;
use crate::cohorts::store;
use crate::db::Work;
use crate::web::form::{Form, Path};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people/{seat}/remove", Who::Educator, ask),
        post("/cohorts/{cohort}/people/{seat}/remove", Who::Educator, remove),
    ]
}

/// Before a seat is removed.
#[derive(Debug, Template)]
#[template(path = "cohorts/remove.html")]
pub struct RemovePage {
    frame: Frame,
    top: Top,
    seat: String,
    shown: String,
    taken: bool,
}

impl RemovePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            seat: "s".to_owned(),
            shown: "Ana Okafor".to_owned(),
            taken: true,
        }
    }
}

async fn ask(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let cohort = cohort_of(&app, educator.cohort()).await?;
    show(&RemovePage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        seat: seat.id.as_str().to_owned(),
        shown: seat.shown().to_owned(),
        taken: seat.joined_at.is_some(),
    })
}

async fn remove(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let there = here(&educator, "removed", 1);
    let clock = app.clock.clone();
    let write = app.db.write(move |conn| {
        let (educator, seat, clock) = (educator.clone(), seat.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            if store::remove_seat(conn, &educator, &seat.id, clock.now()).await? {
                let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                note_educator(conn, &clock, &educator, Event::SeatRemoved, nurse, id).await?;
            }
            Ok(())
        });
        work
    });
    write.await?;
    Ok(to(&there))
}
