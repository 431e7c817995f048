//! The debrief pack: one page to print and bring to class, and the same for the projector.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::filter::Asked;
use super::overview::cohort;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::day;
use crate::db::Conn;
use crate::review::moments::{Moment, questions};
use crate::review::overview::Overview;
use crate::review::viewed::note_sample;
use crate::review::{load, store};
use crate::scenario::drawing::Picture;
use crate::scenario::library::Library;
use crate::scenario::store::{policy, revision};
use crate::web::error::{Error, Result};
use crate::web::form::Query;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/debrief", Who::Educator, pack),
        get("/cohorts/{cohort}/debrief/screen", Who::Educator, screen),
    ]
}

/// Own words to be shown in class, and the turn they answer.
#[derive(Clone, Debug)]
pub struct Said {
    /// The turn's title.
    pub title: String,
    /// What was written, without a name.
    pub words: String,
}

/// What both pages show.
#[derive(Clone, Debug)]
pub struct Pack {
    /// The cohort's id.
    pub cohort_id: String,
    /// Its name.
    pub name: String,
    /// The day, in words.
    pub today: String,
    /// In sentences, how it went.
    pub lead: String,
    /// Whether so few have answered that nothing is drawn.
    pub few: bool,
    /// The filter, as addresses end with it.
    pub query: String,
    /// Where it slips, with a picture of who speaks for the projector.
    pub moments: Vec<(Moment, Option<Picture>)>,
    /// Up to six own words that the educator ticked.
    pub said: Vec<Said>,
    /// Three questions.
    pub questions: Vec<String>,
}

impl Pack {
    async fn of(app: &App, educator: &Educator, asked: &Asked) -> Result<Self> {
        let (filter, problems) = asked.filter()?;
        if !problems.is_empty() {
            return Err(Error::Invalid);
        }
        let mut conn = app.db.read().await?;
        let cohort = cohort(&mut conn, educator).await?;
        let people = load::people(&mut conn, app, educator, &filter).await?;
        let known = |wanted| people.assignments.iter().any(|assignment| assignment.id == wanted);
        if filter.assignment.clone().is_some_and(|wanted| !known(wanted)) {
            return Err(Error::NotFound);
        }
        let samples = store::samples(&mut conn, educator).await?;
        drop(conn);
        for sample in &samples {
            note_sample(app, educator, &sample.nurse_id, &sample.attempt_id).await?;
        }
        let mut conn = app.db.read().await?;
        let mut ticked = Vec::new();
        for sample in samples {
            ticked.push(said(&mut conn, &app.library, sample).await?);
        }
        drop(conn);
        let overview = Overview::new(&people, &filter, &std::collections::BTreeMap::new());
        let (lead, few) = (overview.lead(), overview.few());
        let moments = overview.moments.talk;
        Ok(Self {
            cohort_id: cohort.id.as_str().to_owned(),
            name: cohort.name,
            today: day(app.clock.now()),
            lead,
            few,
            query: filter.query(),
            questions: questions(&moments),
            said: ticked,
            moments: moments.into_iter().map(|moment| pictured(&app.library, moment)).collect(),
        })
    }

    /// Whether the own words are so long that they are printed smaller: 1,800 characters fill a third of a sheet.
    fn is_long(&self) -> bool {
        self.said.iter().map(|said| said.words.chars().count()).sum::<usize>() > 1_800
    }

    fn sample() -> Self {
        Self {
            cohort_id: "c".to_owned(),
            name: "Spring residency".to_owned(),
            today: "March 2, 2026".to_owned(),
            lead: "All 24 nurses have answered.".to_owned(),
            few: false,
            query: String::new(),
            moments: vec![(Moment::sample(), Some(Picture::sample()))],
            said: vec![Said { title: "She asks".to_owned(), words: "Oh, just call.".to_owned() }],
            questions: vec!["What will you say next time?".to_owned()],
        }
    }
}

/// Own words with the title of the turn they answer, also where the filter leaves their attempt out.
async fn said(conn: &mut Conn, library: &Library, sample: store::Sample) -> Result<Said> {
    let revision = revision(conn, library, &sample.revision_id).await?;
    let policy = policy(conn, library, sample.policy_version).await?;
    let title = revision.scenario.turns.get(&sample.turn_id).map(|turn| policy.speak(&turn.title));
    Ok(Said { title: title.unwrap_or_default(), words: sample.own_words })
}

/// A moment with the face of who speaks at it, where the catalogue still has the scenario.
fn pictured(library: &Library, moment: Moment) -> (Moment, Option<Picture>) {
    let picture = library.by_slug(&moment.slug).and_then(|revision| {
        let scenario = &revision.scenario;
        let turn = scenario.turns.get(&moment.turn)?;
        Some(Picture::large(scenario, scenario.speaker(turn.speaker.as_deref()), turn.mood))
    });
    (moment, picture)
}

/// The page to print.
#[derive(Debug, Template)]
#[template(path = "review/debrief.html")]
pub struct DebriefPage {
    frame: Frame,
    pack: Pack,
}

impl DebriefPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::staff_sample(Here::Cohorts), pack: Pack::sample() }
    }
}

async fn pack(State(app): State<App>, educator: Educator, Query(asked): Query<Asked>) -> Result<Response> {
    let pack = Pack::of(&app, &educator, &asked).await?;
    show(&DebriefPage { frame: educator.staff().frame(Here::Cohorts), pack })
}

/// The page for the projector: no names, no menu.
#[derive(Debug, Template)]
#[template(path = "review/screen.html")]
pub struct ScreenPage {
    frame: Frame,
    pack: Pack,
}

impl ScreenPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self { frame: Frame::staff_sample(Here::Cohorts), pack: Pack::sample() }
    }
}

async fn screen(State(app): State<App>, educator: Educator, Query(asked): Query<Asked>) -> Result<Response> {
    let pack = Pack::of(&app, &educator, &asked).await?;
    show(&ScreenPage { frame: educator.staff().frame(Here::Cohorts), pack })
}
