//! Looking back on a conversation: what was missed, the path along the line, repair, and the sentence to keep.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::explore::Trail;
use super::reaction::{SourceLine, sources};
use super::view::Scene;
use super::{elsewhere, find};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::progress::Repair;
use crate::practice::store::{self, Reflection};
use crate::practice::{Answer, Attempt, Page, Placement, Step, Walk};
use crate::scenario::rubric::Place;
use crate::web::form::{Form, LONGEST_TEXT, Path, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}/looking-back", Who::Nurse, looking_back),
        post("/attempts/{id}/looking-back", Who::Nurse, reflect),
    ]
}

/// How ready she feels: as stored, and in words. Never scored.
pub const READINESS: [(&str, &str); 4] = [
    ("not-yet", "Not yet"),
    ("nearly", "Nearly"),
    ("ready", "Ready"),
    ("could-help", "I could help someone else"),
];

/// A turn on the path along the line.
#[derive(Clone, Debug)]
pub struct Mark {
    title: String,
    class: &'static str,
    next_class: &'static str,
    place: &'static str,
    missed_red_flag: bool,
    reply: String,
    own_words: Option<String>,
    placed: Option<&'static str>,
    repair: Option<String>,
    better: String,
    first_time: Option<String>,
}

/// A path not taken.
#[derive(Clone, Debug)]
pub struct Untaken {
    text: String,
    address: String,
}

/// The paths not taken at one turn.
#[derive(Clone, Debug)]
pub struct Fork {
    number: u32,
    title: String,
    replies: Vec<Untaken>,
}

/// What can be read on the debrief, whoever fills its form.
#[derive(Clone, Debug)]
pub struct Story {
    title: String,
    slug: String,
    ending: String,
    ending_text: String,
    last: Scene,
    missed: Vec<String>,
    path_in_words: String,
    marks: Vec<Mark>,
    tell: String,
    questions: Vec<String>,
    forks: Vec<Fork>,
    varies: String,
    sources: Vec<SourceLine>,
    sensitive: bool,
    crisis_line: String,
    date: String,
}

/// The debrief.
#[derive(Debug, Template)]
#[template(path = "practice/looking_back.html")]
pub struct LookingBackPage {
    frame: Frame,
    story: Story,
    reflection: Reflection,
    readiness: Vec<(&'static str, &'static str, bool)>,
    saved: bool,
    problem: Option<String>,
    action: String,
    token: String,
    next: Option<(String, String)>,
}

impl LookingBackPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mark = Mark {
            title: "She asks".to_owned(),
            class: "blurs",
            next_class: "",
            place: "Blurs",
            missed_red_flag: true,
            reply: "“Maybe.”".to_owned(),
            own_words: Some("Um".to_owned()),
            placed: Some("Blurs"),
            repair: Some("Put right one turn later.".to_owned()),
            better: "“No.”".to_owned(),
            first_time: Some("“Yes.”".to_owned()),
        };
        let story = Story {
            title: "A goodbye".to_owned(),
            slug: "a-goodbye".to_owned(),
            ending: "She knows".to_owned(),
            ending_text: "She waves.".to_owned(),
            last: Scene::sample(),
            missed: vec!["She can’t breathe".to_owned()],
            path_in_words: "One reply left the line.".to_owned(),
            marks: vec![mark],
            tell: "The charge nurse.".to_owned(),
            questions: vec!["What helped?".to_owned()],
            forks: vec![Fork { number: 1, title: "She asks".to_owned(), replies: Vec::new() }],
            varies: "Units differ.".to_owned(),
            sources: Vec::new(),
            sensitive: true,
            crisis_line: "988".to_owned(),
            date: "1 January 2026".to_owned(),
        };
        Self {
            frame: Frame::new(Here::Me, true),
            story,
            reflection: Reflection::default(),
            readiness: readiness(None),
            saved: true,
            problem: Some("Too long".to_owned()),
            action: "/attempts/a/looking-back".to_owned(),
            token: "t".to_owned(),
            next: Some(("/scenarios/b".to_owned(), "B".to_owned())),
        }
    }
}

