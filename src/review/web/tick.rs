//! Choosing own words for class, without names.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::answers::{TurnQuery, page};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::store::hold_cohort;
use crate::practice::store::{Part, hold_of_cohort};
use crate::practice::{Attempt, AttemptId, load};
use crate::review::store::{self, Ticked};
use crate::web::form::{Form, Path};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/scenarios/{slug}/{turn}/samples", Who::Educator, tick)]
}

/// Which own words are taken to class, or left out again.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TickForm {
    /// The answer to take to class, as [`answer`] writes it.
    take: String,
    /// The answer to leave out again.
    leave: String,
}

/// An answer as the buttons name it: its attempt and its turn's number.
pub(super) fn answer(attempt: &str, number: u32) -> String {
    format!("{attempt}.{number}")
}

impl TickForm {
    /// Which answer it is, and whether it is taken.
    fn read(&self) -> Option<(AttemptId, u32, bool)> {
        let take = !self.take.is_empty();
        let (attempt, number) = if take { &self.take } else { &self.leave }.split_once('.')?;
        Some((AttemptId::read(attempt)?, number.parse().ok()?, take))
    }
}

async fn tick(
    State(app): State<App>,
    educator: Educator,
    Path((cohort, slug, turn)): Path<(String, String, String)>,
    Form(form): Form<TickForm>,
) -> Result<Response> {
    let (attempt, number, take) = form.read().ok_or(Error::NotFound)?;
    let found =
        load::of_cohort(&mut app.db.read().await?, &app.library, &educator, Part::One(&attempt)).await?;
    let answered = |found: &Attempt| {
        let walk = found.replay();
        let step = walk.step(number);
        found.revision.scenario.slug == slug
            && step.is_some_and(|step| step.turn_id == turn && step.answer.is_some())
    };
    if !found.iter().any(answered) {
        return Err(Error::NotFound);
    }
    let (writer, number, now) = (educator.clone(), i64::from(number), app.clock.now());
    let ticked = app
        .db
        .write(move |conn| {
            let (educator, attempt) = (writer.clone(), attempt.clone());
            Box::pin(async move {
                if take {
                    // Two who tick at different attempts count to six together.
                    hold_cohort(conn, educator.cohort()).await?;
                    hold_of_cohort(conn, &educator, &attempt).await?;
                    return store::tick(conn, &educator, &attempt, number, now).await;
                }
                store::untick(conn, &educator, &attempt, number).await?;
                Ok::<Ticked, sqlx::Error>(Ticked::Yes)
            })
        })
        .await?;
    match ticked {
        Ticked::Yes => Ok(to(&format!("/cohorts/{cohort}/scenarios/{slug}/{turn}#own"))),
        Ticked::NotThere => Err(Error::NotFound),
        Ticked::Full => {
            let page = page(&app, &educator, (&slug, &turn), &TurnQuery::default()).await?;
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page.when_full())
        }
    }
}
