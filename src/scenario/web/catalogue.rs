//! The catalogue: where she stopped, then every conversation by how it reaches her.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::set::{SetForHer, set_for_her};
use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::cohorts::Group;
use crate::practice::{Attempt, Purpose, load};
use crate::review::store::hers;
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
    /// Whether it is practice or assigned work.
    kind: String,
    where_stopped: String,
    says: String,
    does: String,
    address: String,
}

impl Resume {
    fn new(attempt: &Attempt, groups: &[Group]) -> Option<Self> {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let walk = attempt.replay();
        let step = walk.steps.last().filter(|_| walk.ending.is_none())?;
        let answered = walk.answered().map(|(_, answer)| answer.response.answered_at);
        let since = answered.chain(step.opening.map(|opening| opening.opened_at)).max();
        Some(Self {
            picture: Picture::large(scenario, step.speaker(scenario), step.turn.mood),
            title: policy.speak(&scenario.title),
            kind: kind(attempt, groups),
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

/// What an attempt is for, in a few words.
#[must_use]
pub fn kind(attempt: &Attempt, groups: &[Group]) -> String {
    let group = attempt.assigned.as_ref().and_then(|at| groups.iter().find(|group| group.seat == at.seat));
    match (attempt.purpose, group) {
        (Purpose::Practice, _) => "Practice".to_owned(),
        (Purpose::Assigned, Some(group)) => format!("Assigned, {}", group.name),
        (Purpose::Assigned, None) => "Assigned".to_owned(),
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
    fn new(scenario: &Scenario, policy: &Policy, attempts: &[Attempt], staff: bool) -> Self {
        let hers = || attempts.iter().filter(|attempt| attempt.revision.scenario.slug == scenario.slug);
        let ended = hers().filter(|attempt| attempt.replay().ending.is_some());
        let done = match (hers().count(), ended.clone().count()) {
            _ if staff => String::new(),
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
#[expect(clippy::struct_excessive_bools, reason = "each decides about one line of the page")]
pub struct CataloguePage {
    frame: Frame,
    shared: bool,
    /// Whether somebody of the staff looks, who can look through a conversation but not begin it.
    staff: bool,
    resume: Option<Resume>,
    more_open: usize,
    set: Vec<SetForHer>,
    /// Whether more than one group sets something, so that each must be named.
    many_groups: bool,
    shelves: Vec<Shelf>,
    if_then: Option<(String, String)>,
    needs_code: bool,
    /// How many comments on her answers wait to be read.
    unread: i64,
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
            staff: false,
            resume: Some(Resume {
                picture: Picture::sample(),
                title: "A goodbye".to_owned(),
                kind: "Practice".to_owned(),
                where_stopped: "You stopped at turn 2, on 1 January 2026".to_owned(),
                says: "Could I call you?".to_owned(),
                does: "She waits.".to_owned(),
                address: "/attempts/a".to_owned(),
            }),
            more_open: 2,
            set: vec![SetForHer::sample()],
            many_groups: true,
            shelves: vec![Shelf { id: 0, name: "At the bedside", items: vec![item] }],
            if_then: Some(("she asks".to_owned(), "No.".to_owned())),
            needs_code: true,
            unread: 1,
        }
    }
}

async fn catalogue(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let (mut attempts, mut groups, mut set, mut if_then) = (Vec::new(), Vec::new(), Vec::new(), None);
    let mut unread = 0;
    if let Some(nurse) = &visitor.nurse {
        {
            let mut conn = app.db.read().await?;
            attempts = load::ways(&mut conn, &app.library, nurse, REMEMBERED).await?;
            groups = crate::cohorts::store::groups_of(&mut conn, nurse).await?;
            let sentences = crate::practice::store::if_thens(&mut conn, nurse).await?;
            if_then = sentences.into_iter().next().map(|(_, asked, say)| (asked, say));
            if attempts.iter().any(|attempt| attempt.assigned.is_some()) {
                unread = hers::unread(&mut conn, nurse).await?;
            }
        }
        set = set_for_her(&app, nurse, &attempts).await?;
    }
    let mut open = attempts.iter().filter_map(|attempt| Resume::new(attempt, &groups));
    let resume = open.next();
    let first_group = set.first().map(|first| first.group.clone());
    show(&CataloguePage {
        frame: visitor.frame(Here::Practice),
        shared: visitor.is_shared(),
        staff: visitor.staff.is_some(),
        resume,
        more_open: open.count(),
        many_groups: set.iter().any(|set| Some(&set.group) != first_group.as_ref()),
        set,
        shelves: shelves(&app, &attempts, visitor.staff.is_some()),
        if_then,
        unread,
        needs_code: visitor.nurse.is_some_and(|nurse| !nurse.has_return_code()) && !attempts.is_empty(),
    })
}

/// Every conversation by how it reaches her.
fn shelves(app: &App, attempts: &[Attempt], staff: bool) -> Vec<Shelf> {
    let (policy, current) = (app.library.policy(), app.library.current());
    let item = |revision: &Arc<Revision>| Item::new(&revision.scenario, &policy, attempts, staff);
    let shelf = |(id, channel): (usize, Channel)| Shelf {
        id,
        name: channel.name(),
        items: current.iter().filter(|it| it.scenario.channel == channel).map(item).collect(),
    };
    let shelves = Channel::ALL.into_iter().enumerate().map(shelf);
    shelves.filter(|shelf| !shelf.items.is_empty()).collect()
}
