//! My practice: what she has done, the sentences she keeps, and what is hers to take along or delete.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::progress::Repair;
use crate::practice::{Attempt, load, store};
use crate::scenario::drawing::Spark;
use crate::web::form::{JustSaved, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// How many attempts the page lists.
const LISTED: i64 = 100;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/me", Who::Nurse, me), get("/me/card", Who::Nurse, card)]
}

/// One attempt in the list.
#[derive(Clone, Debug)]
pub struct Line {
    address: String,
    title: String,
    date: String,
    spark: Option<Spark>,
    how: String,
    open: bool,
}

impl Line {
    fn new(attempt: &Attempt) -> Self {
        let walk = attempt.replay();
        let path = walk.path();
        let open_slips = walk.steps.iter().filter(|step| walk.repair(step.number) == Repair::Open).count();
        let how = match walk.ending {
            None => format!("Stopped at turn {}", walk.steps.len()),
            Some(_) if !walk.missed_red_flags().is_empty() => "A danger was left unanswered".to_owned(),
            Some(_) if open_slips > 0 => "Something stayed open".to_owned(),
            Some((_, ending)) => attempt.policy.speak(&ending.title),
        };
        Self {
            address: format!("/attempts/{}", attempt.id.as_str()),
            title: attempt.policy.speak(&attempt.revision.scenario.title),
            date: crate::clock::day(attempt.started_at),
            spark: (!path.is_empty()).then(|| Spark::new(&path, 0)),
            how,
            open: walk.ending.is_none(),
        }
    }
}

/// A sentence she keeps.
#[derive(Clone, Debug)]
pub struct IfThen {
    address: String,
    if_asked: String,
    then_say: String,
}

async fn if_thens(app: &App, nurse: &Nurse) -> Result<Vec<IfThen>> {
    let found = store::if_thens(&mut app.db.read().await?, nurse).await?;
    let sentence = |(attempt, if_asked, then_say): (String, String, String)| IfThen {
        address: format!("/attempts/{attempt}/looking-back#kept"),
        if_asked,
        then_say,
    };
    Ok(found.into_iter().map(sentence).collect())
}

/// My practice.
#[derive(Debug, Template)]
#[template(path = "practice/me.html")]
pub struct MePage {
    frame: Frame,
    lines: Vec<Line>,
    if_thens: Vec<IfThen>,
    has_return_code: bool,
    own_device: bool,
    just_saved: bool,
}

impl MePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let line = Line {
            address: "/attempts/a".to_owned(),
            title: "A goodbye".to_owned(),
            date: "1 January 2026".to_owned(),
            spark: Some(Spark::new(&[crate::scenario::rubric::Place::Keeps], 4)),
            how: "She knows".to_owned(),
            open: true,
        };
        Self {
            frame: Frame::new(Here::Me, true),
            lines: vec![line],
            if_thens: vec![IfThen {
                address: "/attempts/a/looking-back".to_owned(),
                if_asked: "she asks".to_owned(),
                then_say: "No.".to_owned(),
            }],
            has_return_code: false,
            own_device: false,
            just_saved: true,
        }
    }
}

async fn me(State(app): State<App>, nurse: Nurse, Query(just): Query<JustSaved>) -> Result<Response> {
    let attempts = {
        let mut conn = app.db.read().await?;
        load::attempts(&mut conn, &app.library, &nurse, LISTED).await?
    };
    show(&MePage {
        frame: Frame::new(Here::Me, true),
        lines: attempts.iter().map(Line::new).collect(),
        if_thens: if_thens(&app, &nurse).await?,
        has_return_code: nurse.has_return_code(),
        own_device: nurse.own_device(),
        just_saved: just.is_so(),
    })
}

/// The pocket card.
#[derive(Debug, Template)]
#[template(path = "practice/card.html")]
pub struct CardPage {
    frame: Frame,
    if_thens: Vec<IfThen>,
}

impl CardPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::new(Here::Me, true), if_thens: MePage::sample().if_thens }
    }
}

async fn card(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let if_thens = if_thens(&app, &nurse).await?;
    show(&CardPage { frame: Frame::new(Here::Me, true), if_thens })
}
