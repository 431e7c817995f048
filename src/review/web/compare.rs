//! A nurse's first and latest attempt at one scenario, turn by turn; then her own words, large.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::place::{self, address};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::day;
use crate::practice::store::Part;
use crate::practice::{Attempt, Step, load};
use crate::review::viewed::note_view;
use crate::scenario::drawing::Spark;
use crate::web::form::Path;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}/people/{seat}/{attempt}/compare", Who::Educator, compare)]
}

/// One turn of one attempt.
#[derive(Clone, Debug)]
pub struct Cell {
    title: String,
    class: &'static str,
    place: &'static str,
    reply: String,
}

/// One turn of both.
#[derive(Clone, Debug)]
pub struct Row {
    number: u32,
    title: Option<String>,
    first: Option<Cell>,
    latest: Option<Cell>,
}

/// One of the two attempts.
#[derive(Clone, Debug)]
pub struct Side {
    address: String,
    date: String,
    spark: Spark,
}

/// Own words at the same turn, first and latest.
#[derive(Clone, Debug)]
pub struct Pair {
    key: usize,
    title: String,
    first: String,
    latest: String,
}

/// First and latest.
#[derive(Debug, Template)]
#[template(path = "review/compare.html")]
pub struct ComparePage {
    frame: Frame,
    cohort_id: String,
    name: String,
    nurse: String,
    title: String,
    first: Side,
    latest: Option<Side>,
    rows: Vec<Row>,
    pairs: Vec<Pair>,
}

impl ComparePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let side = Side {
            address: "/cohorts/c/people/s/a".to_owned(),
            date: "March 3, 2026".to_owned(),
            spark: Spark::new(&[], 3),
        };
        let cell = Cell {
            title: "He asks".to_owned(),
            class: "blurs",
            place: "Blurs",
            reply: "“Maybe.”".to_owned(),
        };
        let row =
            Row { number: 1, title: Some("He asks".to_owned()), first: Some(cell.clone()), latest: None };
        let other = Row { number: 2, title: None, first: Some(cell.clone()), latest: Some(cell) };
        let pair = Pair {
            key: 0,
            title: "He asks".to_owned(),
            first: "Um.".to_owned(),
            latest: "No, thank you.".to_owned(),
        };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            name: "Ana Okafor".to_owned(),
            nurse: "/cohorts/c/people/s".to_owned(),
            title: "The gate".to_owned(),
            first: side.clone(),
            latest: Some(side),
            rows: vec![row, other],
            pairs: vec![pair],
        }
    }
}

fn cell(attempt: &Attempt, step: &Step<'_>) -> Option<Cell> {
    let answer = step.answer?;
    Some(Cell {
        title: attempt.policy.speak(&step.turn.title),
        class: answer.verdict.place.class(),
        place: answer.verdict.place.name(),
        reply: attempt.policy.speak(&answer.reply.text),
    })
}

fn rows(first: &Attempt, latest: &Attempt) -> Vec<Row> {
    let (one, other) = (first.replay(), latest.replay());
    let turns = one.answered().count().max(other.answered().count());
    let row = |number: u32| {
        let first = one.step(number).and_then(|step| cell(first, step));
        let latest = other.step(number).and_then(|step| cell(latest, step));
        let titles = (first.as_ref().map(|cell| &cell.title), latest.as_ref().map(|cell| &cell.title));
        let title = match titles {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other).cloned(),
        };
        Row { number, title, first, latest }
    };
    (1..=u32::try_from(turns).unwrap_or_default()).map(row).collect()
}

/// Own words at turns that both attempts came to, as long as both said something there.
fn pairs(first: &Attempt, latest: &Attempt) -> Vec<Pair> {
    let (one, other) = (first.replay(), latest.replay());
    let words = |step: &Step<'_>| step.opening.and_then(|opening| opening.own_words.clone());
    let pair = |(key, step): (usize, &Step<'_>)| {
        let same = other.steps.iter().find(|other| other.turn_id == step.turn_id)?;
        let title = latest.policy.speak(&same.turn.title);
        Some(Pair { key, title, first: words(step)?, latest: words(same)? })
    };
    one.steps.iter().enumerate().filter_map(pair).collect()
}

async fn compare(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat, attempt)): Path<(String, String, String)>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await?;
    let hers = Part::Seat(&place.seat.id);
    let mut attempts = load::of_cohort(&mut conn, &app.library, &educator, hers).await?;
    drop(conn);
    let slug = &attempt.revision.scenario.slug;
    attempts.retain(|other| !other.responses.is_empty() && other.revision.scenario.slug == *slug);
    let (Some(first), Some(latest)) = (attempts.first(), attempts.last()) else {
        return Err(Error::NotFound);
    };
    let both = first.id != latest.id;
    for shown in [first, latest] {
        note_view(&app, &educator, &place.seat, shown.id.as_str()).await?;
    }
    let cohort_id = educator.cohort().as_str();
    let side = |attempt: &Attempt| {
        let path = attempt.replay().path();
        Side {
            address: address(cohort_id, &place.seat.id, Some(&attempt.id)),
            date: day(attempt.started_at),
            spark: Spark::new(&path, path.len()),
        }
    };
    show(&ComparePage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: cohort_id.to_owned(),
        name: place.seat.shown().to_owned(),
        nurse: address(cohort_id, &place.seat.id, None),
        title: latest.policy.speak(&latest.revision.scenario.title),
        first: side(first),
        latest: both.then(|| side(latest)),
        rows: if both { rows(first, latest) } else { Vec::new() },
        pairs: if both { pairs(first, latest) } else { Vec::new() },
    })
}
