//! What the reply did: how it was taken, where it sits, what it kept and what it left open.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::play::{Mode, Play};
use super::view::{Bar, Earlier, Scene, place_in_words};
use super::{find_play, turn};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::db::Work;
use crate::practice::{Page, Placement, Step, store};
use crate::scenario::policy::Policy;
use crate::scenario::rubric::Place;
use crate::scenario::{Next, Reply, Scenario};
use crate::web::form::{Form, Path};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}/{number}/answer", Who::Nurse, reaction),
        post("/attempts/{id}/{number}/answer", Who::Nurse, place),
    ]
}

/// One element in play: what the wording did with it.
#[derive(Clone, Copy, Debug)]
pub struct ElementLine {
    name: &'static str,
    class: &'static str,
    score: &'static str,
    meaning: &'static str,
}

/// One published text behind the teaching.
#[derive(Clone, Debug)]
pub struct SourceLine {
    pub(in crate::practice) title: String,
    pub(in crate::practice) place: String,
    pub(in crate::practice) supports: String,
}

/// Everything there is to say about one reply.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each decides about one line of the page")]
pub struct Feedback {
    pub(super) said: String,
    pub(super) scene: Scene,
    pub(super) heading: String,
    pub(super) class: &'static str,
    pub(super) keeps: bool,
    pub(super) missed_red_flag: bool,
    pub(super) goes_on: bool,
    pub(super) kept: String,
    pub(super) why: String,
    pub(super) better: String,
    pub(super) policy_dependent: bool,
    pub(super) elements: Vec<ElementLine>,
    pub(super) sources: Vec<SourceLine>,
}

impl Feedback {
    /// The feedback on this reply to this turn.
    #[must_use]
    pub fn new(scenario: &Scenario, policy: &Policy, step: &Step<'_>, reply: &Reply) -> Self {
        let verdict = step.turn.verdict(reply);
        let scene = Scene::of_reaction(scenario, policy, step, reply);
        let object = step.speaker(scenario).map_or("them", |person| person.pronoun.object());
        let elements = reply.scores.iter().map(|(element, score)| ElementLine {
            name: element.name(),
            class: score.name(),
            score: score.name(),
            meaning: element.meaning(*score),
        });
        Self {
            said: policy.speak(&reply.text),
            heading: format!("That reply {}", place_in_words(verdict.place, object)),
            scene,
            class: verdict.place.class(),
            keeps: verdict.place == Place::Keeps,
            missed_red_flag: verdict.missed_red_flag,
            goes_on: scenario.turns.contains_key(&reply.next),
            kept: policy.speak(&reply.kept),
            why: policy.speak(&reply.why),
            better: policy.speak(&reply.better),
            policy_dependent: reply.policy_dependent,
            elements: elements.collect(),
            sources: sources(scenario, policy),
        }
    }

    /// Feedback as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            said: "“No.”".to_owned(),
            scene: Scene::sample(),
            heading: "That reply blurs the line".to_owned(),
            class: "blurs",
            keeps: false,
            missed_red_flag: true,
            goes_on: true,
            kept: "It kept something.".to_owned(),
            why: "It left something open.".to_owned(),
            better: "“Say this.”".to_owned(),
            policy_dependent: true,
            elements: vec![ElementLine { name: "Warm", class: "keeps", score: "keeps", meaning: "honours" }],
            sources: Vec::new(),
        }
    }
}

/// A scenario's sources in the words of the page.
pub(in crate::practice) fn sources(scenario: &Scenario, policy: &Policy) -> Vec<SourceLine> {
    let line = |source: &crate::scenario::Source| SourceLine {
        title: policy.speak(&source.title),
        place: source.place.clone(),
        supports: policy.speak(&source.supports),
    };
    scenario.sources.iter().map(line).collect()
}

/// A place she may put her own words at.
#[derive(Clone, Copy, Debug)]
pub struct PlaceOption {
    value: &'static str,
    name: &'static str,
    marked: bool,
    chosen: bool,
}

impl PlaceOption {
    fn all(chosen: Option<Placement>) -> Vec<Self> {
        let places = Place::ALL.into_iter().map(Placement::At).chain([Placement::NotSure]);
        let option = |placement: Placement| Self {
            value: placement.stored(),
            name: match placement {
                Placement::At(place) => place.name(),
                Placement::NotSure => "Not sure",
            },
            marked: placement != Placement::NotSure,
            chosen: Some(placement) == chosen,
        };
        places.map(option).collect()
    }
}

