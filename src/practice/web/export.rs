//! Taking one's practice along: everything recorded, as JSON or as a table.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::export::{AttemptOut, COLUMNS, rows};
use crate::practice::{Attempt, load, store};
use crate::web::Result;
use crate::web::route::{Route, Who, get};
use crate::web::table::{Kind, file, table};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/me/practice.json", Who::Nurse, json), get("/me/practice.csv", Who::Nurse, csv)]
}

async fn everything(app: &App, nurse: &Nurse) -> Result<Vec<AttemptOut>> {
    let mut conn = app.db.read().await?;
    let mut reflections: BTreeMap<String, _> =
        store::reflections(&mut conn, nurse).await?.into_iter().collect();
    let attempts = load::attempts(&mut conn, &app.library, nurse, i64::MAX).await?;
    let out = |attempt: &Attempt| AttemptOut::new(attempt, reflections.remove(attempt.id.as_str()));
    Ok(attempts.iter().map(out).collect())
}

async fn json(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let attempts = everything(&app, &nurse).await?;
    let bytes = serde_json::to_vec_pretty(&serde_json::json!({ "attempts": attempts }))?;
    Ok(file(Kind::Json, "my-practice", bytes))
}

async fn csv(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let attempts = everything(&app, &nurse).await?;
    Ok(file(Kind::Csv, "my-practice", table(&COLUMNS, rows(&attempts))?))
}
