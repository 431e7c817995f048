//! What a cohort is set to do: the list, and setting a scenario.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::note::{Typed, note_anyway};
use super::{Top, cohort_of, frame, open_cohort};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::note_educator;
use crate::cohorts::{Assignment, AssignmentId, Cohort, store};
use crate::db::{Work, is_clash};
use crate::practice;
use crate::practice::guard::Ask;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/assignments", Who::Educator, list),
        get("/cohorts/{cohort}/assignments/new", Who::Educator, choose),
        post("/cohorts/{cohort}/assignments", Who::Educator, set),
    ]
}

/// An assignment in the list.
#[derive(Clone, Debug)]
pub struct Line {
    address: String,
    title: String,
    due: String,
    note: String,
    completed: i64,
}

/// Assignments of a cohort.
#[derive(Debug, Template)]
#[template(path = "cohorts/assignments.html")]
pub struct AssignmentsPage {
    frame: Frame,
    top: Top,
    nurses: i64,
    lines: Vec<Line>,
    withdrawn: Vec<Line>,
    said: &'static str,
}

impl AssignmentsPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let line = Line {
            address: "/cohorts/c/assignments/a".to_owned(),
            title: "A goodbye".to_owned(),
            due: "for Friday, March 6".to_owned(),
            note: "Before our next class".to_owned(),
            completed: 3,
        };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            nurses: 24,
            lines: vec![line.clone()],
            withdrawn: vec![line],
            said: "Set",
        }
    }
}

/// What happened just before.
#[derive(Debug, Deserialize)]
struct Before {
    said: Option<String>,
}

async fn list(State(app): State<App>, educator: Educator, Query(before): Query<Before>) -> Result<Response> {
    let cohort = cohort_of(&app, educator.cohort()).await?;
    let today = crate::clock::date(app.clock.now());
    let mut conn = app.db.read().await?;
    let assignments = store::assignments(&mut conn, &cohort.id).await?;
    let completed = practice::store::completed(&mut conn, &educator).await?;
    let counts = store::counts(&mut conn, &cohort.id, &today.to_string()).await?;
    let line = |given: &Assignment| Line {
        address: format!("/cohorts/{}/assignments/{}", cohort.id.as_str(), given.id.as_str()),
        title: app.library.title_of(&given.slug),
        due: given.due_in_words(today).unwrap_or_default(),
        note: given.note.clone(),
        completed: completed.iter().find(|(id, _)| id == given.id.as_str()).map_or(0, |(_, n)| *n),
    };
    let newest = || assignments.iter().rev();
    show(&AssignmentsPage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        nurses: counts.nurses,
        lines: newest().filter(|given| given.withdrawn_at.is_none()).map(line).collect(),
        withdrawn: newest().filter(|given| given.withdrawn_at.is_some()).map(line).collect(),
        said: match before.said.as_deref() {
            Some("set") => "Set. Your nurses see it first on their practice page",
            Some("saved") => "Saved",
            Some("withdrawn") => "Withdrawn",
            _ => "",
        },
    })
}

/// Setting a scenario.
#[derive(Debug, Template)]
#[template(path = "cohorts/assign.html")]
pub struct AssignPage {
    frame: Frame,
    top: Top,
    scenarios: Vec<(String, String)>,
    chosen: String,
    due: String,
    note: String,
    token: String,
    problems: Problems,
    ask: Option<Ask>,
}

impl AssignPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("slug", "Choose a scenario");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            scenarios: vec![("a-goodbye".to_owned(), "A goodbye".to_owned())],
            chosen: "a-goodbye".to_owned(),
            due: "2026-03-06".to_owned(),
            note: "Before our next class".to_owned(),
            token: "t".to_owned(),
            problems,
            ask: Some(Ask::sample("note")),
        }
    }

    fn of(app: &App, educator: &Educator, cohort: &Cohort) -> Self {
        let policy = app.library.policy();
        let current = app.library.current();
        let scenarios = current
            .iter()
            .map(|revision| (revision.scenario.slug.clone(), policy.speak(&revision.scenario.title)));
        Self {
            frame: frame(educator.staff()),
            top: Top::of(cohort),
            scenarios: scenarios.collect(),
            chosen: String::new(),
            due: String::new(),
            note: String::new(),
            token: app.clock.new_token(),
            problems: Problems::default(),
            ask: None,
        }
    }
}

/// Which scenario is chosen already, where a link says so.
#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    slug: String,
}

async fn choose(
    State(app): State<App>,
    educator: Educator,
    Query(chosen): Query<Chosen>,
) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    show(&AssignPage { chosen: chosen.slug, ..AssignPage::of(&app, &educator, &cohort) })
}

/// What the set-a-scenario form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetForm {
    token: String,
    #[serde(default)]
    slug: Text,
    #[serde(default)]
    due: Text,
    #[serde(default)]
    note: Text,
    anyway: Option<String>,
}

async fn set(State(app): State<App>, educator: Educator, Form(form): Form<SetForm>) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let typed = Typed { due: &form.due, note: &form.note, anyway: form.anyway.as_deref() };
    let told = typed.told(&app, form.slug.as_str(), None);
    if told.is_refused() {
        let page = AssignPage::of(&app, &educator, &cohort);
        let (chosen, due, note) = (form.slug.into_string(), form.due.into_string(), form.note.into_string());
        let (problems, ask) = (told.problems, told.ask);
        let page = AssignPage { chosen, due, note, token: form.token, problems, ask, ..page };
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let id = AssignmentId::read(&app.clock.new_id()).ok_or(Error::Invalid)?;
    let slug = form.slug.into_string();
    let (note, due_on) = (told.note, told.due_on);
    let given = Assignment {
        id,
        cohort_id: cohort.id,
        slug,
        note,
        due_on,
        made_at: app.clock.now(),
        withdrawn_at: None,
    };
    let hash = token_hash(&form.token);
    let there = format!("/cohorts/{}/assignments?said=set", educator.cohort().as_str());
    match written(&app, &educator, given, (&hash, told.anyway)).await {
        Ok(()) => Ok(to(&there)),
        Err(error) if is_clash(&error) => {
            let before = store::assignment_by_token(&mut app.db.read().await?, &educator, &hash).await?;
            if before.is_some() { Ok(to(&there)) } else { Err(Error::Invalid) }
        }
        Err(error) => Err(error.into()),
    }
}

async fn written(
    app: &App,
    educator: &Educator,
    given: Assignment,
    (token_hash, anyway): (&str, Option<String>),
) -> sqlx::Result<()> {
    let (educator, clock, hash) = (educator.clone(), app.clock.clone(), token_hash.to_owned());
    let write = app.db.write(move |conn| {
        let (educator, clock, given, hash) = (educator.clone(), clock.clone(), given.clone(), hash.clone());
        let anyway = anyway.clone();
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            store::insert_assignment(conn, &given, educator.staff().id(), &hash).await?;
            note_educator(conn, &clock, &educator, Event::Assigned, None, Some(given.id.as_str())).await?;
            note_anyway(conn, &clock, &educator, &given.id, anyway.as_deref()).await
        });
        work
    });
    write.await
}
