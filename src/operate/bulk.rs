//! `warmly simulate`: large data, the same for the same seed, to measure how quick the app stays.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::mpsc;

use super::habits::{Habit, one_of_a_hundred};
use super::simulate::{Stage, go};
use super::upgrade;
use super::words::{Deck, OwnWords, built_in};
use super::write::{self, Batch, Ground, Simulated, Tallies};
use crate::accounts::store::NewStaff;
use crate::accounts::{Role, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis};
use crate::cohorts::store::NewCohort;
use crate::cohorts::{Assignment, AssignmentId, CameBy, CohortId, Seat, SeatId};
use crate::config::Config;
use crate::db::{Db, is_clash};
use crate::practice::Assigned;
use crate::practice::tally::Tally;
use crate::scenario::library::Revision;

/// How many nurses share a cohort.
const TOGETHER: usize = 200;

/// How many attempts share a transaction.
const AT_A_TIME: usize = 2_000;

/// Over how long the attempts are spread: a year.
const SPAN: Millis = 365 * 24 * 60 * 60 * 1000;

/// How much data to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// How many nurses.
    pub nurses: usize,
    /// At least how many responses; the last attempt is finished.
    pub responses: usize,
    /// What chance begins with.
    pub seed: u64,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Done {
    /// Attempts.
    pub attempts: usize,
    /// Responses.
    pub responses: usize,
    /// Rows of attempts, openings, responses and placements.
    pub rows: usize,
    /// How long writing them took.
    pub took: Duration,
}

impl std::fmt::Display for Done {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let millis = self.took.as_millis().max(1);
        let each_second = u128::try_from(self.rows).unwrap_or_default() * 1000 / millis;
        write!(
            formatter,
            "{} attempts, {} responses, {} rows in {:.1} s: {each_second} rows a second",
            self.attempts,
            self.responses,
            self.rows,
            self.took.as_secs_f64()
        )
    }
}

/// Opens the configured database, brings it up to date and adds the data.
pub async fn run(config: Config, size: Size) -> anyhow::Result<Done> {
    let db = Db::open(&config.database_url()).await?;
    let clock = Clock::real();
    upgrade::bring_up_to_date(&db, &config, &clock, &mut std::io::stdout()).await?;
    let app = App::prepare(db, clock, config).await?;
    let done = simulate(&app, size).await?;
    app.db.close().await;
    Ok(done)
}

/// A nurse and where she sits.
struct Place {
    nurse: String,
    habit: Habit,
    seat: SeatId,
    cohort: usize,
}

/// Adds the data. The same seed at the same time gives the same rows.
///
/// One thread draws what the nurses do while another writes what was drawn before.
pub async fn simulate(app: &App, size: Size) -> anyhow::Result<Done> {
    anyhow::ensure!(size.nurses > 0, "at least one nurse");
    let from = app.clock.now() - SPAN;
    let clock = Clock::held(from, size.seed);
    let (ground, places, assignments) = lay(&clock, &app.library.current(), size, from)?;
    let cohorts: HashMap<_, _> =
        ground.seats.iter().map(|(seat, _)| (seat.id.clone(), seat.cohort_id.clone())).collect();
    write::ground(&app.db, ground).await.map_err(|cause| match cause {
        cause if is_clash(&cause) => anyhow::anyhow!(
            "this database holds the nurses of seed {} already: choose another --seed",
            size.seed
        ),
        cause => cause.into(),
    })?;
    let began = Instant::now();
    let (send, mut batches) = mpsc::channel(2);
    let class = Class { app: app.clone(), clock, size, from, places, cohorts, assignments };
    let drawing = tokio::task::spawn_blocking(move || class.draw(&send));
    let mut done = Done::default();
    while let Some(batch) = batches.recv().await {
        done.rows += write::attempts(&app.db, batch).await?;
    }
    let drawn = drawing.await??;
    write::tallies(&app.db, drawn.tallies).await?;
    (done.attempts, done.responses) = (drawn.attempts, drawn.responses);
    done.took = began.elapsed();
    Ok(done)
}

/// What was drawn so far.
#[derive(Default)]
struct Drawn {
    attempts: usize,
    responses: usize,
    tallies: Tallies,
}

/// Everyone who answers, and what they were given.
struct Class {
    app: App,
    clock: Clock,
    size: Size,
    from: Millis,
    places: Vec<Place>,
    /// The cohort of each seat.
    cohorts: HashMap<SeatId, CohortId>,
    /// By cohort, by scenario.
    assignments: Vec<Vec<AssignmentId>>,
}

impl Class {
    /// Draws attempts until there are responses enough, and sends them batch by batch. Draws fewer where nobody takes
    /// them any more.
    fn draw(&self, send: &mpsc::Sender<Batch>) -> anyhow::Result<Drawn> {
        let mut chance = StdRng::seed_from_u64(self.size.seed);
        let revisions = self.app.library.current();
        let mut stages = stages(&revisions)?;
        let mut drawn = Drawn::default();
        let mut batch = Vec::new();
        while drawn.responses < self.size.responses {
            // In the order of time, so that every index grows at its end.
            let share = i64::try_from(drawn.responses * 1_000_000 / self.size.responses)?;
            let Some(simulated) =
                self.attempt(&mut chance, &mut stages, self.from + SPAN / 1_000_000 * share)
            else {
                break;
            };
            drawn.attempts += 1;
            drawn.responses += simulated.attempt.responses.len();
            if let Some((seat, tallied)) = simulated.tallied() {
                let cohort = self.cohorts.get(seat).context("a seat in no cohort")?;
                let (_, tally) =
                    drawn.tallies.entry(seat.clone()).or_insert_with(|| (cohort.clone(), Tally::default()));
                tally.start(tallied);
            }
            batch.push(simulated);
            if batch.len() >= AT_A_TIME
                && send.blocking_send(Batch::without_tallies(std::mem::take(&mut batch))).is_err()
            {
                break;
            }
        }
        // Where nobody takes it, whoever wrote has said why.
        let _ = send.blocking_send(Batch::without_tallies(batch));
        Ok(drawn)
    }

