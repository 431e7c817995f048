//! The debrief pack: one page to print and bring to class, and the same for the projector.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::filter::Asked;
use super::overview::cohort;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::day;
use crate::review::moments::{Moment, moments, questions};
use crate::review::overview::Overview;
use crate::review::{Count, Work, load, store};
use crate::scenario::drawing::Picture;
use crate::scenario::library::Library;
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
        let work = load::work(&mut conn, &app.library, educator, &filter).await?;
        let known = |wanted| work.assignments.iter().any(|assignment| assignment.id == wanted);
        if filter.assignment.clone().is_some_and(|wanted| !known(wanted)) {
            return Err(Error::NotFound);
        }
        let everything =
            load::work(&mut conn, &app.library, educator, &crate::review::Filter::default()).await?;
        let samples = store::samples(&mut conn, educator).await?;
        drop(conn);
        let overview = Overview::new(&work, &filter, &std::collections::BTreeMap::new());
        let moments = moments(&work).talk;
        Ok(Self {
            cohort_id: cohort.id.as_str().to_owned(),
            name: cohort.name,
            today: day(app.clock.now()),
            lead: overview.lead(),
            few: overview.few(),
            query: filter.query(),
            questions: questions(&moments),
            said: samples.into_iter().map(|sample| said(&everything, sample)).collect(),
            moments: moments.into_iter().map(|moment| pictured(&app.library, moment)).collect(),
        })
    }

    /// Whether the own words are so long that they are printed smaller: 1,800 characters fill a third of a sheet.
    fn is_long(&self) -> bool {
        self.said.iter().map(|said| said.words.chars().count()).sum::<usize>() > 1_800
    }

    fn sample() -> Self {
        let first = Count { turns_away: 3, keeps: 8, blurs: 11, crosses: 2, ..Count::default() };
        let moment = Moment {
            slug: "a".to_owned(),
            scenario: "A goodbye".to_owned(),
            turn: "asks".to_owned(),
            title: "She asks to call you".to_owned(),
            number: 1,
            says: "May I call you?".to_owned(),
            first: Count { missed_red_flags: 1, ..first },
            again: Some((first, first)),
            question: "What makes it hard?".to_owned(),
            kept: "“I won’t give you my number.”".to_owned(),
        };
        Self {
            cohort_id: "c".to_owned(),
            name: "Spring residency".to_owned(),
            today: "March 2, 2026".to_owned(),
            lead: "All 24 nurses have answered.".to_owned(),
            few: false,
            query: String::new(),
            moments: vec![(moment, Some(Picture::sample()))],
            said: vec![Said { title: "She asks".to_owned(), words: "Oh, just call.".to_owned() }],
            questions: vec!["What will you say next time?".to_owned()],
        }
    }
}

fn said(work: &Work, sample: store::Sample) -> Said {
    let attempt = work.attempts.iter().find(|attempt| attempt.id.as_str() == sample.attempt_id);
    let title = attempt.and_then(|attempt| {
        let walk = attempt.replay();
        let step = walk.step(u32::try_from(sample.turn_number).ok()?)?;
        Some(attempt.policy.speak(&step.turn.title))
    });
    Said { title: title.unwrap_or_default(), words: sample.own_words }
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
