//! Taking along what is on the screen: every answer, the overview, the matrix.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};

use super::filter::Asked;
use super::log::logged;
use super::overview::{Practice, between, cohort};
use crate::accounts::staff::Educator;
use crate::accounts::{Role, store as accounts};
use crate::app::App;
use crate::cohorts::{AssignmentId, Cohort, store as cohorts};
use crate::db::Conn;
use crate::practice::{load as attempts, store as practice};
use crate::review::export::answers::{AnswerOut, COLUMNS, Names};
use crate::review::export::overview::{self as screen, OverviewOut};
use crate::review::matrix::{Row, matrix};
use crate::review::overview::Overview;
use crate::review::summary::People;
use crate::review::{Filter, Work, load, store};
use crate::scenario::rubric::Element;
use crate::web::error::{Error, Result};
use crate::web::form::Query;
use crate::web::route::{Route, Who, get};
use crate::web::table::{BYTE_ORDER_MARK, Kind, file, plain_name, rows, table};

/// Whether somebody still is the educator that a request proved her to be when it began.
async fn is_still(conn: &mut Conn, educator: &Educator) -> sqlx::Result<bool> {
    let person = accounts::person(conn, educator.staff().id()).await?;
    let comes_in = person.is_some_and(|person| person.disabled_at.is_none());
    Ok(comes_in && accounts::roles(conn, educator.cohort(), educator.staff().id()).await? == [Role::Educator])
}

/// How many attempts are read at a time.
const PIECE: usize = 100;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/answers.csv", Who::Educator, answers_csv),
        get("/cohorts/{cohort}/answers.json", Who::Educator, answers_json),
        get("/cohorts/{cohort}/overview.csv", Who::Educator, overview_csv),
        get("/cohorts/{cohort}/overview.json", Who::Educator, overview_json),
        get("/cohorts/{cohort}/matrix.csv", Who::Educator, matrix_csv),
        get("/cohorts/{cohort}/matrix.json", Who::Educator, matrix_json),
    ]
}

/// The filter of a file. One that can't be read is refused: a file has no place to say so.
fn filter(asked: &Asked) -> Result<Filter> {
    let (filter, problems) = asked.filter()?;
    if problems.is_empty() { Ok(filter) } else { Err(Error::Invalid) }
}

fn known(filter: &Filter, mut assignments: impl Iterator<Item = AssignmentId>) -> Result<()> {
    let foreign = filter.assignment.as_ref().is_some_and(|wanted| !assignments.any(|id| id == *wanted));
    if foreign { Err(Error::NotFound) } else { Ok(()) }
}

/// A long file on its way: what it is made of, and which attempts are still to be read.
struct Long {
    app: App,
    educator: Educator,
    filter: Filter,
    names: Names,
    cohort: String,
    kind: Kind,
    /// The ids of the attempts, oldest first.
    ids: Arc<[String]>,
    /// How many of them are done.
    done: usize,
    /// Whether a row was written: from the second one on JSON needs a comma.
    begun: bool,
}

impl Long {
    /// The next piece of the file; None at its end.
    async fn piece(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        let ids = Arc::clone(&self.ids);
        let next = ids.get(self.done..).unwrap_or_default();
        let next = next.get(..PIECE.min(next.len())).unwrap_or_default();
        let (Some(from), Some(to)) = (next.first(), next.last()) else { return Ok(None) };
        self.done += next.len();
        let part = practice::Part::Between(from, to);
        let mut conn = self.app.db.read().await?;
        // A slow reader's file goes on for long; her right may have ended since it began.
        anyhow::ensure!(is_still(&mut conn, &self.educator).await?, "whoever takes this along may no longer");
        let mut found = attempts::of_cohort(&mut conn, &self.app.library, &self.educator, part).await?;
        drop(conn);
        found.retain(|attempt| {
            let assigned = attempt.assigned.as_ref();
            assigned.is_some_and(|assigned| self.filter.passes(&assigned.assignment, attempt.started_at))
        });
        let work = Work::new(&self.app.memory.contents, Vec::new(), Vec::new(), found);
        let out: Vec<AnswerOut> =
            work.answers().iter().map(|given| AnswerOut::new(&self.cohort, &self.names, given)).collect();
        self.written(&out).map(Some)
    }

    fn written(&mut self, out: &[AnswerOut]) -> anyhow::Result<Vec<u8>> {
        if self.kind == Kind::Csv {
            return rows(out.iter().map(AnswerOut::row));
        }
        let mut bytes = Vec::new();
        for answer in out {
            bytes.extend_from_slice(if self.begun { b",\n" } else { b"\n" });
            serde_json::to_writer(&mut bytes, answer)?;
            self.begun = true;
        }
        Ok(bytes)
    }

