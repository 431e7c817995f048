//! Invitations of an administrator: making one, and those that are open.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::changes::{self, LinkWanted};
use crate::accounts::link::{Gives, Link, LinkKind};
use crate::accounts::staff::Administrator;
use crate::accounts::{Role, store};
use crate::app::App;
use crate::clock::day;
use crate::cohorts::{self, Cohort, CohortId};
use crate::token::is_token;
use crate::web::form::{Form, JustSaved, Path, Problems, Query, Text};
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/administration/invitations", Who::Administrator, invitations),
        post("/administration/invitations", Who::Administrator, invite),
        post("/administration/invitations/{link}/withdraw", Who::Administrator, withdraw),
    ]
}

/// The most characters of the note that says whom an invitation is for.
const LONGEST_NOTE: usize = 120;

/// An open invitation in a list.
#[derive(Clone, Debug)]
pub(super) struct InvitationLine {
    pub(super) id: String,
    pub(super) what: String,
    pub(super) note: String,
    pub(super) by: String,
    pub(super) until: String,
}

impl InvitationLine {
    pub(super) fn sample() -> Self {
        Self {
            id: "0199".to_owned(),
            what: "Manager of Spring residency".to_owned(),
            note: "Omar, 4 West".to_owned(),
            by: "Ruth Reyes".to_owned(),
            until: "March 9, 2026".to_owned(),
        }
    }

    /// The line of a link, with the names of people and cohorts by id.
    pub(super) fn of(
        link: Link,
        people: &HashMap<String, String>,
        cohorts: &HashMap<String, String>,
    ) -> Self {
        let cohort = link.gives.membership.as_ref().and_then(|(cohort, _)| cohorts.get(cohort.as_str()));
        let what = link.gives.in_words(cohort.map(String::as_str));
        let by = link.made_by.as_ref().and_then(|maker| people.get(maker.as_str()));
        let mut letters = what.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().to_string());
        Self {
            id: link.id,
            what: format!("{}{}", first.unwrap_or_default(), letters.as_str()),
            note: link.note,
            by: by.cloned().unwrap_or_default(),
            until: day(link.expires_at),
        }
    }
}

staff_page!(
    /// Invitations: making one, and those that are open.
    InvitationsPage, "accounts/invitations.html", Here::Administration,
    link: Option<String> = Some("https://practice.hospital.example/invitations/t".to_owned()),
    open: Vec<InvitationLine> = vec![InvitationLine::sample()],
    cohorts: Vec<(String, String)> = vec![("0199".to_owned(), "Spring residency".to_owned())],
    token: String = "t".to_owned(),
    role: String = "educator".to_owned(),
    cohort: String = "0199".to_owned(),
    note: String = "Omar, 4 West".to_owned(),
    just_saved: bool = false,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("cohort", "Choose the cohort to manage");
        problems
    }
);

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    cohort: String,
    #[serde(default)]
    note: Text,
}

async fn invitations(
    State(app): State<App>,
    administrator: Administrator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    let form = InvitationForm { token: app.clock.new_token(), ..InvitationForm::default() };
    page(&app, &administrator, form, (None, saved.is_so()), Problems::default()).await
}

async fn page(
    app: &App,
    administrator: &Administrator,
    form: InvitationForm,
    (link, just_saved): (Option<String>, bool),
    problems: Problems,
) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut conn = app.db.read().await?;
    let cohorts = cohorts::store::every_cohort(&mut conn).await?;
    let people = store::staff_names(&mut conn).await?;
    let names = cohorts.iter().map(|cohort| (cohort.id.as_str().to_owned(), cohort.name.clone())).collect();
    let open = store::open_invitations(&mut conn, None, app.clock.now()).await?;
    let page = InvitationsPage {
        frame: administrator.staff().frame(Here::Administration),
        link,
        open: open.into_iter().map(|link| InvitationLine::of(link, &people, &names)).collect(),
        cohorts: cohorts.into_iter().filter(|cohort| cohort.archived_at.is_none()).map(choice).collect(),
        token: form.token,
        role: form.role,
        cohort: form.cohort,
        note: form.note.into_string(),
        just_saved,
        problems,
    };
    show_as(status, &page)
}

fn choice(cohort: Cohort) -> (String, String) {
    (cohort.id.as_str().to_owned(), cohort.name)
}

/// What the form asks for, or what stands in the way.
async fn read(app: &App, form: &InvitationForm) -> Result<Gives, Problems> {
    let mut problems = Problems::default();
    let id = CohortId::read(&form.cohort);
    let found = match (&id, app.db.read().await) {
        (Some(id), Ok(mut conn)) => cohorts::store::cohort(&mut conn, id).await.ok().flatten(),
        _ => None,
    };
    let cohort = found.filter(|cohort| cohort.archived_at.is_none()).map(|cohort| cohort.id);
    if !form.cohort.is_empty() && cohort.is_none() {
        problems.add("cohort", "Choose one of these cohorts");
    }
    if let Some(why) = note_refusal(&form.note) {
        problems.add("note", why);
    }
    let gives = match (form.role.as_str(), cohort) {
        ("administrator", None) => Gives { administrator: true, ..Gives::default() },
        ("educator", None) => Gives { educator: true, ..Gives::default() },
        ("educator", Some(cohort)) => Gives::in_cohort(cohort, Role::Educator),
        ("manager", Some(cohort)) => Gives::in_cohort(cohort, Role::Manager),
        ("administrator", Some(_)) => {
            problems.add("cohort", "An administrator belongs to no cohort: choose none");
            Gives::default()
        }
        ("manager", None) => {
            problems.add("cohort", "Choose the cohort to manage");
            Gives::default()
        }
        _ => {
            problems.add("role-administrator", "Choose what you invite to");
            Gives::default()
        }
    };
    if problems.is_empty() { Ok(gives) } else { Err(problems) }
}

/// Why this can't be the note of an invitation.
pub(super) fn note_refusal(note: &Text) -> Option<&'static str> {
    (note.as_str().chars().count() > LONGEST_NOTE).then_some("Shorten this to 120 characters")
}

async fn invite(
    State(app): State<App>,
    administrator: Administrator,
    origin: Origin,
    Form(form): Form<InvitationForm>,
) -> Result<Response> {
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let gives = match read(&app, &form).await {
        Ok(gives) => gives,
        Err(problems) => return page(&app, &administrator, form, (None, false), problems).await,
    };
    let wanted = LinkWanted {
        kind: LinkKind::Invitation,
        gives,
        staff: None,
        note: form.note.as_str().to_owned(),
        form_token: form.token,
    };
    let Some(token) = changes::make_link(&app, administrator.staff(), wanted).await? else {
        return Ok(to("/administration/invitations"));
    };
    let link = origin.to(&format!("/invitations/{token}"));
    let fresh = InvitationForm { token: app.clock.new_token(), ..InvitationForm::default() };
    page(&app, &administrator, fresh, (Some(link), false), Problems::default()).await
}

async fn withdraw(
    State(app): State<App>,
    administrator: Administrator,
    Path(link): Path<String>,
) -> Result<Response> {
    if !changes::withdraw(&app, administrator.staff(), link, None).await? {
        return Err(Error::NotFound);
    }
    Ok(to("/administration/invitations?saved=1"))
}