/// What the reply did.
#[derive(Debug, Template)]
#[template(path = "practice/reaction.html")]
pub struct ReactionPage {
    bar: Bar,
    feedback: Feedback,
    earlier: Vec<Earlier>,
    own_words: Option<String>,
    places: Vec<PlaceOption>,
    action: String,
    go_on: String,
    go_on_words: &'static str,
    /// Where nothing is recorded: the ending that this reply leads to.
    ending: Option<(String, String)>,
    problem: Option<&'static str>,
}

impl ReactionPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            bar: Bar::sample(),
            feedback: Feedback::sample(),
            earlier: Vec::new(),
            own_words: Some("I’d say no.".to_owned()),
            places: PlaceOption::all(None),
            action: "/attempts/a/2/answer".to_owned(),
            go_on: "/attempts/a/3".to_owned(),
            go_on_words: "Go on",
            ending: Some(("She knows".to_owned(), "She waves.".to_owned())),
            problem: Some("Choose where your words sit"),
        }
    }

    pub(super) fn new(play: &Play, step: &Step<'_>, problem: Option<&'static str>) -> Result<Self> {
        let attempt = play.attempt();
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let reply = step.answer.ok_or(Error::NotFound)?.reply;
        let own_words = step.opening.and_then(|opening| opening.own_words.clone());
        let places = own_words
            .as_ref()
            .map(|_| PlaceOption::all(attempt.placements.get(&step.number).copied()))
            .unwrap_or_default();
        let (go_on, go_on_words) = onward(play, step, reply);
        let ending = match scenario.next(&reply.next) {
            Some(Next::Ending(_, ending)) if !play.mode().records() => {
                Some((policy.speak(&ending.title), policy.speak(&ending.text)))
            }
            _ => None,
        };
        Ok(Self {
            bar: Bar { back: play.address(Page::Replies(step.number)), ..Bar::of(play, step.number) },
            feedback: Feedback::new(scenario, policy, step, reply),
            earlier: Earlier::before(attempt, step.number),
            own_words,
            places,
            action: play.address(Page::Reaction(step.number)),
            go_on,
            go_on_words,
            ending,
            problem,
        })
    }

    /// Whether nothing is recorded.
    fn exploring(&self) -> bool {
        !self.bar.mode.records()
    }
}

fn onward(play: &Play, step: &Step<'_>, reply: &Reply) -> (String, &'static str) {
    match (play.attempt().revision.scenario.next(&reply.next), play.mode()) {
        (Some(Next::Turn(..)), _) => (play.address(Page::OwnWords(step.number + 1)), "Go on"),
        (_, Mode::Practice | Mode::Assigned) => (play.address(Page::LookingBack), "Look back"),
        (_, Mode::Preview) => (play.address(Page::LookingBack), "Back to the beginning"),
        (_, Mode::Exploring) => (play.address(Page::LookingBack), "Back to looking back"),
    }
}

async fn reaction(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
) -> Result<Response> {
    let play = find_play(&app, &nurse, &id).await?;
    let step = turn(play.attempt(), Page::Reaction, number)?;
    show(&ReactionPage::new(&play, &step, None)?)
}

/// What the form under her own words sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceForm {
    place: Option<String>,
}

async fn place(
    State(app): State<App>,
    nurse: Nurse,
    Path((id, number)): Path<(String, u32)>,
    Form(form): Form<PlaceForm>,
) -> Result<Response> {
    let play = find_play(&app, &nurse, &id).await?;
    let step = turn(play.attempt(), Page::Reaction, number)?;
    let reply = step.answer.ok_or(Error::NotFound)?.reply;
    let (go_on, _) = onward(&play, &step, reply);
    let Some(place) = form.place else { return Ok(to(&go_on)) };
    let Some(placement) = Placement::read(&place) else {
        let page = ReactionPage::new(&play, &step, Some("Choose where your words sit, or go on without"))?;
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    if step.opening.is_some_and(|opening| opening.own_words.is_some()) {
        let (attempt, now) = (play.attempt().clone(), app.clock.now());
        let placing = app.db.write(move |conn| {
            let (nurse, attempt) = (nurse.clone(), attempt.clone());
            let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
                let held = store::hold(conn, &nurse, &attempt).await?;
                if held {
                    store::put_placement(conn, &attempt, number, placement, now).await?;
                }
                Ok(held)
            });
            work
        });
        if !placing.await? {
            return Err(Error::NotFound);
        }
    }
    Ok(to(&go_on))
}