    /// Some nurse's attempt at some scenario.
    fn attempt(
        &self,
        chance: &mut StdRng,
        stages: &mut [(&Arc<Revision>, Stage<'_>)],
        started_at: Millis,
    ) -> Option<Simulated> {
        let nurse = chance.random_range(0..self.places.len());
        let scenario = chance.random_range(0..stages.len());
        let nth = chance.random_range(1..=3);
        let assigned_work = one_of_a_hundred(chance, 70);
        let place = self.places.get(nurse)?;
        let (revision, stage) = stages.get_mut(scenario)?;
        let gone = go(chance, stage.scenario, &mut stage.deck, place.habit, nth, started_at);
        let assignment = self.assignments.get(place.cohort).and_then(|given| given.get(scenario));
        let assigned = assignment
            .filter(|_| assigned_work)
            .map(|assignment| Assigned { seat: place.seat.clone(), assignment: assignment.clone() });
        Simulated::new(&self.clock, &self.app.library, revision, &place.nurse, assigned, gone)
    }
}

/// Every scenario with what can be said in it.
fn stages(revisions: &[Arc<Revision>]) -> anyhow::Result<Vec<(&Arc<Revision>, Stage<'_>)>> {
    let mut words = built_in()?;
    let stage = |revision| {
        let Revision { scenario, .. } = Arc::as_ref(revision);
        let deck = Deck::new(words.remove(&scenario.slug).unwrap_or_else(OwnWords::default));
        (revision, Stage { scenario, deck })
    };
    Ok(revisions.iter().map(stage).collect())
}

type Lay = (Ground, Vec<Place>, Vec<Vec<AssignmentId>>);

/// One educator, cohorts of 200 nurses, every scenario assigned in each.
fn lay(clock: &Clock, revisions: &[Arc<Revision>], size: Size, from: Millis) -> anyhow::Result<Lay> {
    let mut ground = Ground::default();
    let educator = StaffId::read(&clock.new_id()).context("an id")?;
    let staff = NewStaff {
        id: educator.clone(),
        email: format!("educator-{}@simulated.example", size.seed),
        name: "Simulated educator".to_owned(),
        password_hash: String::new(),
        administrator: false,
        educator: true,
    };
    ground.staff.push((staff, from));
    let (mut places, mut assignments) = (Vec::with_capacity(size.nurses), Vec::new());
    for number in 0..size.nurses.div_ceil(TOGETHER) {
        let id = CohortId::read(&clock.new_id()).context("an id")?;
        let cohort = NewCohort {
            id: id.clone(),
            name: format!("Cohort {}", number + 1),
            code: None,
            token_hash: clock.new_token(),
            created_by: educator.clone(),
        };
        ground.cohorts.push((cohort, from));
        ground.memberships.push((id.clone(), educator.clone(), Role::Educator, from));
        let mut given = Vec::new();
        for revision in revisions {
            let assignment = assignment(clock, &id, revision, from)?;
            given.push(assignment.id.clone());
            ground.assignments.push((assignment, educator.clone(), clock.new_token()));
        }
        assignments.push(given);
        for nth in (number * TOGETHER..size.nurses).take(TOGETHER) {
            let (nurse, seat) = (clock.new_id(), seat(clock, &id, nth, from)?);
            let habit = Habit::ALL.get(nth % Habit::ALL.len()).copied().unwrap_or(Habit::Steady);
            places.push(Place { nurse: nurse.clone(), habit, seat: seat.id.clone(), cohort: number });
            ground.nurses.push((nurse.clone(), from));
            ground.seats.push((Seat { nurse_id: Some(nurse), ..seat }, from));
        }
    }
    Ok((ground, places, assignments))
}

fn assignment(
    clock: &Clock,
    cohort: &CohortId,
    revision: &Revision,
    from: Millis,
) -> anyhow::Result<Assignment> {
    Ok(Assignment {
        id: AssignmentId::read(&clock.new_id()).context("an id")?,
        cohort_id: cohort.clone(),
        slug: revision.scenario.slug.clone(),
        note: String::new(),
        due_on: None,
        made_at: from,
        withdrawn_at: None,
    })
}

fn seat(clock: &Clock, cohort: &CohortId, nth: usize, from: Millis) -> anyhow::Result<Seat> {
    Ok(Seat {
        id: SeatId::read(&clock.new_id()).context("an id")?,
        cohort_id: cohort.clone(),
        nurse_id: None,
        name: format!("Nurse {}", nth + 1),
        external_id: Some(format!("S-{}", nth + 1)),
        came_by: CameBy::Roster,
        joined_at: Some(from),
        confirmed_at: Some(from),
        left_at: None,
    })
}
