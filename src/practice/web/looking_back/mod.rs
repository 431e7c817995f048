//! Looking back on a conversation: what was missed, the path along the line, repair, and the sentence to keep.

mod form;
mod story;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::said::blacked_in_words;
use super::{allow, find, readers};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::cohorts::store::given;
use crate::practice::blacking::{BLACK, Spot};
use crate::practice::guard::Ask;
use crate::practice::store::{self, Reflection, SentAnyway};
use crate::practice::{Attempt, Page, Readiness};
use crate::web::form::{Form, JustSaved, Path, Problem, Problems, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};
use form::{BlackedWords, Kept, ReflectionForm, Refused, keep};
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
    /// Where words of an answer were blacked out since the page was opened: what she typed.
    feeling_typed: Option<String>,
    aim_typed: Option<String>,
    blacked: BlackedWords,
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
            feeling_typed: Some("I froze.".to_owned()),
            aim_typed: Some("To be kind.".to_owned()),
            blacked: BlackedWords { feeling: 2, aim: 1 },
            action: "/attempts/a/looking-back".to_owned(),
            token: "t".to_owned(),
            readers: Some("Ruth Reyes and the other educators of Spring residency".to_owned()),
            assigned_again: Some(("/assignments/a/attempts".to_owned(), "u".to_owned())),
            transcript: "/attempts/a/transcript".to_owned(),
            next: Some(("/scenarios/b".to_owned(), "B".to_owned())),
        }
    }
}

impl LookingBackPage {
    /// The same with what she typed on it, and why it is not kept.
    fn refusing(mut self, typed: Reflection, refused: Refused) -> Self {
        self.readiness = readiness(typed.readiness.as_deref());
        let stored = std::mem::replace(&mut self.reflection, typed);
        match refused {
            Refused::Problems(problems) => self.problems = problems,
            Refused::Ask(ask) => self.ask = Some(ask),
            Refused::Blacked { feeling, aim } => {
                let now = &mut self.reflection;
                if feeling {
                    self.feeling_typed = Some(std::mem::replace(&mut now.feeling, stored.feeling));
                    self.problems.add("feeling", SINCE);
                }
                if aim {
                    self.aim_typed = Some(std::mem::replace(&mut now.aim, stored.aim));
                    self.problems.add("aim", SINCE);
                }
            }
        }
        self
    }
}

/// Said where words of an answer were blacked out while she had the page open.
const SINCE: &str = "While you had this page open, your educator blacked out words of this answer, to protect a real \
                     person. The box shows what is stored now, and what you typed stands under it. Take over what \
                     you still want, without that person’s details, and save again";

fn readiness(chosen: Option<&str>) -> Vec<(&'static str, &'static str, bool)> {
    let option = |step: Readiness| (step.stored(), step.name(), Some(step.stored()) == chosen);
    Readiness::ALL.into_iter().map(option).collect()
}

async fn page(app: &App, nurse: &Nurse, attempt: &Attempt) -> Result<LookingBackPage> {
    let mut conn = app.db.read().await?;
    // Before what she wrote: what is blacked out in between is then more than the form knows of, and is not undone by it.
    let blacked = store::blacked(&mut conn, &attempt.id).await?;
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
        feeling_typed: None,
        aim_typed: None,
        blacked: BlackedWords::of(&blacked),
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
    nurse: Nurse,
    Path(id): Path<String>,
    Form(form): Form<ReflectionForm>,
) -> Result<Response> {
    let attempt = find(&app, &nurse, &id).await?;
    allow(&attempt, Page::LookingBack)?;
    let before = store::reflection(&mut app.db.read().await?, &nurse, &attempt).await?;
    let (checked, blacked) = (form.checked(&attempt, before.as_ref()), form.blacked());
    let reflection = form.into_reflection(attempt.purpose);
    let refused = match checked {
        Err(refused) => refused,
        Ok(kinds) => {
            let anyway = kinds.map(|kinds| SentAnyway::new(&app.clock, kinds));
            match keep(&app, &nurse, &attempt, (&reflection, blacked), anyway).await? {
                Kept::Now => {
                    return Ok(to(&format!("{}?saved=1#kept", Page::LookingBack.address(&attempt.id))));
                }
                Kept::Gone => return Err(Error::NotFound),
                Kept::Blacked(by_now) => Refused::Blacked {
                    feeling: by_now.feeling != blacked.feeling,
                    aim: by_now.aim != blacked.aim,
                },
            }
        }
    };
    let page = page(&app, &nurse, &attempt).await?.refusing(reflection, refused);
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
