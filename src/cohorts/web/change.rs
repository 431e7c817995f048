//! Changing what is said to an assignment, and taking it back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::note::{Typed, note_anyway};
use super::settings::NoFields;
use super::{Top, cohort_of, frame};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::note_educator;
use crate::cohorts::{Assignment, AssignmentId, store};
use crate::db::Work;
use crate::practice::guard::Ask;
use crate::web::error::Reason;
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/assignments/{assignment}", Who::Educator, assignment),
        post("/cohorts/{cohort}/assignments/{assignment}", Who::Educator, change),
        post("/cohorts/{cohort}/assignments/{assignment}/withdraw", Who::Educator, withdraw),
    ]
}

/// One assignment, to be changed.
#[derive(Debug, Template)]
#[template(path = "cohorts/assignment.html")]
pub struct AssignmentPage {
    frame: Frame,
    top: Top,
    id: String,
    title: String,
    slug: String,
    set_on: String,
    withdrawn_on: Option<String>,
    due: String,
    note: String,
    problems: Problems,
    ask: Option<Ask>,
}

impl AssignmentPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("due", "That day is over");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            id: "a".to_owned(),
            title: "A goodbye".to_owned(),
            slug: "a-goodbye".to_owned(),
            set_on: "March 2, 2026".to_owned(),
            withdrawn_on: None,
            due: "2026-03-01".to_owned(),
            note: "Before our next class".to_owned(),
            problems,
            ask: Some(Ask::sample("note")),
        }
    }

    async fn of(app: &App, educator: &Educator, given: &Assignment) -> Result<Self> {
        let cohort = cohort_of(app, educator.cohort()).await?;
        Ok(Self {
            frame: frame(educator.staff()),
            top: Top::of(&cohort),
            id: given.id.as_str().to_owned(),
            title: app.library.title_of(&given.slug),
            slug: given.slug.clone(),
            set_on: crate::clock::day(given.made_at),
            withdrawn_on: given.withdrawn_at.map(crate::clock::day),
            due: given.due_on.clone().unwrap_or_default(),
            note: given.note.clone(),
            problems: Problems::default(),
            ask: None,
        })
    }
}

async fn find(app: &App, educator: &Educator, id: &str) -> Result<Assignment> {
    let id = AssignmentId::read(id).ok_or(Error::NotFound)?;
    let found = store::assignment(&mut app.db.read().await?, &id).await?;
    found.filter(|given| given.cohort_id == *educator.cohort()).ok_or(Error::NotFound)
}

async fn assignment(
    State(app): State<App>,
    educator: Educator,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response> {
    let given = find(&app, &educator, &id).await?;
    show(&AssignmentPage::of(&app, &educator, &given).await?)
}

/// What the form of an assignment sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    #[serde(default)]
    due: Text,
    #[serde(default)]
    note: Text,
    anyway: Option<String>,
}

fn list(educator: &Educator) -> String {
    format!("/cohorts/{}/assignments", educator.cohort().as_str())
}

async fn change(
    State(app): State<App>,
    educator: Educator,
    Path((_, id)): Path<(String, String)>,
    Form(form): Form<ChangeForm>,
) -> Result<Response> {
    let given = find(&app, &educator, &id).await?;
    let typed = Typed { due: &form.due, note: &form.note, anyway: form.anyway.as_deref() };
    let told = typed.told(&app, &given.slug, Some(&given));
    if told.is_refused() {
        let page = AssignmentPage::of(&app, &educator, &given).await?;
        let (due, note) = (form.due.into_string(), form.note.into_string());
        let (problems, ask) = (told.problems, told.ask);
        let page = AssignmentPage { due, note, problems, ask, ..page };
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (there, clock, staff) = (list(&educator), app.clock.clone(), frame(educator.staff()));
    let (note, due_on, anyway) = (told.note, told.due_on, told.anyway);
    let write = app.db.write(move |conn| {
        let (educator, id, note, due_on) = (educator.clone(), given.id.clone(), note.clone(), due_on.clone());
        let (clock, anyway) = (clock.clone(), anyway.clone());
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let changed = store::change_assignment(conn, &educator, &id, &note, due_on.as_deref()).await?;
            if changed {
                note_anyway(conn, &clock, &educator, &id, anyway.as_deref()).await?;
            }
            Ok(changed)
        });
        work
    });
    if write.await? { Ok(to(&format!("{there}?said=saved"))) } else { Err(withdrawn(staff, there)) }
}

/// It was withdrawn while its page was open.
fn withdrawn(frame: Frame, list: String) -> Error {
    Error::Because(Box::new(Reason {
        frame,
        title: "This assignment was withdrawn meanwhile",
        text: "While you had this page open, it was withdrawn on another page. Nothing was changed. To go on with it, \
               set the scenario again.",
        way_on: (list, "Go to the assignments"),
    }))
}

async fn withdraw(
    State(app): State<App>,
    educator: Educator,
    Path((_, id)): Path<(String, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    let given = find(&app, &educator, &id).await?;
    let (there, clock) = (list(&educator), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, id, clock) = (educator.clone(), given.id.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            if store::withdraw_assignment(conn, &educator, &id, clock.now()).await? {
                let object = Some(id.as_str());
                note_educator(conn, &clock, &educator, Event::AssignmentWithdrawn, None, object).await?;
            }
            Ok(())
        });
        work
    });
    write.await?;
    Ok(to(&format!("{there}?said=withdrawn")))
}
