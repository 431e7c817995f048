//! My cohorts, and making one.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{about_name, frame};
use crate::accounts;
use crate::accounts::Role;
use crate::accounts::audit::{Actor, Event};
use crate::accounts::staff::Staff;
use crate::accounts::store::AuditEntry;
use crate::app::App;
use crate::cohorts::code::CODE_OPENS_FOR;
use crate::cohorts::store::{self, NewCohort};
use crate::cohorts::{CohortId, name};
use crate::db::{Work, is_clash};
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts", Who::Staff, list), post("/cohorts", Who::Staff, make)]
}

/// A cohort in the list.
#[derive(Clone, Debug)]
pub struct Line {
    address: String,
    name: String,
    manager: bool,
    nurses: i64,
    unconfirmed: i64,
    assignments: i64,
}

/// My cohorts.
#[derive(Debug, Template)]
#[template(path = "cohorts/list.html")]
pub struct CohortsPage {
    frame: Frame,
    open: Vec<Line>,
    archived: Vec<Line>,
    makes: bool,
    token: String,
    name: String,
    problems: Problems,
}

impl CohortsPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let line = Line {
            address: "/cohorts/c".to_owned(),
            name: "Spring residency".to_owned(),
            manager: false,
            nurses: 24,
            unconfirmed: 2,
            assignments: 1,
        };
        let mut problems = Problems::default();
        problems.add("name", "Type a name");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            open: vec![line.clone(), Line { manager: true, ..line.clone() }],
            archived: vec![line],
            makes: true,
            token: "t".to_owned(),
            name: "Fall".to_owned(),
            problems,
        }
    }

    async fn of(app: &App, staff: &Staff, name: &str, problems: Problems) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let today = crate::clock::date(app.clock.now()).to_string();
        let (mut open, mut archived) = (Vec::new(), Vec::new());
        for (id, role) in accounts::store::memberships_of(&mut conn, staff.id()).await? {
            let Some(cohort) = store::cohort(&mut conn, &id).await? else { continue };
            let counts = store::counts(&mut conn, &id, &today).await?;
            let manager = role == Role::Manager;
            let page = if manager { "/completion" } else { "" };
            let line = Line {
                address: format!("/cohorts/{}{page}", id.as_str()),
                name: cohort.name,
                manager,
                nurses: counts.nurses,
                unconfirmed: counts.unconfirmed,
                assignments: counts.open,
            };
            if cohort.archived_at.is_some() { archived.push(line) } else { open.push(line) }
        }
        let (frame, makes, token) = (frame(staff), staff.makes_cohorts(), app.clock.new_token());
        Ok(Self { frame, open, archived, makes, token, name: name.to_owned(), problems })
    }
}

async fn list(State(app): State<App>, staff: Staff) -> Result<Response> {
    show(&CohortsPage::of(&app, &staff, "", Problems::default()).await?)
}

/// What the make-a-cohort form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MakeForm {
    token: String,
    #[serde(default)]
    name: Text,
}

async fn make(State(app): State<App>, staff: Staff, Form(form): Form<MakeForm>) -> Result<Response> {
    if !staff.makes_cohorts() {
        return Err(Error::NotFound);
    }
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let name = match name::name(form.name.as_str()) {
        Ok(name) => name,
        Err(why) => {
            let mut problems = Problems::default();
            problems.add("name", about_name(why, "Give the cohort a name, such as Spring residency"));
            let page = CohortsPage::of(&app, &staff, form.name.as_str(), problems).await?;
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let id = made(&app, &staff, &name, &token_hash(&form.token)).await?;
    Ok(to(&format!("/cohorts/{}/join", id.as_str())))
}

/// The new cohort, or the one that the same form made before.
async fn made(app: &App, staff: &Staff, name: &str, token_hash: &str) -> Result<CohortId> {
    for _ in 0..3 {
        let id = CohortId::read(&app.clock.new_id()).ok_or(Error::NotFound)?;
        let code = app.secrets.join_code_hash(&app.secrets.join_code(&id, 1));
        let cohort = NewCohort {
            id: id.clone(),
            name: name.to_owned(),
            code: Some((code, app.clock.now() + CODE_OPENS_FOR)),
            token_hash: token_hash.to_owned(),
            created_by: staff.id().clone(),
        };
        match written(app, cohort).await {
            Ok(()) => return Ok(id),
            Err(error) if is_clash(&error) => {}
            Err(error) => return Err(error.into()),
        }
        let before = store::cohort_by_token(&mut app.db.read().await?, token_hash, staff.id()).await?;
        if let Some(before) = before {
            return Ok(before);
        }
    }
    Err(Error::Invalid)
}

async fn written(app: &App, cohort: NewCohort) -> sqlx::Result<()> {
    let clock = app.clock.clone();
    let write = app.db.write(move |conn| {
        let (cohort, clock) = (cohort.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            let (now, by) = (clock.now(), &cohort.created_by);
            store::insert_cohort(conn, &cohort, now).await?;
            accounts::store::insert_membership(conn, &cohort.id, by, Role::Educator, now).await?;
            let entry = AuditEntry {
                cohort_id: Some(cohort.id.as_str()),
                ..AuditEntry::of(clock.new_id(), now, Event::CohortMade, Actor::Staff(by.as_str()))
            };
            accounts::store::note(conn, &entry).await
        });
        work
    });
    write.await
}
