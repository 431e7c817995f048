//! One nurse of a cohort: her assigned attempts, each as a path along the line.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::place::{address, seat};
use super::script::TalkView;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::day;
use crate::cohorts::Assignment;
use crate::cohorts::store as cohorts;
use crate::practice::Attempt;
use crate::practice::store::{Part, talks};
use crate::review::viewed::note_view;
use crate::review::{load, store};
use crate::scenario::drawing::Spark;
use crate::web::form::Path;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}/people/{seat}", Who::Educator, nurse)]
}

/// One attempt at a scenario.
#[derive(Clone, Debug)]
pub struct Line {
    address: String,
    which: String,
    date: String,
    ending: Option<String>,
    missed: bool,
    spark: Spark,
    talk: Option<TalkView>,
    comments: i64,
}

/// A scenario she was given, with what she did in it.
#[derive(Clone, Debug)]
pub struct Given {
    key: usize,
    title: String,
    lines: Vec<Line>,
    compare: Option<String>,
}

/// One nurse's assigned work.
#[derive(Debug, Template)]
#[template(path = "review/nurse.html")]
pub struct NursePage {
    frame: Frame,
    cohort_id: String,
    cohort: String,
    name: String,
    left: bool,
    free: bool,
    erased: bool,
    scenarios: Vec<Given>,
}

impl NursePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let line = Line {
            address: "/cohorts/c/people/s/a".to_owned(),
            which: "First".to_owned(),
            date: "March 3, 2026".to_owned(),
            ending: Some("Help comes".to_owned()),
            missed: true,
            spark: Spark::new(&[], 3),
            talk: Some(TalkView::sample()),
            comments: 2,
        };
        let given = Given {
            key: 0,
            title: "The gate".to_owned(),
            lines: vec![line],
            compare: Some("/cohorts/c/people/s/a/compare".to_owned()),
        };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            cohort: "Spring".to_owned(),
            name: "Ana Okafor".to_owned(),
            left: true,
            free: true,
            erased: false,
            scenarios: vec![
                given,
                Given { key: 1, title: "Hugs".to_owned(), lines: Vec::new(), compare: None },
            ],
        }
    }
}

fn line(
    base: &str,
    attempt: &Attempt,
    (position, count): (usize, usize),
    longest: usize,
    talk: Option<TalkView>,
    comments: i64,
) -> Line {
    let walk = attempt.replay();
    let path = walk.path();
    Line {
        address: format!("{base}/{}", attempt.id.as_str()),
        which: match position {
            _ if count == 1 => "Only attempt".to_owned(),
            0 => "First".to_owned(),
            last if last + 1 == count => "Latest".to_owned(),
            other => format!("Attempt {}", other + 1),
        },
        date: day(attempt.started_at),
        ending: walk.ending.map(|(_, ending)| attempt.policy.speak(&ending.title)),
        missed: !walk.missed_red_flags().is_empty(),
        spark: Spark::new(&path, longest),
        talk,
        comments,
    }
}

/// Every scenario the cohort was given, or that she worked at, in the order they were set.
fn slugs<'a>(given: &'a [Assignment], attempts: &'a [Attempt]) -> Vec<&'a str> {
    let mut slugs: Vec<&str> = Vec::new();
    let set = given.iter().filter(|assignment| assignment.withdrawn_at.is_none());
    let done = attempts.iter().map(|attempt| attempt.revision.scenario.slug.as_str());
    for slug in set.map(|assignment| assignment.slug.as_str()).chain(done) {
        if !slugs.contains(&slug) {
            slugs.push(slug);
        }
    }
    slugs
}

async fn nurse(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat_id)): Path<(String, String)>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let place = seat(&mut conn, &educator, &seat_id).await?;
    drop(conn);
    note_view(&app, &educator, &place.seat, place.seat.id.as_str()).await?;
    let mut conn = app.db.read().await?;
    let given = cohorts::assignments(&mut conn, educator.cohort()).await?;
    let attempts = load::of_seat(&mut conn, &app, &educator, &place.seat.id).await?;
    let hers = Part::Seat(&place.seat.id);
    let talks = talks(&mut conn, &educator, hers).await?;
    let mut talks: BTreeMap<String, _> =
        talks.into_iter().map(|talk| (talk.attempt_id.clone(), talk)).collect();
    let comments: HashMap<String, i64> =
        store::comment_counts(&mut conn, &educator, &place.seat.id).await?.into_iter().collect();
    let base = address(educator.cohort().as_str(), &place.seat.id, None);
    let mut scenarios = Vec::new();
    for (key, slug) in slugs(&given, &attempts).into_iter().enumerate() {
        let hers = attempts.iter().filter(|attempt| attempt.revision.scenario.slug == slug);
        let hers: Vec<&Attempt> = hers.filter(|attempt| !attempt.responses.is_empty()).collect();
        let longest = hers.iter().map(|attempt| attempt.responses.len()).max().unwrap_or_default();
        let mut lines = Vec::with_capacity(hers.len());
        for (position, attempt) in hers.iter().enumerate() {
            let comments = comments.get(attempt.id.as_str()).copied().unwrap_or_default();
            let talk = talks.remove(attempt.id.as_str()).map(|talk| TalkView::of(&talk));
            lines.push(line(&base, attempt, (position, hers.len()), longest, talk, comments));
        }
        let compare = hers.first().filter(|_| hers.len() > 1);
        let compare = compare.map(|first| format!("{base}/{}/compare", first.id.as_str()));
        scenarios.push(Given { key, title: app.library.title_of(slug), lines, compare });
    }
    show(&NursePage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: educator.cohort().as_str().to_owned(),
        cohort: place.cohort.name,
        name: place.seat.shown().to_owned(),
        left: place.seat.left_at.is_some(),
        free: place.seat.nurse_id.is_none() && !place.seat.name.is_empty(),
        erased: place.seat.is_erased(),
        scenarios,
    })
}
