//! The page for the projector: the join code, very large, with the square to scan and the address to type.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::{Seen, Top, cohort_of, frame, open_cohort};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::code::CODE_OPENS_FOR;
use crate::cohorts::enter::note_educator;
use crate::cohorts::{Cohort, store};
use crate::db::{Work, is_clash};
use crate::web::form::Form;
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::qr::Square;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/join", Who::Educator, join_code),
        post("/cohorts/{cohort}/join", Who::Educator, renew),
    ]
}

/// A code that opens now.
#[derive(Clone, Debug)]
pub struct OpenCode {
    shown: String,
    typed: String,
    link: String,
    until: String,
    square: Option<Square>,
}

impl OpenCode {
    fn of(app: &App, cohort: &Cohort, origin: &Origin) -> Option<Self> {
        let expires: Millis = cohort.code_expires_at.filter(|expires| *expires > app.clock.now())?;
        let code = app.secrets.join_code(&cohort.id, cohort.code_number);
        let link = format!("{}/join/{}", origin.0, code.joined());
        Some(Self {
            shown: code.shown(),
            typed: format!("{}/join", origin.typed()),
            square: Square::of(&link),
            link,
            until: crate::clock::day(expires),
        })
    }
}

/// The page for the projector, which prints as a join sheet.
#[derive(Debug, Template)]
#[template(path = "cohorts/join_code.html")]
pub struct JoinCodePage {
    frame: Frame,
    top: Top,
    code: Option<OpenCode>,
    number: i64,
    seen: Seen,
}

impl JoinCodePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            code: Some(OpenCode {
                shown: "K7M 2QD".to_owned(),
                typed: "practice.example.org/join".to_owned(),
                link: "https://practice.example.org/join/K7M2QD".to_owned(),
                until: "April 1, 2026".to_owned(),
                square: Square::of("https://practice.example.org/join/K7M2QD"),
            }),
            number: 1,
            seen: Seen::sample(),
        }
    }
}

async fn join_code(State(app): State<App>, educator: Educator, origin: Origin) -> Result<Response> {
    let cohort = cohort_of(&app, educator.cohort()).await?;
    show(&JoinCodePage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        code: OpenCode::of(&app, &cohort, &origin),
        number: cohort.code_number,
        seen: Seen::of(&app, &cohort).await?,
    })
}

/// What the new-code form sends: which code it was made under. Pressed twice, it makes one new code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RenewForm {
    number: i64,
}

async fn renew(State(app): State<App>, educator: Educator, Form(form): Form<RenewForm>) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    let there = format!("/cohorts/{}/join", cohort.id.as_str());
    if form.number != cohort.code_number {
        return Ok(to(&there));
    }
    // A code that is open elsewhere already is left out.
    for number in form.number.saturating_add(1)..form.number.saturating_add(6) {
        match renewed(&app, &educator, form.number, number).await {
            Ok(()) => return Ok(to(&there)),
            Err(error) if is_clash(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::Internal(anyhow::anyhow!("no free join code was found")))
}

async fn renewed(app: &App, educator: &Educator, before: i64, number: i64) -> sqlx::Result<()> {
    let hash = app.secrets.join_code_hash(&app.secrets.join_code(educator.cohort(), number));
    let (educator, clock) = (educator.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock, hash) = (educator.clone(), clock.clone(), hash.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            let expires = clock.now() + CODE_OPENS_FOR;
            if store::set_code(conn, &educator, (before, number), &hash, expires).await? {
                note_educator(conn, &clock, &educator, Event::CodeRenewed, None, None).await?;
            }
            Ok(())
        });
        work
    });
    write.await
}
