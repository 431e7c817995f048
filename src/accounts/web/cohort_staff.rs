//! Who teaches and who manages a cohort, for its educators: inviting, and ending a role.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::invitations::{InvitationLine, note_refusal};
use crate::accounts::changes::{self, Ended, LinkWanted};
use crate::accounts::link::{Gives, LinkKind};
use crate::accounts::staff::Educator;
use crate::accounts::{Role, StaffId, store};
use crate::app::App;
use crate::clock::day;
use crate::cohorts;
use crate::token::is_token;
use crate::web::form::{Form, JustSaved, Path, Problems, Query, Text};
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as, to};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/staff", Who::Educator, staff),
        post("/cohorts/{cohort}/staff/invitations", Who::Educator, invite),
        post("/cohorts/{cohort}/staff/invitations/{link}/withdraw", Who::Educator, withdraw),
        post("/cohorts/{cohort}/staff/{staff}/end", Who::Educator, end),
    ]
}

/// Somebody in the list.
#[derive(Clone, Debug)]
struct MemberLine {
    id: String,
    name: String,
    role: &'static str,
    since: String,
    is_me: bool,
    /// Whether she has both roles, so that the manager's view is the one.
    has_both: bool,
}

staff_page!(
    /// Who teaches and who manages a cohort.
    CohortStaffPage, "accounts/cohort_staff.html", Here::Cohorts,
    cohort_id: String = "0199".to_owned(),
    cohort_name: String = "Spring residency".to_owned(),
    members: Vec<MemberLine> = vec![MemberLine {
        id: "0199".to_owned(),
        name: "Ruth Reyes".to_owned(),
        role: "educator",
        since: "March 2, 2026".to_owned(),
        is_me: true,
        has_both: true
    }],
    link: Option<String> = Some("https://practice.hospital.example/invitations/t".to_owned()),
    open: Vec<InvitationLine> = vec![InvitationLine::sample()],
    token: String = "t".to_owned(),
    role: String = "manager".to_owned(),
    note: String = "Omar, 4 West".to_owned(),
    just_saved: bool = false,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("note", "Shorten this to 120 characters");
        problems
    }
);

impl CohortStaffPage {
    fn invitations_address(&self) -> String {
        format!("/cohorts/{}/staff/invitations", self.cohort_id)
    }
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct InvitationForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    note: Text,
}

async fn staff(
    State(app): State<App>,
    educator: Educator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    let form = InvitationForm { token: app.clock.new_token(), ..InvitationForm::default() };
    page(&app, &educator, form, (None, saved.is_so()), Problems::default()).await
}

async fn page(
    app: &App,
    educator: &Educator,
    form: InvitationForm,
    (link, just_saved): (Option<String>, bool),
    problems: Problems,
) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut conn = app.db.read().await?;
    let id = educator.cohort();
    let cohort = cohorts::store::cohort(&mut conn, id).await?.ok_or(Error::NotFound)?;
    let people = store::staff_names(&mut conn).await?;
    let names = HashMap::from([(id.as_str().to_owned(), cohort.name.clone())]);
    let open = store::open_invitations(&mut conn, Some(id), app.clock.now()).await?;
    let page = CohortStaffPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: id.as_str().to_owned(),
        cohort_name: cohort.name,
        members: members(store::memberships(&mut conn, Some(id)).await?, educator.staff().id()),
        link,
        open: open.into_iter().map(|link| InvitationLine::of(link, &people, &names)).collect(),
        token: form.token,
        role: form.role,
        note: form.note.into_string(),
        just_saved,
        problems,
    };
    show_as(status, &page)
}

fn members(memberships: Vec<crate::accounts::Membership>, me: &StaffId) -> Vec<MemberLine> {
    let ids: Vec<StaffId> = memberships.iter().map(|one| one.staff.clone()).collect();
    let line = |one: crate::accounts::Membership| MemberLine {
        id: one.staff.as_str().to_owned(),
        name: one.name,
        role: one.role.stored(),
        since: day(one.since),
        is_me: one.staff == *me,
        has_both: ids.iter().filter(|id| **id == one.staff).count() > 1,
    };
    memberships.into_iter().map(line).collect()
}

async fn invite(
    State(app): State<App>,
    educator: Educator,
    origin: Origin,
    Form(form): Form<InvitationForm>,
) -> Result<Response> {
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let mut problems = Problems::default();
    let role = Role::read(&form.role);
    if role.is_none() {
        problems.add("role-educator", "Choose what you invite to");
    }
    if let Some(why) = note_refusal(&form.note) {
        problems.add("note", why);
    }
    let Some(role) = role.filter(|_| problems.is_empty()) else {
        return page(&app, &educator, form, (None, false), problems).await;
    };
    let wanted = LinkWanted {
        kind: LinkKind::Invitation,
        gives: Gives::in_cohort(educator.cohort().clone(), role),
        staff: None,
        note: form.note.as_str().to_owned(),
        form_token: form.token,
    };
    let Some(token) = changes::make_link(&app, educator.staff(), wanted).await? else {
        return Ok(to(&address(&educator)));
    };
    let link = origin.to(&format!("/invitations/{token}"));
    let fresh = InvitationForm { token: app.clock.new_token(), ..InvitationForm::default() };
    page(&app, &educator, fresh, (Some(link), false), Problems::default()).await
}

fn address(educator: &Educator) -> String {
    format!("/cohorts/{}/staff", educator.cohort().as_str())
}

async fn withdraw(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, link)): Path<(String, String)>,
) -> Result<Response> {
    let cohort = educator.cohort().clone();
    if !changes::withdraw(&app, educator.staff(), link, Some(cohort)).await? {
        return Err(Error::NotFound);
    }
    Ok(to(&format!("{}?saved=1", address(&educator))))
}

/// Which role is to end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndForm {
    role: String,
}

async fn end(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, staff)): Path<(String, String)>,
    Form(form): Form<EndForm>,
) -> Result<Response> {
    let staff = StaffId::read(&staff).ok_or(Error::NotFound)?;
    let role = Role::read(&form.role).ok_or(Error::Invalid)?;
    match changes::end_membership(&app, &educator, &staff, role).await? {
        Ended::Yes if staff == *educator.staff().id() => Ok(to("/cohorts")),
        Ended::Yes => Ok(to(&format!("{}?saved=1", address(&educator)))),
        Ended::NotThere => Err(Error::NotFound),
        Ended::LastEducator => {
            let mut problems = Problems::default();
            let why =
                "You are the only educator of this cohort. Invite another one first, or ask an administrator";
            problems.add("members", why);
            let form = InvitationForm { token: app.clock.new_token(), ..InvitationForm::default() };
            page(&app, &educator, form, (None, false), problems).await
        }
    }
}
