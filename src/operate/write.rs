//! Writes what was simulated through the same store functions that the app itself uses, many attempts at a time.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::simulate::Gone;
use crate::accounts::audit::{Actor, Event};
use crate::accounts::store::{self as accounts, AuditEntry, NewStaff};
use crate::accounts::{Role, StaffId};
use crate::clock::{Clock, Millis};
use crate::cohorts::store::{self as cohorts, NewCohort};
use crate::cohorts::{Assignment, CohortId, Seat, SeatId};
use crate::db::{Conn, Db};
use crate::practice::store::{self as practice, AttemptRow, ManyRecords, Reflection};
use crate::practice::tally::{Tallied, Tally};
use crate::practice::{Assigned, Attempt, AttemptId, Purpose};
use crate::scenario::library::{Library, Revision};

/// Everyone and everything that attempts belong to; each with the moment it was made.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// Educators, managers, administrators.
    pub staff: Vec<(NewStaff, Millis)>,
    /// Cohorts.
    pub cohorts: Vec<(NewCohort, Millis)>,
    /// Who has which role in which cohort.
    pub memberships: Vec<(CohortId, StaffId, Role, Millis)>,
    /// Nurses, by id.
    pub nurses: Vec<(String, Millis)>,
    /// Their places in the cohorts.
    pub seats: Vec<(Seat, Millis)>,
    /// What the cohorts were given, by whom, and the hash of the form's token.
    pub assignments: Vec<(Assignment, StaffId, String)>,
    /// What the audit log says of it.
    pub notes: Vec<Note>,
}

/// Something that somebody of the staff did, for the audit log.
#[derive(Clone, Debug)]
pub struct Note {
    /// A new id.
    pub id: String,
    /// When.
    pub at: Millis,
    /// What.
    pub event: Event,
    /// Who did it.
    pub staff: StaffId,
    /// The cohort it happened in.
    pub cohort: CohortId,
    /// The nurse whose things were touched.
    pub nurse: Option<String>,
    /// What it is about.
    pub object: Option<String>,
}

/// Writes the ground in one transaction.
pub async fn ground(db: &Db, ground: Ground) -> sqlx::Result<()> {
    let ground = Arc::new(ground);
    db.write(move |conn| {
        let ground = Arc::clone(&ground);
        Box::pin(async move { put_ground(conn, &ground).await })
    })
    .await
}

async fn put_ground(conn: &mut Conn, ground: &Ground) -> sqlx::Result<()> {
    for (staff, at) in &ground.staff {
        accounts::insert_staff(conn, staff, *at).await?;
    }
    for (cohort, at) in &ground.cohorts {
        cohorts::insert_cohort(conn, cohort, *at).await?;
    }
    for (cohort, staff, role, at) in &ground.memberships {
        accounts::insert_membership(conn, cohort, staff, *role, *at).await?;
    }
    for (nurse, at) in &ground.nurses {
        accounts::insert_nurse(conn, nurse, *at).await?;
    }
    for (seat, at) in &ground.seats {
        cohorts::insert_seat(conn, seat, *at).await?;
    }
    for (assignment, staff, token_hash) in &ground.assignments {
        cohorts::insert_assignment(conn, assignment, staff, token_hash).await?;
    }
    for made in &ground.notes {
        note(conn, made).await?;
    }
    Ok(())
}

/// Writes a row of the audit log.
pub async fn note(conn: &mut Conn, note: &Note) -> sqlx::Result<()> {
    let entry = AuditEntry {
        nurse_id: note.nurse.as_deref(),
        cohort_id: Some(note.cohort.as_str()),
        object_id: note.object.as_deref(),
        ..AuditEntry::of(note.id.clone(), note.at, note.event, Actor::Staff(note.staff.as_str()))
    };
    accounts::note(conn, &entry).await
}

/// An attempt that is ready to be written.
#[derive(Clone, Debug)]
pub struct Simulated {
    /// Whose it is.
    pub nurse_id: String,
    /// What is recorded of it.
    pub attempt: Attempt,
    /// When she came to an ending.
    pub ended_at: Option<Millis>,
    /// What she wrote when she looked back.
    pub reflection: Option<Reflection>,
    token_hash: String,
}

impl Simulated {
    /// The attempt that went so, under a new id that sorts by the time it was started.
    #[must_use]
    pub fn new(
        clock: &Clock,
        library: &Library,
        revision: &Arc<Revision>,
        nurse_id: &str,
        assigned: Option<Assigned>,
        gone: Gone,
    ) -> Option<Self> {
        let (policy_version, policy) = library.policy_in_force();
        let attempt = Attempt {
            id: AttemptId::read(&clock.new_id_at(gone.started_at))?,
            revision: Arc::clone(revision),
            policy_version,
            policy,
            purpose: if assigned.is_some() { Purpose::Assigned } else { Purpose::Practice },
            assigned,
            started_at: gone.started_at,
            openings: gone.openings,
            responses: gone.responses,
            placements: gone.placements,
        };
        Some(Self {
            nurse_id: nurse_id.to_owned(),
            attempt,
            ended_at: gone.ended_at,
            reflection: None,
            token_hash: clock.new_token(),
        })
    }