    /// The head of the file, its pieces one after the other, its end.
    fn body(self) -> anyhow::Result<Body> {
        let (head, tail): (Vec<u8>, &[u8]) = match self.kind {
            Kind::Csv => {
                let mut head = BYTE_ORDER_MARK.as_bytes().to_vec();
                head.extend(rows([COLUMNS])?);
                (head, b"")
            }
            Kind::Json => (b"{\"answers\":[".to_vec(), b"\n]}\n"),
        };
        let pieces = stream::try_unfold(self, async |mut long| -> anyhow::Result<_> {
            Ok(long.piece().await?.map(|piece| (piece, long)))
        });
        let once = |bytes: Vec<u8>| stream::once(async move { anyhow::Ok(bytes) });
        Ok(Body::from_stream(once(head).chain(pieces).chain(once(tail.to_vec()))))
    }
}

async fn answers(app: App, educator: Educator, asked: Asked, kind: Kind) -> Result<Response> {
    let filter = filter(&asked)?;
    let mut conn = app.db.read().await?;
    let cohort = cohort(&mut conn, &educator).await?;
    let seats = cohorts::seats(&mut conn, educator.cohort()).await?;
    let assignments = cohorts::assignments(&mut conn, educator.cohort()).await?;
    let ids = practice::attempt_ids(&mut conn, &educator).await?;
    drop(conn);
    known(&filter, assignments.into_iter().map(|assignment| assignment.id))?;
    logged(&app, educator.staff(), educator.cohort()).await?;
    let nameless = if asked.names == "0" { "-without-names" } else { "" };
    let name = format!("{}-answers{nameless}", plain_name(&cohort.name));
    let names = Names::new(&seats, asked.names != "0");
    let (cohort, ids) = (cohort.name, ids.into());
    let long = Long { app, educator, filter, names, cohort, kind, ids, done: 0, begun: false };
    Ok(file(kind, &name, long.body()?))
}

async fn answers_csv(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    answers(app, educator, asked, Kind::Csv).await
}

async fn answers_json(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    answers(app, educator, asked, Kind::Json).await
}

/// The work that passes the filter, for a file that is made in one piece.
async fn found(app: &App, educator: &Educator, asked: &Asked) -> Result<(Cohort, Filter, People)> {
    let filter = filter(asked)?;
    let mut conn = app.db.read().await?;
    let cohort = cohort(&mut conn, educator).await?;
    let people = load::people(&mut conn, app, educator, &filter).await?;
    known(&filter, people.assignments.iter().map(|assignment| assignment.id.clone()))?;
    Ok((cohort, filter, people))
}

async fn overview(app: &App, educator: &Educator, asked: &Asked, kind: Kind) -> Result<Response> {
    let (cohort, filter, people) = found(app, educator, asked).await?;
    let mut conn = app.db.read().await?;
    let between = between(&mut conn, educator, &filter).await?;
    let practice = Practice::shown(store::practice_count(&mut conn, educator).await?);
    drop(conn);
    let overview = Overview::new(&people, &filter, &between);
    let out = OverviewOut::new(&cohort.name, &filter, &overview, practice.numbers());
    let bytes = match kind {
        Kind::Csv => table(&screen::COLUMNS, out.rows())?,
        Kind::Json => serde_json::to_vec_pretty(&out)?,
    };
    logged(app, educator.staff(), educator.cohort()).await?;
    Ok(file(kind, &format!("{}-overview", plain_name(&cohort.name)), bytes))
}

async fn overview_csv(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    overview(&app, &educator, &asked, Kind::Csv).await
}

async fn overview_json(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    overview(&app, &educator, &asked, Kind::Json).await
}

async fn matrix_csv(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (cohort, _, people) = found(&app, &educator, &asked).await?;
    let columns = ["scenario", "turn", "title", "element", "in_play", "too_distant", "too_close"];
    let rows = matrix(&people, asked.latest());
    let cells = rows.iter().flat_map(|row| {
        row.cells.iter().zip(Element::ALL).map(|(cell, element)| {
            let texts = [row.slug.clone(), row.turn.clone(), row.title.clone(), element.name().to_owned()];
            let numbers = [cell.n, cell.too_distant, cell.too_close].map(|number| number.to_string());
            texts.into_iter().chain(numbers)
        })
    });
    let bytes = table(&columns, cells)?;
    logged(&app, educator.staff(), educator.cohort()).await?;
    Ok(file(Kind::Csv, &format!("{}-elements", plain_name(&cohort.name)), bytes))
}

async fn matrix_json(
    State(app): State<App>,
    educator: Educator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (cohort, _, people) = found(&app, &educator, &asked).await?;
    let rows: Vec<Row> = matrix(&people, asked.latest());
    let elements = Element::ALL.map(Element::name);
    let json = serde_json::json!({ "elements": elements, "turns": rows });
    let bytes = serde_json::to_vec_pretty(&json)?;
    logged(&app, educator.staff(), educator.cohort()).await?;
    Ok(file(Kind::Json, &format!("{}-elements", plain_name(&cohort.name)), bytes))
}
