//! Opening an invitation: with a new account, or with the one that is signed in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::closed_link::closed;
use super::set_up::{NewcomerForm, Refused, read_newcomer};
use super::with_cookie;
use crate::accounts::admit::{self, Admitted};
use crate::accounts::device::Device;
use crate::accounts::link::{Gives, Link, LinkKind};
use crate::accounts::nurse::Visitor;
use crate::accounts::staff::Staff;
use crate::accounts::store;
use crate::app::App;
use crate::cohorts;
use crate::db::Conn;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path, Problems};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show_as};

/// The addresses of this file.
pub(super) fn routes() -> Vec<Route> {
    vec![
        get("/invitations/{token}", Who::Anyone, invitation),
        post("/invitations/{token}", Who::Anyone, begin),
        post("/invitations/{token}/accept", Who::Staff, accept),
    ]
}

plain_page!(
    /// An invitation.
    InvitedPage, "accounts/invited.html",
    token: String = "t".to_owned(),
    by: String = "Ruth Reyes".to_owned(),
    what: String = "manager of Spring residency".to_owned(),
    sees: &'static str = sees(&Gives::default()),
    is_her_own: bool = false,
    has_account: bool = true,
    name: String = "Omar Haddad".to_owned(),
    email: String = "omar@hospital.example".to_owned(),
    has_unkept_practice: bool = true,
    problems: Problems = {
        let mut problems = Problems::default();
        problems.add("email", "There is an account with this address. Sign in first, then open this link again");
        problems
    }
);

/// What the invited will see of nurses.
const fn sees(gives: &Gives) -> &'static str {
    match &gives.membership {
        Some((_, crate::accounts::Role::Manager)) => {
            "Managers see who has completed what, and when. Never a nurse’s answers or words."
        }
        None if gives.administrator => {
            "Administrators look after people, invitations and settings. They read no nurse’s answers."
        }
        _ => {
            "Educators run cohorts: they assign conversations and read what their nurses answered in assigned work. \
             Practice stays private."
        }
    }
}

/// An invitation that opens, with the names on its page.
struct Opened {
    link: Link,
    by: String,
    what: String,
}

async fn open(app: &App, token: &str) -> Result<Option<Opened>> {
    if !is_token(token) {
        return Ok(None);
    }
    let mut conn = app.db.read().await?;
    let link = store::open_link(&mut conn, LinkKind::Invitation, &token_hash(token), app.clock.now()).await?;
    let Some(link) = link else { return Ok(None) };
    let by = match &link.made_by {
        Some(maker) => store::person(&mut conn, maker).await?.map(|maker| maker.name),
        None => None,
    };
    let what = in_words(&mut conn, &link.gives).await?;
    Ok(Some(Opened { link, by: by.unwrap_or_default(), what }))
}

/// What an invitation gives, with the cohort's name.
async fn in_words(conn: &mut Conn, gives: &Gives) -> Result<String> {
    let cohort = match &gives.membership {
        Some((id, _)) => cohorts::store::cohort(conn, id).await?.map(|cohort| cohort.name),
        None => None,
    };
    Ok(gives.in_words(cohort.as_deref()))
}

async fn invitation(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<Response> {
    match open(&app, &token).await? {
        Some(opened) => page(&visitor, token, opened, NewcomerForm::default(), Problems::default(), false),
        None => closed(&visitor, LinkKind::Invitation),
    }
}

fn page(
    visitor: &Visitor,
    token: String,
    opened: Opened,
    form: NewcomerForm,
    problems: Problems,
    has_account: bool,
) -> Result<Response> {
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let me = visitor.staff.as_ref().map(Staff::id);
    let page = InvitedPage {
        frame: visitor.frame(Here::Elsewhere),
        token,
        by: opened.by,
        what: opened.what,
        sees: sees(&opened.link.gives),
        is_her_own: me.is_some() && me == opened.link.made_by.as_ref(),
        has_account,
        name: form.name.into_string(),
        email: form.email.into_string(),
        has_unkept_practice: visitor.has_unkept_practice(),
        problems,
    };
    show_as(status, &page)
}

async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    device: Device,
    Form(form): Form<NewcomerForm>,
) -> Result<Response> {
    let kind = LinkKind::Invitation;
    let Some(opened) = open(&app, &token).await? else { return closed(&visitor, kind) };
    let newcomer = match read_newcomer(&app, &form, device).await {
        Ok(newcomer) => newcomer,
        Err(Refused::Form(problems)) => return page(&visitor, token, opened, form, problems, false),
        Err(Refused::Busy) => return Err(Error::Busy),
    };
    match admit::newcomer(&app, &visitor, kind, &token, newcomer).await? {
        Admitted::Yes(session, gives) => {
            Ok(with_cookie(session.cookie(app.https(), false).to_string(), &begins_at(&gives)))
        }
        Admitted::HasAccount => {
            let mut problems = Problems::default();
            let why = "There is an account with this address. Sign in first, then open this link again";
            problems.add("email", why);
            page(&visitor, token, opened, form, problems, true)
        }
        Admitted::Closed | Admitted::HerOwn => closed(&visitor, kind),
    }
}

/// Where somebody goes on who was just given this.
fn begins_at(gives: &Gives) -> String {
    match &gives.membership {
        Some((cohort, _)) => format!("/cohorts/{}", cohort.as_str()),
        None if gives.administrator => "/administration".to_owned(),
        None => "/cohorts".to_owned(),
    }
}

async fn accept(State(app): State<App>, staff: Staff, Path(token): Path<String>) -> Result<Response> {
    match admit::accept(&app, &staff, &token).await? {
        Admitted::Yes(session, gives) => {
            Ok(with_cookie(session.cookie(app.https(), false).to_string(), &begins_at(&gives)))
        }
        Admitted::HerOwn => Ok(crate::web::to(&format!("/invitations/{token}"))),
        Admitted::Closed | Admitted::HasAccount => {
            closed(&Visitor { nurse: None, staff: Some(staff) }, LinkKind::Invitation)
        }
    }
}
