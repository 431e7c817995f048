//! A turn: which of these would you say?

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::conflict::conflict;
use super::play::Play;
use super::view::{Bar, Earlier, Scene};
use super::{find, find_play, play_of, turn};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::record::{self, Outcome};
use crate::practice::{Attempt, Page, Step, Sureness};
use crate::scenario::Reply;
use crate::web::form::{Form, Path, Query};
use crate::web::page::{TOO_MANY, too_many};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}/{number}/replies", Who::Nurse, replies),
        post("/attempts/{id}/{number}/replies", Who::Nurse, answer),
    ]
}

/// "Which of these would you say?", and the same page with the recorded reply marked.
#[derive(Debug, Template)]
#[template(path = "practice/replies.html")]
pub struct RepliesPage {
    bar: Bar,
    scene: Scene,
    narration: String,
    earlier: Vec<Earlier>,
    own_words: Option<String>,
    choices: Vec<Choice>,
    sureness: Vec<SurenessOption>,
    action: String,
    problem: Option<&'static str>,
    go_on: Option<String>,
    dropped: bool,
}

/// One reply on the page: the value its button sends is its position, from 1.
#[derive(Clone, Debug)]
pub struct Choice {
    position: usize,
    text: String,
    chosen: bool,
}

/// One step of "How sure are you?"
#[derive(Clone, Copy, Debug)]
pub struct SurenessOption {
    value: &'static str,
    name: &'static str,
    chosen: bool,
}

impl SurenessOption {
    fn all(chosen: Option<Sureness>) -> Vec<Self> {
        let option =
            |step: Sureness| Self { value: step.stored(), name: step.name(), chosen: Some(step) == chosen };
        Sureness::ALL.into_iter().map(option).collect()
    }
}

impl RepliesPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let choice = |position| Choice { position, text: "“No.”".to_owned(), chosen: false };
        Self {
            bar: Bar::sample(),
            scene: Scene::sample(),
            narration: String::new(),
            earlier: Vec::new(),
            own_words: Some("I’d say no.".to_owned()),
            choices: (1..4).map(choice).collect(),
            sureness: SurenessOption::all(None),
            action: "/attempts/a/2/replies".to_owned(),
            problem: Some("Choose what you’d say"),
            go_on: None,
            dropped: true,
        }
    }

    pub(super) fn new(
        play: &Play,
        step: &Step<'_>,
        sure: Option<Sureness>,
        problem: Option<&'static str>,
    ) -> Self {
        let attempt = play.attempt();
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let chosen = step.answer.map(|answer| answer.reply.id.as_str());
        let choices = step.replies().into_iter().zip(1..).map(|(reply, position)| Choice {
            position,
            text: policy.speak(&reply.text),
            chosen: chosen == Some(reply.id.as_str()),
        });
        // Whoever skips the question of the first turn hears here where the conversation begins.
        let begins = !play.mode().records() && step.number == 1;
        let sure = step.answer.map_or(sure, |answer| answer.response.sureness);
        Self {
            bar: Bar::of(play, step.number),
            scene: Scene::of_turn(scenario, policy, step),
            narration: if begins { policy.speak(&scenario.opening) } else { String::new() },
            earlier: Earlier::before(attempt, step.number),
            own_words: step.opening.and_then(|opening| opening.own_words.clone()),
            choices: choices.collect(),
            sureness: if play.mode().records() { SurenessOption::all(sure) } else { Vec::new() },
            action: play.address(Page::Replies(step.number)),
            problem,
            go_on: step.answer.map(|_| play.address(Page::Reaction(step.number))),
            dropped: false,
        }
    }
}

/// What the address ends with where words that were typed went with "Skip to the replies".
pub(super) const DROPPED: &str = "?skipped=1";

/// The same as it is read.
#[derive(Debug, Deserialize)]
struct JustDropped {
    skipped: Option<String>,
}

async fn replies(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
    Query(just): Query<JustDropped>,
) -> Result<Response> {
    let play = find_play(&app, &nurse, &id).await?;
    let step = turn(play.attempt(), Page::Replies, number)?;
    let page = RepliesPage::new(&play, &step, None, None);
    let dropped = just.skipped.is_some() && page.own_words.is_none() && page.go_on.is_none();
    show(&RepliesPage { dropped, ..page })
}

/// The reply at the position that was sent, from 1, in the order in which the replies stand on the page.
pub(super) fn chosen<'a>(step: &Step<'a>, sent: Option<&str>) -> Option<&'a Reply> {
    let position = sent?.parse::<usize>().ok()?.checked_sub(1)?;
    step.replies().get(position).copied()
}

/// What the replies form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyForm {
    reply: Option<String>,
    sure: Option<String>,
}

async fn answer(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
    Form(form): Form<ReplyForm>,
) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    let step = turn(&attempt, Page::Replies, number)?;
    let sure = form.sure.as_deref().and_then(Sureness::read);
    let Some(reply) = chosen(&step, form.reply.as_deref()) else {
        let page = replies_again(&app, &attempt, number, sure, "Choose what you’d say").await?;
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    match record::answer(&app, &nurse, &attempt, number, reply, sure).await? {
        Outcome::Recorded => Ok(to(&Page::Reaction(number).address(&attempt.id))),
        Outcome::Elsewhere(page) => Ok(to(&page.address(&attempt.id))),
        Outcome::Gone => Err(Error::NotFound),
        Outcome::TooMany => too_many(&replies_again(&app, &attempt, number, sure, TOO_MANY).await?),
        Outcome::Different => {
            let sent = attempt.policy.speak(&reply.text);
            conflict(&app, &nurse, &id, number, &sent, Page::Reaction(number)).await
        }
    }
}

async fn replies_again(
    app: &App,
    attempt: &Attempt,
    number: u32,
    sure: Option<Sureness>,
    problem: &'static str,
) -> Result<RepliesPage> {
    let play = play_of(app, attempt.clone()).await?;
    let walk = play.attempt().replay();
    let step = walk.step(number).ok_or(Error::NotFound)?;
    Ok(RepliesPage::new(&play, step, sure, Some(problem)))
}
