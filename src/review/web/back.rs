//! Addresses that forms are sent to, opened: they lead to the page the form stands on. A browser opens them where it was
//! left on a page that said what is to be put right.

use axum::extract::State;
use axum::response::Response;

use super::{comments, place};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::web::form::Path;
use crate::web::route::{Route, Who, get};
use crate::web::{Result, to};

/// The addresses of this file.
#[must_use]
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people/{seat}/{attempt}/blackout", Who::Educator, transcript),
        get("/cohorts/{cohort}/people/{seat}/{attempt}/{number}/comments", Who::Educator, turn),
        get("/cohorts/{cohort}/people/{seat}/{attempt}/{number}/marking", Who::Educator, turn),
        get("/cohorts/{cohort}/comments/{comment}", Who::Educator, comment),
        get("/cohorts/{cohort}/comments/{comment}/answers", Who::Educator, comment),
    ]
}

/// The address of a nurse's transcript; 404 where it is not there for this educator.
async fn address(app: &App, educator: &Educator, (seat, attempt): (&str, &str)) -> Result<String> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(app, &mut conn, educator, (seat, attempt)).await?;
    Ok(place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id)))
}

async fn transcript(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat, attempt)): Path<(String, String, String)>,
) -> Result<Response> {
    Ok(to(&address(&app, &educator, (&seat, &attempt)).await?))
}

async fn turn(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat, attempt, number)): Path<(String, String, String, u32)>,
) -> Result<Response> {
    let address = address(&app, &educator, (&seat, &attempt)).await?;
    Ok(to(&format!("{address}#turn-{number}")))
}

async fn comment(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, comment)): Path<(String, String)>,
) -> Result<Response> {
    let (comment, place, attempt) = comments::find(&app, &educator, &comment).await?;
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    Ok(to(&format!("{address}#turn-{}", comment.number)))
}
