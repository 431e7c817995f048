//! Who has completed what, and when: the one page of a cohort that a manager sees.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::log::completion_logged;
use crate::accounts::Role;
use crate::accounts::staff::CohortStaff;
use crate::app::App;
use crate::clock::{date, day};
use crate::cohorts::{Assignment, Cohort, Seat, store as cohorts};
use crate::practice::store::completions;
use crate::review::completion::{Completion, completion};
use crate::web::error::{Error, Result};
use crate::web::form::Query;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::table::{Kind, file, plain_name, table};
use crate::web::{Frame, show};

/// How many rows stand on the page before all of them are asked for.
const ROWS: usize = 60;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/completion", Who::CohortStaff, page),
        get("/cohorts/{cohort}/completion.csv", Who::CohortStaff, csv),
        get("/cohorts/{cohort}/completion.json", Who::CohortStaff, json),
    ]
}

/// What may stand after the question mark.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    all: String,
}

/// Who has completed what.
#[derive(Debug, Template)]
#[template(path = "review/completion.html")]
pub struct CompletionPage {
    frame: Frame,
    cohort_id: String,
    name: String,
    manager: bool,
    /// Title, last day, how many completed it.
    assignments: Vec<(String, Option<String>, usize)>,
    /// Name, whether she has left, and the day of each completion.
    rows: Vec<(String, bool, Vec<Option<String>>)>,
    /// How many nurses there are.
    count: usize,
}

impl CompletionPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            name: "Spring residency".to_owned(),
            manager: true,
            assignments: vec![("A goodbye".to_owned(), Some("for Friday, March 6".to_owned()), 1)],
            rows: vec![
                ("Ana Okafor".to_owned(), true, vec![Some("March 2, 2026".to_owned())]),
                ("Bo Li".to_owned(), false, vec![None]),
            ],
            count: 61,
        }
    }
}

/// What the table is made of.
struct Found {
    cohort: Cohort,
    seats: Vec<Seat>,
    assignments: Vec<Assignment>,
    done: Vec<(String, String, i64)>,
}

impl Found {
    async fn of(app: &App, staff: &CohortStaff) -> Result<Self> {
        let mut conn = app.db.read().await?;
        Ok(Self {
            cohort: cohorts::cohort(&mut conn, staff.cohort()).await?.ok_or(Error::NotFound)?,
            seats: cohorts::seats(&mut conn, staff.cohort()).await?,
            assignments: cohorts::assignments(&mut conn, staff.cohort()).await?,
            done: completions(&mut conn, staff).await?,
        })
    }

    fn table(&self) -> Completion<'_> {
        completion(&self.seats, &self.assignments, &self.done)
    }

    fn file_name(&self) -> String {
        format!("{}-completion", plain_name(&self.cohort.name))
    }
}

async fn page(State(app): State<App>, staff: CohortStaff, Query(asked): Query<Asked>) -> Result<Response> {
    let found = Found::of(&app, &staff).await?;
    let table = found.table();
    let most = if asked.all == "1" { usize::MAX } else { ROWS };
    let today = date(app.clock.now());
    let assignment = |(assignment, total): (&&Assignment, usize)| {
        (app.library.title_of(&assignment.slug), assignment.due_in_words(today), total)
    };
    let rows = table.rows.iter().take(most).map(|row| {
        let done = row.done.iter().map(|when| when.map(day)).collect();
        (row.seat.shown().to_owned(), row.seat.left_at.is_some(), done)
    });
    show(&CompletionPage {
        frame: staff.staff().frame(Here::Cohorts),
        cohort_id: found.cohort.id.as_str().to_owned(),
        name: found.cohort.name.clone(),
        manager: staff.role() == Role::Manager,
        assignments: table.assignments.iter().zip(table.totals()).map(assignment).collect(),
        rows: rows.collect(),
        count: table.rows.len(),
    })
}

/// One nurse and one assignment in a file.
#[derive(Debug, Serialize)]
struct DoneOut {
    nurse: String,
    external_id: Option<String>,
    scenario: String,
    title: String,
    due_on: Option<String>,
    completed_on: Option<String>,
}

fn out(app: &App, found: &Found) -> Vec<DoneOut> {
    let table = found.table();
    let cells = table.rows.iter().flat_map(|row| {
        table.assignments.iter().zip(&row.done).map(|(assignment, when)| DoneOut {
            nurse: row.seat.shown().to_owned(),
            external_id: row.seat.external_id.clone(),
            scenario: assignment.slug.clone(),
            title: app.library.title_of(&assignment.slug),
            due_on: assignment.due_on.clone(),
            completed_on: when.map(|when| date(when).to_string()),
        })
    });
    cells.collect()
}

async fn csv(State(app): State<App>, staff: CohortStaff) -> Result<Response> {
    let found = Found::of(&app, &staff).await?;
    let rows = out(&app, &found).into_iter().map(|cell| {
        [
            cell.nurse,
            cell.external_id.unwrap_or_default(),
            cell.scenario,
            cell.title,
            cell.due_on.unwrap_or_default(),
            cell.completed_on.unwrap_or_default(),
        ]
    });
    let columns = ["nurse", "external_id", "scenario", "title", "due_on", "completed_on"];
    let bytes = table(&columns, rows)?;
    completion_logged(&app, staff.staff(), staff.cohort()).await?;
    Ok(file(Kind::Csv, &found.file_name(), bytes))
}

async fn json(State(app): State<App>, staff: CohortStaff) -> Result<Response> {
    let found = Found::of(&app, &staff).await?;
    let out = out(&app, &found);
    let bytes =
        serde_json::to_vec_pretty(&serde_json::json!({ "cohort": found.cohort.name, "completions": out }))?;
    completion_logged(&app, staff.staff(), staff.cohort()).await?;
    Ok(file(Kind::Json, &found.file_name(), bytes))
}
