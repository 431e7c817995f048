//! The overview of a cohort: what to talk about, who needs help, each nurse's path along the line.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::filter::{Asked, FilterForm};
use super::rows::{Helped, Missing, NurseRow, helped, missing, nurse_rows};
use crate::accounts::staff::{CohortStaff, Educator};
use crate::app::App;
use crate::clock::date;
use crate::cohorts::{Cohort, SeatId, store as cohorts};
use crate::db::Conn;
use crate::practice::store as practice;
use crate::review::help::RULES;
use crate::review::moments::Moment;
use crate::review::overview::Overview;
use crate::review::paths::{Between, Change};
use crate::review::{FEW, Filter, load, store};
use crate::web::Frame;
use crate::web::error::{Error, Result};
use crate::web::form::Query;
use crate::web::page::{Here, show_as, to};
use crate::web::route::{Route, Who, get};

/// How many rows stand on the page before all of them are asked for: who asked to talk comes first.
const ROWS: usize = 12;

/// How many names of those who have not begun stand on the page before all of them are asked for.
const NAMES: usize = 60;

/// How many of those who need help stand open; the rest is folded away.
const SHOWN: usize = 8;

/// How many of them stand on the page before all of them are asked for.
const HELPED: usize = 24;

/// How many reasons stand with each of them before all are asked for.
const REASONS: usize = 3;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/cohorts/{cohort}", Who::CohortStaff, overview)]
}

/// The overview of a cohort.
#[derive(Debug, Template)]
#[template(path = "review/overview.html")]
pub struct OverviewPage {
    frame: Frame,
    cohort_id: String,
    name: String,
    archived: bool,
    /// How many are in the cohort now.
    here: usize,
    lead: String,
    few: bool,
    nothing_set: bool,
    moments: Vec<Moment>,
    also_missed: Vec<Moment>,
    helped: Vec<Helped>,
    /// How many need help, also where not all of them are shown.
    need_help: usize,
    rules: [&'static str; 3],
    scenarios: Vec<(String, String)>,
    rows: Vec<NurseRow>,
    /// How many nurses there are, where not all of them are shown.
    all_rows: Option<usize>,
    changes: Vec<Change>,
    not_begun: Vec<Missing>,
    practice: Practice,
    filter: FilterForm,
}

/// What is said about practice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Practice {
    /// Nobody counted yet, or fewer than five practiced.
    Few,
    /// (nurses, times)
    Counted(i64, i64),
}

impl Practice {
    /// What may be shown of the last count.
    #[must_use]
    pub fn shown(count: Option<(i64, i64, i64)>) -> Self {
        match count {
            Some((nurses, times, _)) if usize::try_from(nurses).is_ok_and(|nurses| nurses >= FEW) => {
                Self::Counted(nurses, times)
            }
            _ => Self::Few,
        }
    }

    /// The two numbers, where they may be shown.
    #[must_use]
    pub const fn numbers(self) -> Option<(i64, i64)> {
        match self {
            Self::Few => None,
            Self::Counted(nurses, times) => Some((nurses, times)),
        }
    }
}

impl OverviewPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let moment = Moment::sample();
        let first = moment.first;
        let reason = ["A goodbye", "/cohorts/c/people/s/t", "The answer says yes."].map(str::to_owned);
        let helped = Helped {
            name: "Ana".to_owned(),
            address: "/cohorts/c/people/s".to_owned(),
            reasons: vec![reason.into()],
            more: 2,
        };
        let (slug, scenario) = ("a".to_owned(), "A goodbye".to_owned());
        let change = Change { slug, scenario, nurses: 6, first, latest: first };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            name: "Spring residency".to_owned(),
            archived: true,
            here: 24,
            lead: "All 24 nurses have answered.".to_owned(),
            few: false,
            nothing_set: false,
            moments: vec![moment.clone()],
            also_missed: vec![moment],
            helped: vec![helped; SHOWN + 2],
            need_help: SHOWN + 3,
            rules: RULES,
            scenarios: vec![("a".to_owned(), "A goodbye".to_owned())],
            rows: vec![NurseRow::sample()],
            all_rows: Some(24),
            changes: vec![change],
            not_begun: vec![Missing::sample()],
            practice: Practice::Counted(9, 31),
            filter: FilterForm::sample(),
        }
    }
}