fn readiness(chosen: Option<&str>) -> Vec<(&'static str, &'static str, bool)> {
    READINESS.into_iter().map(|(value, name)| (value, name, Some(value) == chosen)).collect()
}

impl Story {
    fn new(attempt: &Attempt, walk: &Walk<'_>, firsts: &BTreeMap<String, String>) -> Option<Self> {
        let (scenario, policy) = (&attempt.revision.scenario, &attempt.policy);
        let (_, ending) = walk.ending?;
        let (last_step, last_answer) = walk.answered().next_back()?;
        let missed = walk.missed_red_flags();
        let titles = missed.iter().map(|step| policy.speak(&step.turn.title));
        let sensitive = !scenario.content_note.is_empty();
        Some(Self {
            title: policy.speak(&scenario.title),
            slug: scenario.slug.clone(),
            ending: policy.speak(&ending.title),
            ending_text: policy.speak(&ending.text),
            last: Scene::of_reaction(scenario, policy, last_step, last_answer.reply),
            missed: titles.collect(),
            path_in_words: walk.in_words(),
            marks: marks(attempt, walk, firsts),
            tell: policy.speak(&ending.tell),
            questions: ending.debrief.iter().map(|question| policy.speak(question)).collect(),
            forks: walk.answered().filter_map(|(step, _)| fork(attempt, walk, step)).collect(),
            varies: policy.speak(&scenario.varies),
            sources: sources(scenario, policy),
            sensitive,
            crisis_line: policy.speak("{crisis_line}"),
            date: crate::clock::day(attempt.started_at),
        })
    }
}

fn marks(attempt: &Attempt, walk: &Walk<'_>, firsts: &BTreeMap<String, String>) -> Vec<Mark> {
    let classes: Vec<&'static str> = walk.path().into_iter().map(Place::class).collect();
    let nexts = classes.iter().copied().skip(1).chain([""]);
    let marks = walk.answered().zip(nexts);
    marks.map(|((step, answer), next_class)| mark(attempt, walk, step, answer, next_class, firsts)).collect()
}

fn mark(
    attempt: &Attempt,
    walk: &Walk<'_>,
    step: &Step<'_>,
    answer: Answer<'_>,
    next_class: &'static str,
    firsts: &BTreeMap<String, String>,
) -> Mark {
    let policy = &attempt.policy;
    let repair = match walk.repair(step.number) {
        Repair::NotNeeded => None,
        Repair::After(1) => Some("Put right at the very next turn.".to_owned()),
        Repair::After(turns) => Some(format!("Put right {turns} turns later.")),
        Repair::Open => Some("Part of this was still open at the end.".to_owned()),
    };
    let placed = attempt.placements.get(&step.number).map(|placement| match placement {
        Placement::At(place) => place.name(),
        Placement::NotSure => "not sure",
    });
    let better = if answer.verdict.place == Place::Keeps { "" } else { &answer.reply.better };
    let first_time = firsts
        .get(step.turn_id)
        .filter(|first| **first != answer.reply.id)
        .and_then(|first| step.turn.reply(first))
        .map(|reply| policy.speak(&reply.text));
    Mark {
        title: policy.speak(&step.turn.title),
        class: answer.verdict.place.class(),
        next_class,
        place: answer.verdict.place.name(),
        missed_red_flag: answer.verdict.missed_red_flag,
        reply: policy.speak(&answer.reply.text),
        own_words: step.opening.and_then(|opening| opening.own_words.clone()),
        placed,
        repair,
        better: policy.speak(better),
        first_time,
    }
}

fn fork(attempt: &Attempt, walk: &Walk<'_>, step: &Step<'_>) -> Option<Fork> {
    let chosen = &step.answer?.reply.id;
    let others = step.replies().into_iter().filter(|reply| reply.id != *chosen);
    let replies = others.filter_map(|reply| {
        let address = Trail::branching(walk, step.number, &reply.id)?.address(attempt);
        Some(Untaken { text: attempt.policy.speak(&reply.text), address })
    });
    Some(Fork {
        number: step.number,
        title: attempt.policy.speak(&step.turn.title),
        replies: replies.collect(),
    })
}

