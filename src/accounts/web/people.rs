//! Everybody of the staff, for an administrator.

use std::collections::{HashMap, HashSet};

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::oversee::{self, Asked};
use crate::accounts::staff::Administrator;
use crate::accounts::{Person, Role, store};
use crate::app::App;
use crate::clock::day;
use crate::cohorts;
use crate::db::Conn;
use crate::web::form::{Form, JustSaved, Problems, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/administration", Who::Administrator, people),
        post("/administration/second-step", Who::Administrator, ask_everybody),
    ]
}

/// Somebody in the list.
#[derive(Clone, Debug)]
pub(super) struct PersonLine {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    /// What she may do everywhere: "Administrator", "Makes cohorts".
    pub(super) roles: Vec<&'static str>,
    /// Her cohorts, with her role in each.
    pub(super) cohorts: Vec<String>,
    pub(super) last_seen: String,
    /// Since when she can't come in.
    pub(super) disabled: Option<String>,
    pub(super) second_step: bool,
}

impl PersonLine {
    pub(super) fn sample() -> Self {
        Self {
            id: "0199".to_owned(),
            name: "Omar Haddad".to_owned(),
            email: "omar@hospital.example".to_owned(),
            roles: vec!["Administrator", "Makes cohorts"],
            cohorts: vec!["Spring residency (manager)".to_owned()],
            last_seen: "March 2, 2026".to_owned(),
            disabled: Some("March 2, 2026".to_owned()),
            second_step: true,
        }
    }

    pub(super) fn of(person: Person, cohorts: Vec<String>, second_step: bool) -> Self {
        let roles = [(person.administrator, "Administrator"), (person.educator, "Makes cohorts")];
        Self {
            id: person.id.as_str().to_owned(),
            name: person.name,
            email: person.email,
            roles: roles.into_iter().filter_map(|(is_so, role)| is_so.then_some(role)).collect(),
            cohorts,
            last_seen: day(person.last_seen_at),
            disabled: person.disabled_at.map(day),
            second_step,
        }
    }
}

staff_page!(
    /// Everybody of the staff.
    PeoplePage, "accounts/people.html", Here::Administration,
    people: Vec<PersonLine> = vec![PersonLine::sample()],
    must: Option<String> = None,
    just_saved: bool = false,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("must", "Set up your own second step first");
        problems
    }
);

async fn people(
    State(app): State<App>,
    administrator: Administrator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    page(&app, &administrator, saved.is_so(), Problems::default()).await
}

async fn page(
    app: &App,
    administrator: &Administrator,
    just_saved: bool,
    problems: Problems,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let mut belongs = belongs(&mut conn).await?;
    let with: HashSet<String> = store::with_second_step(&mut conn).await?.into_iter().collect();
    let people = store::people(&mut conn).await?.into_iter().map(|person| {
        let cohorts = belongs.remove(person.id.as_str()).unwrap_or_default();
        let second_step = with.contains(person.id.as_str());
        PersonLine::of(person, cohorts, second_step)
    });
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PeoplePage {
        frame: administrator.staff().frame(Here::Administration),
        people: people.collect(),
        must: store::second_step_required(&mut conn).await?.map(day),
        just_saved,
        problems,
    };
    show_as(status, &page)
}

/// Which button was pressed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AskForm {
    must: String,
}

async fn ask_everybody(
    State(app): State<App>,
    administrator: Administrator,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    let must = match form.must.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::Invalid),
    };
    match oversee::ask_everybody(&app, administrator.staff(), must).await? {
        Asked::Yes => Ok(to("/administration?saved=1#step")),
        Asked::HasNone => {
            let mut problems = Problems::default();
            problems.add(
                "must",
                "Set up your own second step first, under your name: then you know what you ask for",
            );
            page(&app, &administrator, false, problems).await
        }
    }
}

/// By id: the cohorts somebody belongs to, with the role in each.
pub(super) async fn belongs(conn: &mut Conn) -> Result<HashMap<String, Vec<String>>> {
    let cohorts = cohorts::store::every_cohort(conn).await?;
    let names: HashMap<&str, &str> =
        cohorts.iter().map(|cohort| (cohort.id.as_str(), cohort.name.as_str())).collect();
    let mut belongs: HashMap<String, Vec<String>> = HashMap::new();
    for membership in store::memberships(conn, None).await? {
        let role = match membership.role {
            Role::Educator => "educator",
            Role::Manager => "manager",
        };
        let name = names.get(membership.cohort.as_str()).copied().unwrap_or_default();
        belongs.entry(membership.staff.as_str().to_owned()).or_default().push(format!("{name} ({role})"));
    }
    Ok(belongs)
}
