//! The first page: a patient speaks, and can be answered at once.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Visitor;
use crate::accounts::web::home;
use crate::app::App;
use crate::practice::guard::{Anyway, Ask, check, shown};
use crate::scenario::drawing::{Picture, Portrait};
use crate::scenario::library::Revision;
use crate::scenario::{Mood, Scenario};
use crate::web::form::{LONGEST_TEXT, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show, to};

/// The scenario whose first turn stands on the page.
const FIRST: &str = "goodbye-at-discharge";

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/", Who::Anyone, welcome)]
}

/// Welcome.
#[derive(Debug, Template)]
#[template(path = "practice/welcome.html")]
pub struct WelcomePage {
    frame: Frame,
    slug: String,
    token: String,
    picture: Picture,
    name: String,
    situation: String,
    says: String,
    prompt: String,
    typed: String,
    problem: Option<String>,
    ask: Option<Ask>,
    knee: Portrait,
}

impl WelcomePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::stranger(),
            slug: FIRST.to_owned(),
            token: "t".to_owned(),
            picture: Picture::sample(),
            name: "Mrs. Marchetti".to_owned(),
            situation: "She is going home.".to_owned(),
            says: "Perhaps I could call you?".to_owned(),
            prompt: "What would you say?".to_owned(),
            typed: "Um".to_owned(),
            problem: Some("Too long".to_owned()),
            ask: Some(Ask::sample("own")),
            knee: Portrait::new("kayla", Mood::Glad, ""),
        }
    }

    fn new(app: &App, known: bool) -> Option<Self> {
        let revision = first(app)?;
        let scenario: &Scenario = &revision.scenario;
        let policy = app.library.policy();
        let turn = scenario.turns.get(&scenario.start)?;
        let person = scenario.speaker(turn.speaker.as_deref());
        Some(Self {
            frame: Frame::new(Here::Elsewhere, known),
            slug: scenario.slug.clone(),
            token: app.clock.new_token(),
            picture: Picture::large(scenario, person, turn.mood),
            name: person.map(|person| policy.speak(person.called())).unwrap_or_default(),
            situation: format!("{} {}", policy.speak(&scenario.opening), policy.speak(&turn.does)),
            says: policy.speak(&turn.says),
            prompt: policy.speak(&turn.prompt),
            typed: String::new(),
            problem: None,
            ask: None,
            knee: Portrait::new("kayla", Mood::Glad, ""),
        })
    }
}

/// The conversation that the page begins.
fn first(app: &App) -> Option<Arc<Revision>> {
    app.library.by_slug(FIRST).or_else(|| app.library.current().first().cloned())
}

async fn welcome(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    if let Some(staff) = &visitor.staff {
        return Ok(to(home(staff.is_administrator(), staff.works_with_cohorts())));
    }
    match WelcomePage::new(&app, visitor.is_known()) {
        Some(page) if !visitor.is_known() => show(&page),
        _ => Ok(to("/practice")),
    }
}

/// Why the answer on this page is not taken.
#[derive(Debug)]
pub enum Why {
    /// It can't be kept: there is none, or it is too long.
    Problem(String),
    /// Something in it is to be asked about first.
    Ask(Ask),
}

/// Looks at an answer before it is kept: the kinds of what is sent anyway, or why it is not taken.
pub fn asked(app: &App, typed: &Text, answer: &Anyway) -> std::result::Result<Option<String>, Why> {
    if typed.is_empty() {
        return Err(Why::Problem("Write a few words, or look at some replies".to_owned()));
    }
    if typed.excess() > 0 {
        return Err(Why::Problem(format!(
            "That is {} characters too long to keep ({LONGEST_TEXT} is the most). Shorten it; everything you typed \
             is still here.",
            typed.excess()
        )));
    }
    let policy = app.library.policy();
    let shown = || first(app).map(|revision| shown(&revision, &policy)).unwrap_or_default();
    check(&[("own", typed.as_str())], answer, shown).kinds().map_err(Why::Ask)
}

/// The page again, with an answer on it that is not taken, and why.
#[must_use]
pub fn again(app: &App, known: bool, typed: &Text, why: Why) -> Option<WelcomePage> {
    let mut page = WelcomePage::new(app, known)?;
    typed.as_str().clone_into(&mut page.typed);
    match why {
        Why::Problem(problem) => page.problem = Some(problem),
        Why::Ask(ask) => page.ask = Some(ask),
    }
    Some(page)
}
