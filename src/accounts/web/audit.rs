//! The audit log as an administrator reads it: newest first, a hundred rows a page, in sentences.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::audit::Event;
use crate::accounts::audit_words::{self, Names};
use crate::accounts::staff::Administrator;
use crate::accounts::store::{self, AuditRow};
use crate::app::App;
use crate::clock::{is_id, moment};
use crate::cohorts;
use crate::web::form::Query;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![get("/administration/audit", Who::Administrator, audit)]
}

/// How many rows stand on a page.
const ROWS: usize = 100;

/// What stands after the question mark.
#[derive(Debug, Deserialize)]
struct Which {
    event: Option<String>,
    before: Option<String>,
}

staff_page!(
    /// The audit log.
    AuditPage, "accounts/audit.html", Here::Administration,
    lines: Vec<(String, String)> =
        vec![("March 2, 2026, 12:00 PM".to_owned(), "Ruth Reyes signed in".to_owned())],
    events: Vec<(&'static str, &'static str)> = vec![("signed-in", "signed in")],
    event: Option<&'static str> = Some("signed-in"),
    older: Option<String> = Some("/administration/audit?before=0199".to_owned()),
    is_first: bool = false
);
async fn audit(
    State(app): State<App>,
    administrator: Administrator,
    Query(which): Query<Which>,
) -> Result<Response> {
    let event = which.event.as_deref().and_then(Event::read);
    let before = which.before.as_deref().filter(|id| is_id(id));
    let mut conn = app.db.read().await?;
    let mut rows = store::audit_page(&mut conn, before, event).await?;
    let people = store::staff_names(&mut conn).await?;
    let cohorts = cohorts::store::every_cohort(&mut conn).await?.into_iter();
    let cohorts: HashMap<String, String> =
        cohorts.map(|cohort| (cohort.id.as_str().to_owned(), cohort.name)).collect();
    let more = rows.len() > ROWS;
    rows.truncate(ROWS);
    let last = rows.last().map(|row| row.id.clone()).filter(|_| more);
    let older = last.map(|last| match event {
        Some(event) => format!("/administration/audit?event={}&before={last}", event.stored()),
        None => format!("/administration/audit?before={last}"),
    });
    let lines = rows.iter().filter_map(|row| Some((moment(row.at), line(row, &people, &cohorts)?)));
    show(&AuditPage {
        frame: administrator.staff().frame(Here::Administration),
        lines: lines.collect(),
        events: Event::ALL.iter().map(|event| (event.stored(), audit_words::name(*event))).collect(),
        event: event.map(Event::stored),
        older,
        is_first: before.is_none(),
    })
}

/// A row in words, with the names of people and cohorts by id.
fn line(
    row: &AuditRow,
    people: &HashMap<String, String>,
    cohorts: &HashMap<String, String>,
) -> Option<String> {
    let event = Event::read(&row.what)?;
    let name = |id: &Option<String>| {
        let id = id.as_ref()?;
        Some(people.get(id).cloned().unwrap_or_else(|| "somebody who is no longer here".to_owned()))
    };
    let cohort = row.cohort_id.as_ref();
    let cohort = cohort.map(|id| cohorts.get(id).cloned().unwrap_or_else(|| "a cohort of before".to_owned()));
    let actor = match row.actor_kind.as_str() {
        "staff" => name(&row.actor_id).unwrap_or_default(),
        "nurse" => match &cohort {
            Some(cohort) if !audit_words::says_where(event) => format!("A nurse of “{cohort}”"),
            _ => "A nurse".to_owned(),
        },
        "program" => "The program".to_owned(),
        _ => "Somebody".to_owned(),
    };
    let oneself = row.actor_kind == "staff" && row.staff_id == row.actor_id;
    let staff = if oneself { None } else { name(&row.staff_id) };
    let names = Names { actor, staff, cohort, object: row.object_id.clone() };
    Some(audit_words::sentence(event, &names))
}
