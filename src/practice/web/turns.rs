//! A turn: what would you say?

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::conflict::conflict;
use super::play::{Mode, Play};
use super::replies::DROPPED;
use super::view::{Bar, Earlier, Scene};
use super::{find, find_play, turn};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::guard::{Anyway, Ask, check, shown};
use crate::practice::record::{self, Outcome};
use crate::practice::store::SentAnyway;
use crate::practice::{Page, Step};
use crate::web::form::{Form, LONGEST_TEXT, Path, Text};
use crate::web::page::{TOO_MANY, too_many};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}", Who::Nurse, furthest),
        get("/attempts/{id}/{number}", Who::Nurse, own_words),
        post("/attempts/{id}/{number}", Who::Nurse, commit),
    ]
}

async fn furthest(State(app): State<App>, nurse: Nurse, Path(id): Path<String>) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    Ok(to(&attempt.replay().furthest().address(&attempt.id)))
}

/// "What would you say?"
#[derive(Debug, Template)]
#[template(path = "practice/own_words.html")]
pub struct OwnWordsPage {
    bar: Bar,
    scene: Scene,
    narration: String,
    earlier: Vec<Earlier>,
    prompt: String,
    action: String,
    draft: String,
    typed: String,
    problem: Option<String>,
    ask: Option<Ask>,
}

impl OwnWordsPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            bar: Bar::sample(),
            scene: Scene::sample(),
            narration: "It is her last morning.".to_owned(),
            earlier: Vec::new(),
            prompt: "What would you say?".to_owned(),
            action: "/attempts/a/2".to_owned(),
            draft: "a-2".to_owned(),
            typed: "I’d say".to_owned(),
            problem: Some("That is too long".to_owned()),
            ask: Some(Ask::sample("own")),
        }
    }

    fn new(play: &Play, step: &Step<'_>, typed: String, problem: Option<String>) -> Self {
        let attempt = play.attempt();
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let narration = if step.number == 1 { policy.speak(&scenario.opening) } else { String::new() };
        Self {
            bar: Bar::of(play, step.number),
            scene: Scene::of_turn(scenario, policy, step),
            narration,
            earlier: Earlier::before(attempt, step.number),
            prompt: policy.speak(&step.turn.prompt),
            action: play.address(Page::OwnWords(step.number)),
            draft: format!("{}-{}", attempt.id.as_str(), step.number),
            typed,
            problem,
            ask: None,
        }
    }

    /// Whether the educators of her group can read it.
    fn is_assigned(&self) -> bool {
        self.bar.mode == Mode::Assigned
    }
}

async fn own_words(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Response> {
    let play = find_play(&app, &nurse, &id).await?;
    let step = turn(play.attempt(), Page::OwnWords, number)?;
    show(&OwnWordsPage::new(&play, &step, String::new(), None))
}

/// What the own-words form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnWordsForm {
    #[serde(default)]
    own: Text,
    skip: Option<String>,
    /// "Keep it as it is": about which details it was asked.
    anyway: Option<String>,
    /// About which details its page had asked.
    asked: Option<String>,
}

async fn commit(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
    Form(form): Form<OwnWordsForm>,
) -> Result<Response> {
    committed(&app, &nurse, (&id, number), &form).await
}

async fn committed(
    app: &App,
    nurse: &Nurse,
    (id, number): (&str, u32),
    form: &OwnWordsForm,
) -> Result<Response> {
    let play = find_play(app, nurse, id).await?;
    let attempt = play.attempt();
    let walk = attempt.replay();
    let words = form.own.as_str();
    let said = (form.skip.is_none() && !words.is_empty()).then(|| words.to_owned());
    let step = walk.step(number);
    let kinds = match refused(&play, step, form) {
        Err(_) if step.is_none() => return Err(Error::Elsewhere(walk.furthest().address(&attempt.id))),
        Err(_) if step.is_some_and(|step| step.opening.is_some()) => {
            return conflict(app, nurse, id, number, words, Page::Replies(number)).await;
        }
        Err(page) => return show_as(StatusCode::UNPROCESSABLE_ENTITY, page.ok_or(Error::NotFound)?.as_ref()),
        Ok(kinds) => kinds,
    };
    let anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
    let dropped = form.skip.is_some() && !words.is_empty();
    let replies = Page::Replies(number).address(&attempt.id);
    match record::open(app, nurse, attempt, number, said, anyway).await? {
        Outcome::Recorded if dropped => Ok(to(&format!("{replies}{DROPPED}"))),
        Outcome::Recorded => Ok(to(&replies)),
        Outcome::Elsewhere(page) => Ok(to(&page.address(&attempt.id))),
        Outcome::Gone => Err(Error::NotFound),
        Outcome::TooMany => {
            let step = walk.step(number).ok_or(Error::Busy)?;
            too_many(&OwnWordsPage::new(&play, step, words.to_owned(), Some(TOO_MANY.to_owned())))
        }
        Outcome::Different if form.skip.is_some() || words.is_empty() => Ok(to(&replies)),
        Outcome::Different => conflict(app, nurse, id, number, words, Page::Replies(number)).await,
    }
}

/// The page again, where the words are too long or something in them is to be asked about first; None where there is no
/// such turn. Else the kinds of what is sent anyway.
fn refused(
    play: &Play,
    step: Option<&Step<'_>>,
    form: &OwnWordsForm,
) -> std::result::Result<Option<String>, Option<Box<OwnWordsPage>>> {
    if form.skip.is_some() {
        return Ok(None);
    }
    let words = form.own.as_str();
    let page = |problem, ask| {
        let new = |step| OwnWordsPage { ask, ..OwnWordsPage::new(play, step, words.to_owned(), problem) };
        step.map(new).map(Box::new)
    };
    if form.own.excess() > 0 {
        let problem = format!(
            "That is {} characters too long to keep ({LONGEST_TEXT} is the most). Shorten it; everything you \
             typed is still here.",
            form.own.excess()
        );
        return Err(page(Some(problem), None));
    }
    // What is stored already was asked about then: the same words sent again are the same answer.
    let stored = step.and_then(|step| step.opening).and_then(|opening| opening.own_words.as_deref());
    if stored == Some(words) {
        return Ok(None);
    }
    let attempt = play.attempt();
    let shown = || shown(&attempt.revision, &attempt.policy);
    let answer = Anyway::read(form.anyway.as_deref()).after(form.asked.as_deref());
    let checked = check(&[("own", words)], &answer, shown);
    checked.kinds().map_err(|ask| page(None, Some(ask)))
}
