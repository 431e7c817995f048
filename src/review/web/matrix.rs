//! Element by turn: on which of the eight elements the cohort's answers did not keep.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::filter::{Asked, FilterForm};
use super::overview::cohort;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::review::load;
use crate::review::matrix::{Cell, Row, matrix};
use crate::scenario::rubric::Element;
use crate::web::form::Query;
use crate::web::page::{Here, show_as};
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}/matrix", Who::Educator, page)]
}

/// Element by turn.
#[derive(Debug, Template)]
#[template(path = "review/matrix.html")]
pub struct MatrixPage {
    frame: Frame,
    cohort_id: String,
    name: String,
    latest: bool,
    elements: [Element; 8],
    /// Scenario by scenario: its title and its turns.
    groups: Vec<(String, Vec<Row>)>,
    filter: FilterForm,
}

impl MatrixPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut cells = vec![Cell::default(); 8];
        if let Some(cell) = cells.first_mut() {
            *cell = Cell { n: 11, too_distant: 1, too_close: 5 };
        }
        let row = Row {
            slug: "a".to_owned(),
            scenario: "A goodbye".to_owned(),
            turn: "asks".to_owned(),
            title: "She asks to call you".to_owned(),
            n: 11,
            cells,
        };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            name: "Spring residency".to_owned(),
            latest: true,
            elements: Element::ALL,
            groups: vec![("A goodbye".to_owned(), vec![row])],
            filter: FilterForm::sample(),
        }
    }
}

async fn page(State(app): State<App>, educator: Educator, Query(asked): Query<Asked>) -> Result<Response> {
    let (filter, problems) = asked.filter()?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut conn = app.db.read().await?;
    let cohort = cohort(&mut conn, &educator).await?;
    let people = load::people(&mut conn, &app, &educator, &filter).await?;
    drop(conn);
    let action = format!("/cohorts/{}/matrix", cohort.id.as_str());
    let form = FilterForm::new(&app, &people.assignments, &asked, (&filter, problems), action)?;
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    for row in matrix(&people, asked.latest()) {
        match groups.last_mut().filter(|(_, rows)| rows.first().is_some_and(|first| first.slug == row.slug)) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((row.scenario.clone(), vec![row])),
        }
    }
    let page = MatrixPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: cohort.id.as_str().to_owned(),
        name: cohort.name,
        latest: asked.latest(),
        elements: Element::ALL,
        groups,
        filter: form,
    };
    show_as(status, &page)
}
