//! A cohort's name, archiving it, opening it again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{Top, about_name, cohort_of, frame};
use crate::accounts;
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::note_educator;
use crate::cohorts::{name, store};
use crate::db::Work;
use crate::web::form::{Form, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/settings", Who::Educator, settings),
        post("/cohorts/{cohort}/settings", Who::Educator, rename),
        post("/cohorts/{cohort}/settings/archive", Who::Educator, archive),
        post("/cohorts/{cohort}/settings/reopen", Who::Educator, reopen),
    ]
}

/// The settings of a cohort.
#[derive(Debug, Template)]
#[template(path = "cohorts/settings.html")]
pub struct SettingsPage {
    frame: Frame,
    top: Top,
    archived_on: Option<String>,
    months: u16,
    name: String,
    problems: Problems,
    just_saved: bool,
    /// Whether it was archived or opened again just now.
    just_changed: bool,
}

impl SettingsPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("name", "Give the cohort a name");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top { archived: true, ..Top::sample() },
            archived_on: Some("March 2, 2026".to_owned()),
            months: 12,
            name: "Spring".to_owned(),
            problems,
            just_saved: false,
            just_changed: false,
        }
    }

    async fn of(app: &App, educator: &Educator) -> Result<Self> {
        let cohort = cohort_of(app, educator.cohort()).await?;
        Ok(Self {
            frame: frame(educator.staff()),
            top: Top::of(&cohort),
            archived_on: cohort.archived_at.map(crate::clock::day),
            months: accounts::store::keeping(&mut app.db.read().await?).await?.words_months,
            name: cohort.name,
            problems: Problems::default(),
            just_saved: false,
            just_changed: false,
        })
    }
}

async fn settings(
    State(app): State<App>,
    educator: Educator,
    Query(just): Query<JustDone>,
) -> Result<Response> {
    let (just_saved, just_changed) = (just.saved.is_some(), just.changed.is_some());
    show(&SettingsPage { just_saved, just_changed, ..SettingsPage::of(&app, &educator).await? })
}

/// What stands after the question mark once a form was sent.
#[derive(Debug, Deserialize)]
struct JustDone {
    saved: Option<String>,
    changed: Option<String>,
}

/// What the name form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameForm {
    #[serde(default)]
    name: Text,
}

fn here(educator: &Educator) -> String {
    format!("/cohorts/{}/settings", educator.cohort().as_str())
}

async fn rename(State(app): State<App>, educator: Educator, Form(form): Form<NameForm>) -> Result<Response> {
    let name = match name::name(form.name.as_str()) {
        Ok(name) => name,
        Err(why) => {
            let mut page = SettingsPage::of(&app, &educator).await?;
            page.problems.add("name", about_name(why, "Give the cohort a name"));
            page.name = form.name.into_string();
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let (there, clock) = (here(&educator), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, name, clock) = (educator.clone(), name.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            if store::rename_cohort(conn, &educator, &name).await? {
                note_educator(conn, &clock, &educator, Event::CohortRenamed, None, None).await?;
            }
            Ok(())
        });
        work
    });
    write.await?;
    Ok(to(&format!("{there}?saved=1")))
}

/// What a form with nothing but a button sends.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoFields {}

async fn archive(
    State(app): State<App>,
    educator: Educator,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    change(&app, &educator, Event::CohortArchived).await
}

async fn reopen(
    State(app): State<App>,
    educator: Educator,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    change(&app, &educator, Event::CohortReopened).await
}

/// Archives or opens the cohort; pressed twice it is noted once.
async fn change(app: &App, educator: &Educator, event: Event) -> Result<Response> {
    let (there, clock, educator) = (here(educator), app.clock.clone(), educator.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock) = (educator.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            let changed = match event {
                Event::CohortArchived => store::archive_cohort(conn, &educator, clock.now()).await?,
                _ => store::reopen_cohort(conn, &educator).await?,
            };
            if changed {
                note_educator(conn, &clock, &educator, event, None, None).await?;
            }
            Ok(())
        });
        work
    });
    write.await?;
    Ok(to(&format!("{there}?changed=1")))
}