    /// Of assigned work: whose it is, and what a tally holds of it.
    #[must_use]
    pub fn tallied(&self) -> Option<(&SeatId, Tallied)> {
        let seat = &self.attempt.assigned.as_ref()?.seat;
        Some((seat, Tallied::of(&self.attempt)?))
    }
}

/// Attempts that are ready to be written in one transaction.
#[derive(Debug, Default)]
pub struct Batch {
    records: ManyRecords,
    reflections: Vec<(String, AttemptId, Reflection, Millis)>,
    /// What is to be added to the tallies, by seat.
    tallied: BTreeMap<SeatId, Vec<Tallied>>,
    /// The revisions that the attempts go through.
    library: Library,
}

impl Batch {
    /// Of these attempts.
    #[must_use]
    pub fn of(attempts: Vec<Simulated>) -> Self {
        let mut batch = Self::default();
        for simulated in attempts {
            batch.library.keep_revision(Arc::clone(&simulated.attempt.revision));
            if let Some((seat, tallied)) = simulated.tallied() {
                batch.tallied.entry(seat.clone()).or_default().push(tallied);
            }
            batch.add(simulated);
        }
        batch
    }

    /// The same, of which nothing is added to the tallies: whoever writes them does that, with [`tallies`].
    #[must_use]
    pub fn without_tallies(attempts: Vec<Simulated>) -> Self {
        let mut batch = Self::default();
        for simulated in attempts {
            batch.add(simulated);
        }
        batch
    }

    fn add(&mut self, simulated: Simulated) {
        let attempt = &simulated.attempt;
        let assigned = attempt.assigned.as_ref();
        let row = AttemptRow {
            id: attempt.id.as_str().to_owned(),
            nurse_id: simulated.nurse_id.clone(),
            revision_id: attempt.revision.id.clone(),
            policy_version: attempt.policy_version,
            purpose: attempt.purpose.stored().to_owned(),
            assignment_id: assigned.map(|assigned| assigned.assignment.as_str().to_owned()),
            seat_id: assigned.map(|assigned| assigned.seat.as_str().to_owned()),
            started_at: attempt.started_at,
        };
        let records = &mut self.records;
        records.attempt(&row, &simulated.token_hash);
        for step in attempt.replay().steps {
            let Some(opening) = step.opening else { break };
            records.opening(&attempt.id, step.number, step.turn_id, opening);
            let Some(answer) = step.answer else { break };
            records.response(&attempt.id, step.number, answer.response);
            if let Some(placement) = attempt.placements.get(&step.number) {
                let at = answer.response.answered_at + 4_000;
                records.placement(&attempt.id, step.number, *placement, at);
            }
        }
        if let Some(ended_at) = simulated.ended_at {
            records.completion(attempt, ended_at);
        }
        if let Some(reflection) = simulated.reflection {
            let at = simulated.ended_at.unwrap_or(attempt.started_at) + 90_000;
            self.reflections.push((simulated.nurse_id, attempt.id.clone(), reflection, at));
        }
    }
}

/// Writes attempts in one transaction. Gives how many rows that were.
pub async fn attempts(db: &Db, batch: Batch) -> sqlx::Result<usize> {
    let batch = Arc::new(batch);
    db.write(move |conn| {
        let batch = Arc::clone(&batch);
        Box::pin(async move {
            batch.records.insert(conn).await?;
            for (nurse, attempt, reflection, at) in &batch.reflections {
                practice::write_reflection(conn, nurse, attempt, reflection, *at).await?;
            }
            for (seat, tallied) in &batch.tallied {
                practice::tally_attempts(conn, &batch.library, seat.as_str(), tallied.clone()).await?;
            }
            Ok(batch.records.rows())
        })
    })
    .await
}

/// The tallies of seats that are written as a whole: by seat, with the cohort it belongs to.
pub type Tallies = BTreeMap<SeatId, (CohortId, Tally)>;

/// How many tallies share a transaction.
const TALLIES: usize = 1_000;

/// Writes tallies that are known to be all there is of their seats.
pub async fn tallies(db: &Db, tallies: Tallies) -> sqlx::Result<()> {
    let mut left = tallies.into_iter();
    loop {
        let now: Arc<Vec<_>> = Arc::new(left.by_ref().take(TALLIES).collect());
        if now.is_empty() {
            return Ok(());
        }
        let written: sqlx::Result<()> = db
            .write(move |conn| {
                let now = Arc::clone(&now);
                Box::pin(async move {
                    for (seat, (cohort, tally)) in now.iter() {
                        practice::put_tally(conn, seat, cohort, tally).await?;
                    }
                    Ok(())
                })
            })
            .await;
        written?;
    }
}