impl OverviewPage {
    /// Those who need help most urgently, and those who are folded away.
    fn helped_first(&self) -> (&[Helped], &[Helped]) {
        // One alone is not folded away.
        let open = if self.helped.len() <= SHOWN + 1 { self.helped.len() } else { SHOWN };
        self.helped.split_at(open)
    }
}

/// What is between each nurse and her educators, by seat.
pub(super) async fn between(
    conn: &mut Conn,
    educator: &Educator,
    filter: &Filter,
) -> sqlx::Result<BTreeMap<SeatId, Between>> {
    let mut between: BTreeMap<SeatId, Between> = BTreeMap::new();
    for ask in practice::asks(conn, educator).await? {
        if filter.passes(&ask.assigned.assignment, ask.started_at) {
            between.entry(ask.assigned.seat).or_default().asked = Some(ask.readiness);
        }
    }
    for (seat, comments, unread) in store::said(conn, educator).await? {
        if let Some(seat) = SeatId::read(&seat) {
            let entry = between.entry(seat).or_default();
            entry.commented = comments > 0;
            entry.unread = usize::try_from(unread).unwrap_or_default();
        }
    }
    Ok(between)
}

/// The cohort that an educator has proved to belong to.
pub(super) async fn cohort(conn: &mut Conn, educator: &Educator) -> Result<Cohort> {
    cohorts::cohort(conn, educator.cohort()).await?.ok_or(Error::NotFound)
}

async fn overview(
    State(app): State<App>,
    staff: CohortStaff,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let address = format!("/cohorts/{}", staff.cohort().as_str());
    let Some(educator) = staff.educator() else { return Ok(to(&format!("{address}/completion"))) };
    let (filter, problems) = asked.filter()?;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut conn = app.db.read().await?;
    let cohort = cohort(&mut conn, &educator).await?;
    let people = load::people(&mut conn, &app, &educator, &filter).await?;
    let between = between(&mut conn, &educator, &filter).await?;
    let practice = Practice::shown(store::practice_count(&mut conn, &educator).await?);
    drop(conn);
    let form = FilterForm::new(&app, &people.assignments, &asked, (&filter, problems), address)?;
    let overview = Overview::new(&people, &filter, &between);
    let page = page(&app, &educator, &cohort, &overview, (&filter, form, asked.all()), practice);
    show_as(status, &page)
}

fn page(
    app: &App,
    educator: &Educator,
    cohort: &Cohort,
    overview: &Overview<'_>,
    (filter, form, all): (&Filter, FilterForm, bool),
    practice: Practice,
) -> OverviewPage {
    let [most, names, helps, reasons] = if all { [usize::MAX; 4] } else { [ROWS, NAMES, HELPED, REASONS] };
    let (need_help, helped) = helped(&overview.needs, cohort.id.as_str(), (helps, reasons));
    let titled = |slug: &&str| ((*slug).to_owned(), app.library.title_of(slug));
    OverviewPage {
        frame: educator.staff().frame(Here::Cohorts),
        cohort_id: cohort.id.as_str().to_owned(),
        name: cohort.name.clone(),
        archived: cohort.archived_at.is_some(),
        here: overview.here,
        lead: overview.lead(),
        few: overview.few(),
        nothing_set: overview.slugs.is_empty() && filter.is_open(),
        moments: overview.moments.talk.clone(),
        also_missed: overview.moments.also_missed.clone(),
        helped,
        need_help,
        rules: RULES,
        scenarios: overview.slugs.iter().map(titled).collect(),
        rows: nurse_rows(overview, cohort.id.as_str(), most),
        all_rows: (overview.rows.len() > most).then_some(overview.rows.len()),
        changes: overview.changes.clone(),
        not_begun: missing(overview, &app.library, date(app.clock.now()), names),
        practice,
        filter: form,
    }
}