async fn page(app: &App, nurse: &Nurse, attempt: &Attempt) -> Result<LookingBackPage> {
    let mut conn = app.db.read().await?;
    let reflection = store::reflection(&mut conn, &attempt.id).await?;
    let firsts = store::first_answers(&mut conn, nurse, attempt.purpose, &attempt.revision.id).await?;
    let elsewhere = firsts.into_iter().filter(|(_, where_, _)| where_ != attempt.id.as_str());
    let firsts = elsewhere.map(|(turn, _, reply)| (turn, reply)).collect();
    let walk = attempt.replay();
    let sibling = app.library.sibling(&attempt.revision.scenario);
    let next = sibling.map(|revision| {
        let scenario = &revision.scenario;
        (format!("/scenarios/{}", scenario.slug), app.library.policy().speak(&scenario.title))
    });
    let saved = reflection.is_some();
    let reflection = reflection.unwrap_or_else(|| suggestion(attempt));
    Ok(LookingBackPage {
        frame: Frame::new(Here::Me, true),
        story: Story::new(attempt, &walk, &firsts).ok_or(Error::NotFound)?,
        readiness: readiness(reflection.readiness.as_deref()),
        reflection,
        saved,
        problem: None,
        action: Page::LookingBack.address(&attempt.id),
        token: app.clock.new_token(),
        next,
    })
}

/// The form as it first stands: the moment is filled in, the sentence is hers to find.
fn suggestion(attempt: &Attempt) -> Reflection {
    let scenario = &attempt.revision.scenario;
    let title = scenario.turns.get(&scenario.start).map_or("", |turn| turn.title.as_str());
    Reflection { if_asked: as_condition(&attempt.policy.speak(title)), ..Reflection::default() }
}

/// A turn's title as what follows "If": "She asks" becomes "she asks", a quotation gets its speaker.
fn as_condition(title: &str) -> String {
    if title.starts_with('“') {
        return format!("a patient says {title}");
    }
    match title.split_once(' ') {
        Some((first, rest)) if matches!(first, "She" | "He" | "They" | "A" | "An" | "The" | "Someone") => {
            format!("{} {rest}", first.to_lowercase())
        }
        _ => title.to_owned(),
    }
}

async fn looking_back(State(app): State<App>, nurse: Nurse, Path(id): Path<String>) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    if let Some(there) = elsewhere(&attempt, Page::LookingBack) {
        return Ok(there);
    }
    show(&page(&app, &nurse, &attempt).await?)
}

/// What the debrief's form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReflectionForm {
    #[serde(default)]
    feeling: Text,
    #[serde(default)]
    aim: Text,
    readiness: Option<String>,
    #[serde(default)]
    if_asked: Text,
    #[serde(default)]
    then_say: Text,
}

async fn reflect(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Form(form): Form<ReflectionForm>,
) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    if let Some(there) = elsewhere(&attempt, Page::LookingBack) {
        return Ok(there);
    }
    let excess = [&form.feeling, &form.aim, &form.if_asked, &form.then_say].map(Text::excess);
    let known = |value: &String| READINESS.iter().any(|(stored, _)| stored == value);
    let reflection = Reflection {
        feeling: form.feeling.into_string(),
        aim: form.aim.into_string(),
        readiness: form.readiness.filter(known),
        if_asked: form.if_asked.into_string(),
        then_say: form.then_say.into_string(),
    };
    if excess.iter().any(|excess| *excess > 0) {
        let page = LookingBackPage {
            readiness: readiness(reflection.readiness.as_deref()),
            reflection,
            problem: Some(format!(
                "One of your answers is longer than {LONGEST_TEXT} characters. Shorten it; everything you typed \
                 is still here."
            )),
            ..page(&app, &nurse, &attempt).await?
        };
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let (id, now) = (attempt.id.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let (id, reflection) = (id.clone(), reflection.clone());
            Box::pin(async move { store::put_reflection(conn, &id, &reflection, now).await })
        })
        .await?;
    Ok(to(&format!("{}#kept", Page::LookingBack.address(&attempt.id))))
}
