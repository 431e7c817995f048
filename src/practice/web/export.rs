//! Taking one's practice along: everything recorded, as JSON or as a table.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::export::{AttemptOut, table};
use crate::practice::{Attempt, load, store};
use crate::web::Result;
use crate::web::route::{Route, Who, get};

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
    Ok(file("application/json", "my-practice.json", bytes))
}

async fn csv(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let attempts = everything(&app, &nurse).await?;
    let mut bytes = "\u{FEFF}".as_bytes().to_vec();
    bytes.extend(table(&attempts)?);
    Ok(file("text/csv; charset=utf-8", "my-practice.csv", bytes))
}

fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
