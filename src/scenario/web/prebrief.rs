//! Half a minute before a conversation: who you are, who the patient is, who sees this, and the way out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::brief::Brief;
use super::set::{SetForHer, set_for_her};
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::practice::web::preview;
use crate::practice::{Purpose, load};
use crate::web::form::Path;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/scenarios/{slug}", Who::Anyone, prebrief)]
}

/// The prebrief.
#[derive(Debug, Template)]
#[template(path = "scenario/prebrief.html")]
pub struct PrebriefPage {
    frame: Frame,
    shared: bool,
    slug: String,
    brief: Brief,
    token: String,
    open_attempt: Option<String>,
    assigned: Vec<SetForHer>,
    /// Whether somebody of the staff looks, who can look through it but not begin.
    staff: bool,
    look: String,
}

impl PrebriefPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::new(Here::Practice, false),
            shared: true,
            slug: "a-goodbye".to_owned(),
            brief: Brief::sample(),
            token: "t".to_owned(),
            open_attempt: Some("/attempts/a".to_owned()),
            assigned: vec![SetForHer::sample()],
            staff: false,
            look: "/scenarios/a-goodbye/preview/start/replies".to_owned(),
        }
    }
}

async fn prebrief(State(app): State<App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response> {
    let revision = app.library.by_slug(&slug).ok_or(Error::NotFound)?;
    let brief = Brief::new(&revision.scenario, &app.library.policy()).ok_or(Error::NotFound)?;
    let (mut open_attempt, mut assigned) = (None, Vec::new());
    if let Some(nurse) = &visitor.nurse {
        let attempts = {
            let mut conn = app.db.read().await?;
            load::ways(&mut conn, &app.library, nurse, 100).await?
        };
        let mut open = attempts
            .iter()
            .filter(|attempt| attempt.revision.scenario.slug == slug && attempt.purpose == Purpose::Practice)
            .filter(|attempt| attempt.replay().ending.is_none());
        open_attempt = open.next().map(|attempt| format!("/attempts/{}", attempt.id.as_str()));
        assigned = set_for_her(&app, nurse, &attempts).await?;
        assigned.retain(|set| set.slug == slug);
    }
    show(&PrebriefPage {
        frame: visitor.frame(Here::Practice),
        shared: visitor.is_shared(),
        look: preview::beginning(&slug),
        slug,
        brief,
        token: app.clock.new_token(),
        open_attempt,
        assigned,
        staff: visitor.staff.is_some(),
    })
}
