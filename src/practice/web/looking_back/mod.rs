//! Looking back on a conversation: what was missed, the path along the line, repair, and the sentence to keep.

mod story;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{elsewhere, find};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::store::{self, Reflection};
use crate::practice::{Attempt, Page};
use crate::web::form::{Form, LONGEST_TEXT, Path, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};
pub use story::Story;

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
        Self {
            frame: Frame::new(Here::Me, true),
            story: Story::sample(),
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
