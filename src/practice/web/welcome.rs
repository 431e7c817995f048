//! The first page: a patient speaks, and can be answered at once.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Visitor;
use crate::accounts::web::home;
use crate::app::App;
use crate::scenario::drawing::{Picture, Portrait};
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
            knee: Portrait::new("kayla", Mood::Glad, ""),
        }
    }

    fn new(app: &App, known: bool) -> Option<Self> {
        let library = &app.library;
        let revision = library.by_slug(FIRST).or_else(|| library.current().first().cloned())?;
        let scenario: &Scenario = &revision.scenario;
        let policy = library.policy();
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
            knee: Portrait::new("kayla", Mood::Glad, ""),
        })
    }
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

/// The page again, with an answer on it that can't be kept: none at all, or one that is too long.
#[must_use]
pub fn again(app: &App, known: bool, typed: &Text) -> Option<WelcomePage> {
    let mut page = WelcomePage::new(app, known)?;
    typed.as_str().clone_into(&mut page.typed);
    page.problem = Some(if typed.is_empty() {
        "Write a few words, or look at some replies".to_owned()
    } else {
        format!(
            "That is {} characters too long to keep ({LONGEST_TEXT} is the most). Shorten it; everything you typed \
             is still here.",
            typed.excess()
        )
    });
    Some(page)
}
