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
    let mut summaries = if filter.is_open() {
        known(conn, app, educator, &seats).await?
    } else {
        let mut summaries = HashMap::new();
        for row in tallies(conn, educator).await? {
            let (seat, attempts) = attempts(conn, app, &row, filter, None).await?;
            summaries.insert(seat, summary(app, attempts));
        }
        summaries
    };
    let nothing = Arc::new(Summary::default());
    let hers = |seat: &Seat| summaries.remove(&seat.id).unwrap_or_else(|| Arc::clone(&nothing));
    let summaries = seats.iter().map(hers).collect();
    Ok(People { seats, summaries, assignments })
}

/// What is counted without a filter: from memory where nothing has changed since it was counted.
async fn known(
    conn: &mut Conn,
    app: &App,
    educator: &Educator,
    seats: &[Seat],
) -> anyhow::Result<HashMap<SeatId, Arc<Summary>>> {
    let seqs: HashMap<String, i64> = tally_seqs(conn, educator).await?.into_iter().collect();
    let state = |seat: &Seat| Some((seat.id.clone(), *seqs.get(seat.id.as_str())?));
    let states: Vec<(SeatId, i64)> = seats.iter().filter_map(state).collect();
    let found = app.memory.known(states.iter().map(|(seat, seq)| (seat, *seq)));
    let (mut summaries, mut changed) = (HashMap::new(), Vec::new());
    for ((seat, _), summary) in states.into_iter().zip(found) {
        match summary {
            Some(summary) => drop(summaries.insert(seat, summary)),
            None => changed.push(seat),
        }
    }
    for row in tallies_of(conn, educator, &changed).await? {
        let (seat, attempts) = attempts(conn, app, &row, &Filter::default(), None).await?;
        let summary = summary(app, attempts);
        app.memory.keep(&seat, row.seq, &summary);
        summaries.insert(seat, summary);
    }
    Ok(summaries)
}

fn summary(app: &App, attempts: Vec<Attempt>) -> Arc<Summary> {
    let work = Work::new(&app.memory.contents, Vec::new(), Vec::new(), attempts);
    Arc::new(Summary::of(&work))
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
