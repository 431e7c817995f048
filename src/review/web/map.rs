//! Where a cohort went in one scenario: a map, and the same numbers turn by turn.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::filter::{Asked, FilterForm};
use super::log::logged;
use super::picture::Picture;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::Cohort;
use crate::cohorts::store as cohorts;
use crate::practice::Attempt;
use crate::review::export::ways::{json, rows};
use crate::review::flow::{Flow, unmet};
use crate::review::ways::{Shown, Ways, lead};
use crate::review::{Count, FEW, Filter, Met, Work, by_turn, load};
use crate::web::form::{Path, Query};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::table::{Kind, file, plain_name, table};
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/scenarios/{slug}", Who::Educator, map),
        get("/cohorts/{cohort}/scenarios/{slug}/numbers.csv", Who::Educator, csv),
        get("/cohorts/{cohort}/scenarios/{slug}/numbers.json", Who::Educator, numbers),
    ]
}

/// One turn that was met: the numbers of its box, in words and as a bar.
#[derive(Clone, Debug)]
pub struct Row {
    title: String,
    edition: String,
    address: String,
    number: u32,
    came: usize,
    waiting: u32,
    count: Count,
    began: usize,
}

impl Row {
    /// What a bar's whole width stands for.
    const fn scale(&self) -> usize {
        self.began
    }
}

/// The map of one scenario.
#[derive(Debug, Template)]
#[template(path = "review/map.html")]
pub struct MapPage {
    frame: Frame,
    cohort_id: String,
    cohort: String,
    address: String,
    title: String,
    lead: Vec<String>,
    latest: bool,
    filter: FilterForm,
    began: usize,
    revisions: Option<String>,
    picture: Option<Picture>,
    rows: Vec<Row>,
    endings: Vec<(String, u32)>,
    unmet: Vec<String>,
}

impl MapPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let row = Row {
            title: "He asks".to_owned(),
            edition: ", as in revision 1".to_owned(),
            address: "/cohorts/c/scenarios/gate/lift".to_owned(),
            number: 1,
            came: 6,
            waiting: 1,
            count: Count { keeps: 4, blurs: 2, ..Count::default() },
            began: 6,
        };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            cohort: "Spring".to_owned(),
            address: "/cohorts/c/scenarios/gate".to_owned(),
            title: "The gate".to_owned(),
            lead: vec!["Two of 6 left the line.".to_owned()],
            latest: false,
            filter: FilterForm::sample(),
            began: 6,
            revisions: Some("These answers come from revisions 1 and 2.".to_owned()),
            picture: Some(Picture::sample()),
            rows: vec![row],
            endings: vec![("Help comes".to_owned(), 4)],
            unmet: vec!["He slides down".to_owned()],
        }
    }

    fn few(&self) -> bool {
        self.began > 0 && self.began < FEW
    }
}

/// Which replies a cohort chose in one scenario that it was ever given; another scenario is not there.
async fn at_scenario(app: &App, educator: &Educator, slug: &str, filter: &Filter) -> Result<(Cohort, Work)> {
    let mut conn = app.db.read().await?;
    let cohort = cohorts::cohort(&mut conn, educator.cohort()).await?.ok_or(Error::NotFound)?;
    let work = load::at_scenario(&mut conn, app, educator, filter, slug).await?;
    if work.assignments.is_empty() { Err(Error::NotFound) } else { Ok((cohort, work)) }
}

fn met<'a>(work: &'a Work, attempts: &[&'a Attempt]) -> Vec<Met<'a>> {
    by_turn(work, attempts.iter().flat_map(|attempt| work.answers_of(attempt)).collect())
}

fn from_revisions(flow: &Flow) -> Option<String> {
    let numbers: Vec<String> = flow.revisions.iter().map(ToString::to_string).collect();
    let (last, before) = numbers.split_last().filter(|(_, before)| !before.is_empty())?;
    let apart =
        if flow.changed { " Turns that changed are shown apart." } else { " No turn that was met changed." };
    Some(format!("These answers come from revisions {} and {last}.{apart}", before.join(", ")))
}

/// One row for each turn that was met, in the author's order.
fn turns(ways: &Ways<'_>, met: &[Met<'_>], address: &str, query: &str) -> Vec<Row> {
    let row = |turn: &Met<'_>| {
        let content = turn.answers.first().map_or("", |given| given.hash);
        let mut stops = ways.flow.stops.iter();
        let stop = stops.find(|stop| stop.id == turn.turn_id && stop.content == content);
        let count = turn.count();
        Row {
            title: turn.title.clone(),
            edition: turn.edition(),
            address: format!("{address}/{}{query}", turn.turn_id),
            number: turn.number,
            came: stop.map_or(count.total(), |stop| usize::try_from(stop.came).unwrap_or_default()),
            waiting: stop.map_or(0, |stop| stop.waiting),
            count,
            began: ways.attempts.len(),
        }
    };
    met.iter().map(row).collect()
}

/// Which attempts are asked for.
fn shown(asked: &Asked) -> Shown {
    if asked.latest() { Shown::Latest } else { Shown::First }
}

async fn map(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (filter, problems) = asked.filter()?;
    let (cohort, work) = at_scenario(&app, &educator, &slug, &filter).await?;
    let ways = Ways::of(&work, shown(&asked));
    let address = format!("/cohorts/{}/scenarios/{slug}", cohort.id.as_str());
    let began = ways.attempts.len();
    let current = app.library.by_slug(&slug).filter(|_| began > 0);
    let unmet = current.map(|current| unmet(&ways.flow, &current.scenario, &app.library.policy()));
    let endings = ways.flow.stops.iter().filter(|stop| stop.end).map(|stop| (stop.title.clone(), stop.came));
    let form = FilterForm::new(&app, &work.assignments, &asked, (&filter, problems), address.clone())?;
    show(&MapPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: cohort.id.as_str().to_owned(),
        title: app.library.title_of(&slug),
        lead: lead(&ways),
        latest: asked.latest(),
        began,
        revisions: from_revisions(&ways.flow),
        picture: (began >= FEW).then(|| Picture::of(&ways.flow, &address, &form.query)),
        rows: turns(&ways, &met(&work, &ways.attempts), &address, &form.query),
        endings: endings.collect(),
        unmet: unmet.unwrap_or_default(),
        cohort: cohort.name,
        filter: form,
        address,
    })
}

async fn csv(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (filter, _) = asked.filter()?;
    let (cohort, work) = at_scenario(&app, &educator, &slug, &filter).await?;
    let ways = Ways::of(&work, shown(&asked));
    logged(&app, educator.staff(), &cohort.id).await?;
    let (columns, cells) = rows(&slug, &ways);
    let name = format!("{}-{}", plain_name(&cohort.name), plain_name(&slug));
    Ok(file(Kind::Csv, &name, table(&columns, cells)?))
}

async fn numbers(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, slug)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (filter, _) = asked.filter()?;
    let (cohort, work) = at_scenario(&app, &educator, &slug, &filter).await?;
    let ways = Ways::of(&work, shown(&asked));
    logged(&app, educator.staff(), &cohort.id).await?;
    let name = format!("{}-{}", plain_name(&cohort.name), plain_name(&slug));
    let bytes = serde_json::to_vec_pretty(&json(&slug, &app.library.title_of(&slug), &filter, &ways))?;
    Ok(file(Kind::Json, &name, bytes))
}
