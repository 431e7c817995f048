//! Every cohort with those who teach it, for an administrator, who may make herself one of them.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::changes;
use crate::accounts::staff::Administrator;
use crate::accounts::{Membership, Role, StaffId, store};
use crate::app::App;
use crate::cohorts::{self, Cohort, CohortId};
use crate::web::form::{JustSaved, Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/administration/cohorts", Who::Administrator, list),
        post("/administration/cohorts/{cohort}/educator", Who::Administrator, appoint),
    ]
}

/// A cohort in the list.
#[derive(Clone, Debug)]
struct CohortLine {
    id: String,
    name: String,
    archived: bool,
    educators: Vec<String>,
    managers: Vec<String>,
    /// Whether whoever looks is an educator of it.
    is_mine: bool,
}

impl CohortLine {
    fn of(cohort: Cohort, memberships: Vec<Membership>, me: &StaffId) -> Self {
        let is_mine = memberships.iter().any(|one| one.role == Role::Educator && one.staff == *me);
        let (educators, managers): (Vec<_>, Vec<_>) =
            memberships.into_iter().partition(|one| one.role == Role::Educator);
        let names = |list: Vec<Membership>| list.into_iter().map(|one| one.name).collect();
        Self {
            id: cohort.id.as_str().to_owned(),
            name: cohort.name,
            archived: cohort.archived_at.is_some(),
            educators: names(educators),
            managers: names(managers),
            is_mine,
        }
    }
}

staff_page!(
    /// Every cohort with those who teach it.
    CohortsPage, "accounts/cohorts.html", Here::Administration,
    cohorts: Vec<CohortLine> = vec![CohortLine {
        id: "0199".to_owned(),
        name: "Spring residency".to_owned(),
        archived: true,
        educators: vec!["Ruth Reyes".to_owned()],
        managers: vec!["Omar Haddad".to_owned()],
        is_mine: false
    }],
    just_saved: bool = true
);
async fn list(
    State(app): State<App>,
    administrator: Administrator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let mut members: HashMap<String, Vec<Membership>> = HashMap::new();
    for membership in store::memberships(&mut conn, None).await? {
        members.entry(membership.cohort.as_str().to_owned()).or_default().push(membership);
    }
    let me = administrator.staff().id();
    let cohorts = cohorts::store::every_cohort(&mut conn).await?.into_iter().map(|cohort| {
        let of_it = members.remove(cohort.id.as_str()).unwrap_or_default();
        CohortLine::of(cohort, of_it, me)
    });
    show(&CohortsPage {
        frame: administrator.staff().frame(Here::Administration),
        cohorts: cohorts.collect(),
        just_saved: saved.is_so(),
    })
}

async fn appoint(
    State(app): State<App>,
    administrator: Administrator,
    Path(id): Path<String>,
) -> Result<Response> {
    let id = CohortId::read(&id).ok_or(Error::NotFound)?;
    let cohort = cohorts::store::cohort(&mut app.db.read().await?, &id).await?.ok_or(Error::NotFound)?;
    changes::appoint_oneself(&app, administrator.staff(), cohort.id).await?;
    Ok(to("/administration/cohorts?saved=1"))
}
