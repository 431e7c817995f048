//! The answers to one turn as files.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;

use super::answers::{TurnQuery, met, said_at};
use super::log::turn_logged;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::review::Work;
use crate::review::export::turn::{COLUMNS, json, rows};
use crate::web::Result;
use crate::web::form::{Path, Query};
use crate::web::route::{Route, Who, get};
use crate::web::table::{Kind, file, plain_name, table};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/scenarios/{slug}/{turn}/answers.csv", Who::Educator, csv),
        get("/cohorts/{cohort}/scenarios/{slug}/{turn}/answers.json", Who::Educator, numbers),
    ]
}

/// The names of a cohort's seats by id.
fn names(work: &Work) -> BTreeMap<&str, &str> {
    work.seats.iter().map(|seat| (seat.id.as_str(), seat.shown())).collect()
}

async fn csv(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug, turn)): Path<(String, String, String)>,
    Query(query): Query<TurnQuery>,
) -> Result<Response> {
    let (cohort, work) = said_at(&app, &educator, &slug, &query.filter()?).await?;
    let met = met(&app, &work, &slug, &turn)?;
    turn_logged(&app, educator.staff(), &cohort.id, &format!("{slug}/{turn}")).await?;
    let name = format!("{}-{}-{}", plain_name(&cohort.name), plain_name(&slug), plain_name(&turn));
    Ok(file(Kind::Csv, &name, table(&COLUMNS, rows(&names(&work), &met))?))
}

async fn numbers(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug, turn)): Path<(String, String, String)>,
    Query(query): Query<TurnQuery>,
) -> Result<Response> {
    let (cohort, work) = said_at(&app, &educator, &slug, &query.filter()?).await?;
    let met = met(&app, &work, &slug, &turn)?;
    turn_logged(&app, educator.staff(), &cohort.id, &format!("{slug}/{turn}")).await?;
    let name = format!("{}-{}-{}", plain_name(&cohort.name), plain_name(&slug), plain_name(&turn));
    Ok(file(Kind::Json, &name, serde_json::to_vec_pretty(&json(&names(&work), &met))?))
}
