//! What a cohort answered at one turn: the replies, first and later, and own words beside the reply then chosen.

use std::collections::HashSet;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use super::filter::Asked;
use super::wording::{Wording, own_lines};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::Cohort;
use crate::cohorts::store as cohorts;
use crate::review::viewed::note_turn;
use crate::review::{Filter, Met, Work, by_turn, load, store};
use crate::web::form::{Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Error, Frame, Result, show};

/// How many own words stand on the page before it is asked for all of them.
const MANY: usize = 60;

/// From how many own words on they can be searched.
const SEARCHED: usize = 30;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}/scenarios/{slug}/{turn}", Who::Educator, answers)]
}

/// The answers to one turn.
#[derive(Debug, Template)]
#[template(path = "review/answers.html")]
pub struct AnswersPage {
    frame: Frame,
    cohort_id: String,
    map: String,
    address: String,
    scenario: String,
    title: String,
    wordings: Vec<Wording>,
    ticked: usize,
    most: i64,
    search: Option<String>,
    query: String,
    full: bool,
}

impl AnswersPage {
    /// The page, with the problem that no more own words can go to class.
    pub(super) fn when_full(self) -> Self {
        Self { full: true, ..self }
    }

    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            map: "/cohorts/c/scenarios/gate".to_owned(),
            address: "/cohorts/c/scenarios/gate/lift".to_owned(),
            scenario: "The gate".to_owned(),
            title: "He asks".to_owned(),
            wordings: vec![Wording::sample()],
            ticked: 1,
            most: store::MOST,
            search: Some("no".to_owned()),
            query: "?since=2026-03-01".to_owned(),
            full: true,
        }
    }

    /// The address of everything that was found.
    fn everything(&self) -> String {
        let join = if self.query.is_empty() { "?" } else { "&" };
        let search = self.search.as_deref().filter(|words| !words.is_empty());
        let search = search.map(|words| format!("&q={}", percent(words))).unwrap_or_default();
        format!("{}{}{join}all=1{search}", self.address, self.query)
    }
}

/// Words as a part of an address.
fn percent(words: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    words.bytes().map(byte).collect()
}

/// What the address may end with.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct TurnQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    assignment: String,
    #[serde(default)]
    since: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    all: String,
}

impl TurnQuery {
    pub(super) fn filter(&self) -> Result<Filter> {
        let asked = Asked {
            assignment: self.assignment.clone(),
            since: self.since.clone(),
            until: self.until.clone(),
            ..Asked::default()
        };
        Ok(asked.filter()?.0)
    }
}

/// Everything a cohort said in one scenario that it was ever given; another scenario is not there.
pub(super) async fn said_at(
    app: &App,
    educator: &Educator,
    slug: &str,
    filter: &Filter,
) -> Result<(Cohort, Work)> {
    let mut conn = app.db.read().await?;
    let cohort = cohorts::cohort(&mut conn, educator.cohort()).await?.ok_or(Error::NotFound)?;
    let work = load::said_at_scenario(&mut conn, app, educator, filter, slug).await?;
    if work.assignments.is_empty() { Err(Error::NotFound) } else { Ok((cohort, work)) }
}

/// Every wording of a turn that somebody answered, each with all answers to it. A turn of no revision is not there.
pub(super) fn met<'a>(app: &App, work: &'a Work, slug: &str, turn: &str) -> Result<Vec<Met<'a>>> {
    let met: Vec<Met<'a>> =
        by_turn(work, work.answers()).into_iter().filter(|met| met.turn_id == turn).collect();
    let known = app.library.by_slug(slug).is_some_and(|now| now.scenario.turns.contains_key(turn));
    if met.is_empty() && !known { Err(Error::NotFound) } else { Ok(met) }
}

pub(super) async fn page(
    app: &App,
    educator: &Educator,
    (slug, turn): (&str, &str),
    query: &TurnQuery,
) -> Result<AnswersPage> {
    let filter = query.filter()?;
    let (cohort, work) = said_at(app, educator, slug, &filter).await?;
    let met = met(app, &work, slug, turn)?;
    if !met.is_empty() {
        note_turn(app, educator, &format!("{slug}/{turn}")).await?;
    }
    let mut conn = app.db.read().await?;
    let ticked = store::samples(&mut conn, educator).await?;
    let ticked: HashSet<(String, i64)> =
        ticked.into_iter().map(|sample| (sample.attempt_id, sample.turn_number)).collect();
    let needle = query.q.trim().to_lowercase();
    let most = if query.all == "1" { usize::MAX } else { MANY };
    let mut longest = 0;
    let wordings = met.iter().enumerate().map(|(key, met)| {
        let own = own_lines(met, &ticked);
        longest = longest.max(own.len());
        let own =
            own.into_iter().filter(|line| needle.is_empty() || line.words.to_lowercase().contains(&needle));
        Wording::new(key, &cohort, &work, met, (own.collect(), most))
    });
    let wordings: Vec<Wording> = wordings.collect();
    let current = app.library.by_slug(slug);
    let now = current.as_ref().and_then(|now| now.scenario.turns.get(turn));
    let title = now.map(|turn| app.library.policy().speak(&turn.title));
    let map = format!("/cohorts/{}/scenarios/{slug}", cohort.id.as_str());
    Ok(AnswersPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: cohort.id.as_str().to_owned(),
        address: format!("{map}/{turn}"),
        map: format!("{map}{}", filter.query()),
        scenario: app.library.title_of(slug),
        title: title.or_else(|| met.last().map(|met| met.title.clone())).unwrap_or_default(),
        wordings,
        ticked: ticked.len(),
        most: store::MOST,
        search: (longest > SEARCHED || !needle.is_empty()).then(|| query.q.trim().to_owned()),
        query: filter.query(),
        full: false,
    })
}

async fn answers(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug, turn)): Path<(String, String, String)>,
    Query(query): Query<TurnQuery>,
) -> Result<Response> {
    show(&page(&app, &educator, (&slug, &turn), &query).await?)
}
