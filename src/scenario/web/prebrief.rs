//! Half a minute before a conversation: who you are, who the patient is, who sees this, and the way out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::nurse::Visitor;
use crate::app::App;
use crate::practice::load;
use crate::scenario::drawing::Picture;
use crate::web::form::Path;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/scenarios/{slug}", Who::Anyone, prebrief)]
}

/// The prebrief.
#[derive(Debug, Template)]
#[template(path = "scenario/prebrief.html")]
pub struct PrebriefPage {
    frame: Frame,
    shared: bool,
    slug: String,
    title: String,
    setting: String,
    minutes: u8,
    picture: Picture,
    name: String,
    about: String,
    background: String,
    role: String,
    situation: String,
    objective: String,
    content_note: String,
    varies: String,
    crisis_line: String,
    token: String,
    open_attempt: Option<String>,
}

impl PrebriefPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::new(Here::Practice, false),
            shared: true,
            slug: "a-goodbye".to_owned(),
            title: "A goodbye".to_owned(),
            setting: "Her room".to_owned(),
            minutes: 5,
            picture: Picture::sample(),
            name: "Ines".to_owned(),
            about: "71, goes home today".to_owned(),
            background: "She lives alone.".to_owned(),
            role: "A nurse.".to_owned(),
            situation: "It is morning.".to_owned(),
            objective: "Say no.".to_owned(),
            content_note: "She cries.".to_owned(),
            varies: "Units differ.".to_owned(),
            crisis_line: "988".to_owned(),
            token: "t".to_owned(),
            open_attempt: Some("/attempts/a".to_owned()),
        }
    }
}

async fn prebrief(State(app): State<App>, visitor: Visitor, Path(slug): Path<String>) -> Result<Response> {
    let revision = app.library.by_slug(&slug).ok_or(Error::NotFound)?;
    let (scenario, policy) = (&revision.scenario, app.library.policy());
    let patient = scenario.patient().ok_or(Error::NotFound)?;
    let open_attempt = match &visitor.nurse {
        Some(nurse) => {
            let mut conn = app.db.read().await?;
            let attempts = load::attempts(&mut conn, &app.library, nurse, 100).await?;
            let open = attempts
                .iter()
                .filter(|attempt| attempt.revision.scenario.slug == slug)
                .find(|attempt| attempt.replay().ending.is_none());
            open.map(|attempt| format!("/attempts/{}", attempt.id.as_str()))
        }
        None => None,
    };
    let age = patient.age.map(|age| format!("{age}, ")).unwrap_or_default();
    show(&PrebriefPage {
        frame: visitor.frame(Here::Practice),
        shared: visitor.is_shared(),
        slug,
        title: policy.speak(&scenario.title),
        setting: policy.speak(&scenario.setting),
        minutes: scenario.minutes,
        picture: Picture::of_patient(scenario),
        name: policy.speak(&patient.name),
        about: format!("{age}{}", policy.speak(&patient.who)),
        background: policy.speak(&patient.background),
        role: policy.speak(&scenario.you.role),
        situation: policy.speak(&scenario.you.situation),
        objective: policy.speak(&scenario.objective),
        content_note: policy.speak(&scenario.content_note),
        varies: policy.speak(&scenario.varies),
        crisis_line: policy.speak("{crisis_line}"),
        token: app.clock.new_token(),
        open_attempt,
    })
}
