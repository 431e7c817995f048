//! A cohort's assigned work, put together from the database for whoever may read it.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Context as _;

use super::summary::{People, Summary};
use super::{Filter, Work};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::store as cohorts;
use crate::cohorts::{Seat, SeatId};
use crate::db::Conn;
use crate::practice::store::{Part, TallyRow, seat_tally, tallies, tallies_of, tally_seqs};
use crate::practice::{Attempt, load};
use crate::scenario::store::revision;

/// Everybody, and what is counted of everything that was answered, as far as it passes the filter.
pub async fn people(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    filter: &Filter,
) -> anyhow::Result<People> {
    let seats = cohorts::seats(conn, educator.cohort()).await?;
    let assignments = cohorts::assignments(conn, educator.cohort()).await?;
    let summaries = if filter.is_open() {
        known(conn, app, educator, &seats).await?
    } else {
        let rows = tallies(conn, educator).await?;
        let anew = anew(conn, app, &rows, filter).await?;
        in_order(&seats, vec![None; seats.len()], anew)
    };
    Ok(People { seats, summaries, assignments })
}

/// What is counted without a filter: from memory where nothing has changed since it was counted.
async fn known(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    seats: &[Seat],
) -> anyhow::Result<Vec<Arc<Summary>>> {
    let seqs: HashMap<String, i64> = tally_seqs(conn, educator).await?.into_iter().collect();
    let seq = |seat: &Seat| seqs.get(seat.id.as_str()).copied();
    let found = app.memory.known(seats.iter().map(|seat| (&seat.id, seq(seat).unwrap_or_default())));
    let new = seats.iter().zip(&found).filter(|(seat, found)| found.is_none() && seq(seat).is_some());
    let new: Vec<SeatId> = new.map(|(seat, _)| seat.id.clone()).collect();
    let rows = tallies_of(conn, educator, &new).await?;
    let anew = anew(conn, app, &rows, &Filter::default()).await?;
    for row in &rows {
        if let Some((seat, summary)) = SeatId::read(&row.seat_id).and_then(|id| anew.get_key_value(&id)) {
            app.memory.keep(seat, row.seq, summary);
        }
    }
    Ok(in_order(seats, found, anew))
}

/// What is counted of these tallies, by seat.
async fn anew(
    conn: &mut Conn,
    app: &App,
    rows: &[TallyRow],
    filter: &Filter,
) -> anyhow::Result<HashMap<SeatId, Arc<Summary>>> {
    let mut anew = HashMap::with_capacity(rows.len());
    for row in rows {
        let (seat, attempts) = attempts(conn, app, row, filter, None).await?;
        let work = Work::new(&app.memory.contents, Vec::new(), Vec::new(), attempts);
        anew.insert(seat, Arc::new(Summary::of(&work)));
    }
    Ok(anew)
}

/// One summary a seat: what was found, else what was counted anew, else nothing.
fn in_order(
    seats: &[Seat],
    found: Vec<Option<Arc<Summary>>>,
    mut anew: HashMap<SeatId, Arc<Summary>>,
) -> Vec<Arc<Summary>> {
    let mut summary = |(seat, found): (&Seat, Option<Arc<Summary>>)| {
        found.or_else(|| anew.remove(&seat.id)).unwrap_or_default()
    };
    seats.iter().zip(found).map(&mut summary).collect()
}

/// The attempts of one seat that pass the filter, oldest first; of one scenario only where it is named.
async fn attempts(
    conn: &mut Conn,
    app: &App,
    row: &TallyRow,
    filter: &Filter,
    slug: Option<&str>,
) -> anyhow::Result<(SeatId, Vec<Attempt>)> {
    let seat = SeatId::read(&row.seat_id).context("a tally of a seat with an id that is none")?;
    let mut tally = load::unpacked(conn, &app.library, row).await?;
    if !filter.is_open() {
        tally.attempts.retain(|attempt| filter.passes(&attempt.assignment, attempt.started_at));
    }
    if let Some(slug) = slug {
        let mut at_it = HashMap::new();
        for attempt in &tally.attempts {
            if !at_it.contains_key(&attempt.revision) {
                let revision = revision(conn, &app.library, &attempt.revision).await?;
                at_it.insert(attempt.revision.clone(), revision.scenario.slug == slug);
            }
        }
        tally.attempts.retain(|attempt| at_it.get(&attempt.revision).copied().unwrap_or_default());
    }
    let attempts = load::from_tally(conn, &app.library, &seat, &tally).await?;
    Ok((seat, attempts))
}

/// What was chosen in one seat of the cohort, oldest attempt first. Nobody's own words are in it.
pub async fn of_seat(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    seat: &SeatId,
) -> anyhow::Result<Vec<Attempt>> {
    match seat_tally(conn, educator, seat).await? {
        Some(row) => Ok(attempts(conn, app, &row, &Filter::default(), None).await?.1),
        None => Ok(Vec::new()),
    }
}

/// Everything that was set of one scenario and every reply that was chosen in it, as far as it passes the filter.
/// Nobody's own words are in it.
pub async fn at_scenario(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    filter: &Filter,
    slug: &str,
) -> anyhow::Result<Work> {
    let mut found = Vec::new();
    for row in tallies(conn, educator).await? {
        found.extend(attempts(conn, app, &row, filter, Some(slug)).await?.1);
    }
    found.sort_by(|one, other| one.id.as_str().cmp(other.id.as_str()));
    at(conn, app, educator, slug, found).await
}

/// The same with everything that was said.
pub async fn said_at_scenario(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    filter: &Filter,
    slug: &str,
) -> anyhow::Result<Work> {
    let mut found = load::of_cohort(conn, &app.library, educator, Part::Scenario(slug)).await?;
    found.retain(|attempt| {
        let assigned = attempt.assigned.as_ref();
        assigned.is_some_and(|assigned| filter.passes(&assigned.assignment, attempt.started_at))
    });
    at(conn, app, educator, slug, found).await
}

async fn at(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    slug: &str,
    attempts: Vec<Attempt>,
) -> anyhow::Result<Work> {
    let seats = cohorts::seats(conn, educator.cohort()).await?;
    let mut assignments = cohorts::assignments(conn, educator.cohort()).await?;
    assignments.retain(|assignment| assignment.slug == slug);
    Ok(Work::new(&app.memory.contents, seats, assignments, attempts))
}
