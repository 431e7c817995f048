//! Looking back on a conversation: what was missed, the path along the line, repair, and the sentence to keep.

mod form;
mod story;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::said::blacked_in_words;
use super::{allow, find, readers};
use crate::accounts::nurse::{Nurse, Visitor};
use crate::app::App;
use crate::cohorts::store::given;
use crate::practice::blacking::{BLACK, Spot};
use crate::practice::guard::Ask;
use crate::practice::store::{self, Reflection, SentAnyway};
use crate::practice::{Attempt, Page, Purpose, Readiness};
use crate::web::form::{Form, JustSaved, Path, Problem, Problems, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};
use form::{ReflectionForm, keep};
pub use story::Story;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/attempts/{id}/looking-back", Who::Nurse, looking_back),
        post("/attempts/{id}/looking-back", Who::Nurse, reflect),
    ]
}

/// The debrief.
#[derive(Debug, Template)]
#[template(path = "practice/looking_back.html")]
pub struct LookingBackPage {
    frame: Frame,
    story: Story,
    reflection: Reflection,
    readiness: Vec<(&'static str, &'static str, bool)>,
    kept: bool,
    just_saved: bool,
    problems: Problems,
    ask: Option<Ask>,
    /// Under each of the two answers: what was blacked out in it.
    feeling_black: Option<String>,
    aim_black: Option<String>,
    action: String,
    token: String,
    /// Of assigned work: who can read it besides her, in a few words.
    readers: Option<String>,
    /// Of assigned work that can be begun again: where, and that form's own token.
    assigned_again: Option<(String, String)>,
    transcript: String,
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
            kept: true,
            just_saved: false,
            problems: Problems(vec![Problem { field: "aim", text: "Too long".to_owned() }]),
            ask: Some(Ask::sample("feeling")),
            feeling_black: Some(blacked_in_words(2)),
            aim_black: Some(blacked_in_words(1)),
            action: "/attempts/a/looking-back".to_owned(),
            token: "t".to_owned(),
            readers: Some("Ruth Reyes and the other educators of Spring residency".to_owned()),
            assigned_again: Some(("/assignments/a/attempts".to_owned(), "u".to_owned())),
            transcript: "/attempts/a/transcript".to_owned(),
            next: Some(("/scenarios/b".to_owned(), "B".to_owned())),
        }
    }
}

fn readiness(chosen: Option<&str>) -> Vec<(&'static str, &'static str, bool)> {
    let option = |step: Readiness| (step.stored(), step.name(), Some(step.stored()) == chosen);
    Readiness::ALL.into_iter().map(option).collect()
}

async fn page(app: &App, nurse: &Nurse, attempt: &Attempt) -> Result<LookingBackPage> {
    let mut conn = app.db.read().await?;
    let reflection = store::reflection(&mut conn, nurse, attempt).await?;
    let firsts = store::first_answers(&mut conn, nurse, attempt.purpose, &attempt.revision.id).await?;
    let elsewhere = firsts.into_iter().filter(|(_, where_, _)| where_ != attempt.id.as_str());
    let firsts = elsewhere.map(|(turn, _, reply)| (turn, reply)).collect();
    let walk = attempt.replay();
    let sibling = app.library.sibling(&attempt.revision.scenario);
    let next = sibling.map(|revision| {
        let scenario = &revision.scenario;
        (format!("/scenarios/{}", scenario.slug), app.library.policy().speak(&scenario.title))
    });
    let kept = reflection.is_some();
    let open = match &attempt.assigned {
        Some(assigned) => given(&mut conn, nurse, &assigned.assignment).await?,
        None => None,
    };
    let again =
        open.filter(|given| given.can_begin() && app.library.by_slug(&given.assignment.slug).is_some());
    let blacked = store::blacked(&mut conn, &attempt.id).await?;
    drop(conn);
    let black = |spot: Spot, text: &str| {
        let here = blacked.iter().find(|it| it.place == spot.stored()).filter(|_| text.contains(BLACK));
        here.map(|it| blacked_in_words(it.words))
    };
    let readers = readers(app, attempt).await?;
    let reflection = reflection.unwrap_or_else(|| suggestion(attempt));
    Ok(LookingBackPage {
        frame: Frame::new(Here::Me, true),
        story: Story::new(attempt, &walk, &firsts, &app.library.policy()).ok_or(Error::NotFound)?,
        readiness: readiness(reflection.readiness.as_deref()),
        feeling_black: black(Spot::Feeling, &reflection.feeling),
        aim_black: black(Spot::Aim, &reflection.aim),
        reflection,
        kept,
        just_saved: false,
        problems: Problems::default(),
        ask: None,
        action: Page::LookingBack.address(&attempt.id),
        token: app.clock.new_token(),
        readers: readers.map(|readers| readers.in_short()),
        assigned_again: again.map(|given| {
            let action = format!("/assignments/{}/attempts", given.assignment.id.as_str());
            (action, app.clock.new_token())
        }),
        transcript: format!("/attempts/{}/transcript", attempt.id.as_str()),
        next,
    })
}

/// The form as it first stands: the moment is filled in, the sentence is hers to find.
fn suggestion(attempt: &Attempt) -> Reflection {
    let asked = attempt.revision.scenario.if_asked.as_str();
    let asked = if asked.is_empty() { "a patient asks me this" } else { asked };
    Reflection { if_asked: attempt.policy.speak(asked), ..Reflection::default() }
}

async fn looking_back(
    State(app): State<App>,
    nurse: Nurse,
    Path(id): Path<String>,
    Query(just): Query<JustSaved>,
) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    allow(&attempt, Page::LookingBack)?;
    let mut page = page(&app, &nurse, &attempt).await?;
    page.just_saved = just.is_so();
    show(&page)
}

async fn reflect(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<ReflectionForm>,
) -> Result<Response> {
    let nurse = visitor.nurse_or_show(&form.typed())?;
    let attempt = find(&app, &nurse, &id).await?;
    allow(&attempt, Page::LookingBack)?;
    let problems = form.problems();
    let before = store::reflection(&mut app.db.read().await?, &nurse, &attempt).await?;
    let checked = form.checked(&attempt, before.as_ref());
    let reflection = Reflection {
        feeling: form.feeling.into_string(),
        aim: form.aim.into_string(),
        readiness: form.readiness.filter(|value| Readiness::read(value).is_some()),
        if_asked: form.if_asked.into_string(),
        then_say: form.then_say.into_string(),
        wants_talk: form.wants_talk.is_some() && attempt.purpose == Purpose::Assigned,
    };
    let kinds = match checked {
        Ok(kinds) if problems.is_empty() => kinds,
        asked => {
            let page = LookingBackPage {
                readiness: readiness(reflection.readiness.as_deref()),
                reflection,
                ask: asked.err().filter(|_| problems.is_empty()),
                problems,
                ..page(&app, &nurse, &attempt).await?
            };
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
    if keep(&app, nurse, &attempt, reflection, anyway).await? {
        Ok(to(&format!("{}?saved=1#kept", Page::LookingBack.address(&attempt.id))))
    } else {
        Err(Error::NotFound)
    }
}
