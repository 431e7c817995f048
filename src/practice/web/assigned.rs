//! Before assigned work: who will see what, and for how long; and the button that begins it.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::keeping::Keeping;
use crate::accounts::nurse::{Nurse, Visitor};
use crate::accounts::store::keeping;
use crate::app::App;
use crate::clock::date;
use crate::cohorts::readers::Readers;
use crate::cohorts::store::given;
use crate::cohorts::{AssignmentId, Given};
use crate::practice::begin::{Begun, Start};
use crate::practice::{Attempt, AttemptId, Page, load};
use crate::scenario::web::brief::Brief;
use crate::scenario::web::set::{is_at, set_by, state};
use crate::token::is_token;
use crate::web::form::{Form, Path};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/assignments/{assignment}", Who::Nurse, before),
        post("/assignments/{assignment}/attempts", Who::Nurse, begin),
    ]
}

/// Before assigned work.
#[derive(Debug, Template)]
#[template(path = "practice/assigned.html")]
pub struct AssignedPage {
    frame: Frame,
    title: String,
    slug: String,
    brief: Option<Brief>,
    readers: Readers,
    by: String,
    state: String,
    note: String,
    late: bool,
    /// Why it can't be begun, where it can't.
    closed: Option<String>,
    can_begin: bool,
    /// How long own words are kept once the group is closed, and that work was done, in words.
    words_kept: String,
    done_kept: String,
    action: String,
    token: String,
    open_attempt: Option<String>,
    done: Option<String>,
}

impl AssignedPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::new(Here::Practice, true),
            title: "A goodbye".to_owned(),
            slug: "a-goodbye".to_owned(),
            brief: Some(Brief::sample()),
            readers: Readers::sample(),
            by: "Set by Ruth Reyes, for Friday, March 6".to_owned(),
            state: "Begun".to_owned(),
            note: "Before we meet.".to_owned(),
            late: true,
            closed: Some("Ruth Reyes has taken this back.".to_owned()),
            can_begin: true,
            words_kept: "12 months".to_owned(),
            done_kept: "6 years".to_owned(),
            action: "/assignments/a/attempts".to_owned(),
            token: "t".to_owned(),
            open_attempt: Some("/attempts/a".to_owned()),
            done: Some("/attempts/b/looking-back".to_owned()),
        }
    }

    fn new(app: &App, given: &Given, readers: Readers, keeping: Keeping, attempts: &[Attempt]) -> Self {
        let (policy, today) = (app.library.policy(), date(app.clock.now()));
        let revision = app.library.by_slug(&given.assignment.slug);
        let brief = revision.and_then(|revision| Brief::new(&revision.scenario, &policy));
        let at_it = || attempts.iter().filter(|attempt| is_at(attempt, given));
        let known = at_it().next().map(|attempt| attempt.policy.speak(&attempt.revision.scenario.title));
        let title = brief.as_ref().map(|brief| brief.title.clone()).or(known);
        let open = at_it().find(|attempt| attempt.replay().ending.is_none());
        let done = at_it().find(|attempt| attempt.replay().ending.is_some());
        let can_begin = given.can_begin() && brief.is_some();
        Self {
            frame: Frame::new(Here::Practice, true),
            title: title.unwrap_or_else(|| "A conversation that is not here anymore".to_owned()),
            slug: given.assignment.slug.clone(),
            by: set_by(given, today),
            state: state(given, attempts),
            note: given.assignment.note.clone(),
            late: can_begin && given.assignment.is_late(today),
            closed: (!can_begin).then(|| why_closed(given, &readers)),
            can_begin,
            words_kept: keeping.words_in_words(),
            done_kept: keeping.completion_in_words(),
            action: format!("/assignments/{}/attempts", given.assignment.id.as_str()),
            token: app.clock.new_token(),
            open_attempt: open.map(|attempt| format!("/attempts/{}", attempt.id.as_str())),
            done: done.map(|attempt| Page::LookingBack.address(&attempt.id)),
            readers,
            brief,
        }
    }
}

/// Why a piece of work can't be begun.
fn why_closed(given: &Given, readers: &Readers) -> String {
    if given.assignment.withdrawn_at.is_some() {
        let who = if readers.set_by.is_empty() { "Your educator" } else { &readers.set_by };
        format!("{who} has taken this one back, so it can’t be begun.")
    } else if given.archived {
        "This group is closed, so nothing new is begun in it.".to_owned()
    } else {
        "This conversation is not in the catalogue at the moment, so it can’t be begun.".to_owned()
    }
}

async fn before(State(app): State<App>, nurse: Nurse, Path(id): Path<String>) -> Result<Response> {
    let id = AssignmentId::read(&id).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    let given = given(&mut conn, &nurse, &id).await?.ok_or(Error::NotFound)?;
    let readers = Readers::of(&mut conn, &id).await?.unwrap_or_default();
    let attempts = load::ways(&mut conn, &app.library, &nurse, i64::MAX).await?;
    let keeping = keeping(&mut conn).await?;
    show(&AssignedPage::new(&app, &given, readers, keeping, &attempts))
}

/// What the button that begins sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BeginForm {
    token: String,
}

async fn begin(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Form(form): Form<BeginForm>,
) -> Result<Response> {
    let assignment = AssignmentId::read(&id).ok_or(Error::NotFound)?;
    let given = given(&mut app.db.read().await?, &nurse, &assignment).await?.ok_or(Error::NotFound)?;
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let there = format!("/assignments/{id}");
    let Some(revision) = app.library.by_slug(&given.assignment.slug) else { return Ok(to(&there)) };
    let visitor = Visitor { nurse: Some(nurse), staff: None };
    let mut start = Start::new(&app, visitor, revision, &form.token);
    start.assignment = Some(assignment);
    // Where it was taken back meanwhile, its page says so.
    let Begun::Yes(started) = start.once().await? else { return Ok(to(&there)) };
    let attempt = AttemptId::read(&started.attempt.id).ok_or(Error::NotFound)?;
    Ok(to(&started.page.address(&attempt)))
}
