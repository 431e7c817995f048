//! The catalogue: where she stopped, then every conversation by how it reaches her.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::practice::{Attempt, load};
use crate::scenario::drawing::{Picture, Spark};
use crate::scenario::library::Revision;
use crate::scenario::policy::Policy;
use crate::scenario::{Channel, Scenario};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/practice", Who::Anyone, catalogue)]
}

/// How many of her attempts the catalogue looks at.
const REMEMBERED: i64 = 100;

/// A conversation she left open.
#[derive(Debug)]
pub struct Resume {
    picture: Picture,
    title: String,
    where_stopped: String,
    says: String,
    does: String,
    address: String,
}

impl Resume {
    fn new(attempt: &Attempt) -> Option<Self> {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let walk = attempt.replay();
        let step = walk.steps.last().filter(|_| walk.ending.is_none())?;
        let answered = walk.answered().map(|(_, answer)| answer.response.answered_at);
        let since = answered.chain(step.opening.map(|opening| opening.opened_at)).max();
        Some(Self {
            picture: Picture::large(scenario, step.speaker(scenario), step.turn.mood),
            title: policy.speak(&scenario.title),
            where_stopped: format!(
                "You stopped at turn {}, on {}",
                step.number,
                crate::clock::day(since.unwrap_or(attempt.started_at))
            ),
            says: policy.speak(&step.turn.says),
            does: policy.speak(&step.turn.does),
            address: format!("/attempts/{}", attempt.id.as_str()),
        })
    }
}

/// One conversation in the list.
#[derive(Debug)]
pub struct Item {
    picture: Picture,
    slug: String,
    title: String,
    line: String,
    setting: String,
    minutes: u8,
    done: String,
    last_path: Option<Spark>,
}

impl Item {
    fn new(scenario: &Scenario, policy: &Policy, attempts: &[Attempt]) -> Self {
        let hers = || attempts.iter().filter(|attempt| attempt.revision.scenario.slug == scenario.slug);
        let ended = hers().filter(|attempt| attempt.replay().ending.is_some());
        let done = match (hers().count(), ended.clone().count()) {
            (0, _) => "Not tried yet".to_owned(),
            (_, 0) => "Begun".to_owned(),
            (_, 1) => "Tried once".to_owned(),
            (_, 2) => "Tried twice".to_owned(),
            (_, times) => format!("Tried {times} times"),
        };
        let mut ended = ended;
        Self {
            picture: Picture::in_list(scenario),
            slug: scenario.slug.clone(),
            title: policy.speak(&scenario.title),
            line: policy.speak(scenario.first_line()),
            setting: policy.speak(&scenario.setting),
            minutes: scenario.minutes,
            done,
            last_path: ended.next().map(|attempt| Spark::new(&attempt.replay().path(), 0)),
        }
    }
}

/// The conversations that reach her one way.
#[derive(Debug)]
pub struct Shelf {
    id: usize,
    name: &'static str,
    items: Vec<Item>,
}

/// The catalogue.
#[derive(Debug, Template)]
#[template(path = "scenario/catalogue.html")]
pub struct CataloguePage {
    frame: Frame,
    shared: bool,
    resume: Option<Resume>,
    more_open: usize,
    shelves: Vec<Shelf>,
    if_then: Option<(String, String)>,
    needs_code: bool,
}

impl CataloguePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let item = Item {
            picture: Picture::sample(),
            slug: "a-goodbye".to_owned(),
            title: "A goodbye".to_owned(),
            line: "Could I call you?".to_owned(),
            setting: "Her room".to_owned(),
            minutes: 5,
            done: "Tried once".to_owned(),
            last_path: Some(Spark::new(&[crate::scenario::rubric::Place::Keeps], 0)),
        };
        Self {
            frame: Frame::new(Here::Practice, true),
            shared: true,
            resume: Some(Resume {
                picture: Picture::sample(),
                title: "A goodbye".to_owned(),
                where_stopped: "You stopped at turn 2, on 1 January 2026".to_owned(),
                says: "Could I call you?".to_owned(),
                does: "She waits.".to_owned(),
                address: "/attempts/a".to_owned(),
            }),
            more_open: 2,
            shelves: vec![Shelf { id: 0, name: "At the bedside", items: vec![item] }],
            if_then: Some(("she asks".to_owned(), "No.".to_owned())),
            needs_code: true,
        }
    }
}

async fn catalogue(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let (attempts, if_then) = match &visitor.nurse {
        Some(nurse) => {
            let mut conn = app.db.read().await?;
            let attempts = load::attempts(&mut conn, &app.library, nurse, REMEMBERED).await?;
            let sentences = crate::practice::store::if_thens(&mut conn, nurse).await?;
            (attempts, sentences.into_iter().next().map(|(_, asked, say)| (asked, say)))
        }
        None => (Vec::new(), None),
    };
    let policy = app.library.policy();
    let current = app.library.current();
    let item = |revision: &Arc<Revision>| Item::new(&revision.scenario, &policy, &attempts);
    let shelf = |(id, channel): (usize, Channel)| Shelf {
        id,
        name: channel.name(),
        items: current.iter().filter(|it| it.scenario.channel == channel).map(item).collect(),
    };
    let shelves = Channel::ALL.into_iter().enumerate().map(shelf).filter(|shelf| !shelf.items.is_empty());
    let mut open = attempts.iter().filter_map(Resume::new);
    let resume = open.next();
    show(&CataloguePage {
        frame: visitor.frame(Here::Practice),
        shared: visitor.is_shared(),
        resume,
        more_open: open.count(),
        shelves: shelves.collect(),
        if_then,
        needs_code: visitor.nurse.is_some_and(|nurse| !nurse.has_return_code()) && !attempts.is_empty(),
    })
}
