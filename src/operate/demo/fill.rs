//! Fills a database with two cohorts whose simulated nurses have been at work for some weeks.

use std::collections::BTreeSet;

use anyhow::Context as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;

use super::people::{GROUPS, Given, Group, TALKS};
use super::review;
use crate::accounts::audit::Event;
use crate::accounts::store::NewStaff;
use crate::accounts::{Role, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis, date};
use crate::cohorts::store::NewCohort;
use crate::cohorts::{Assignment, AssignmentId, CameBy, CohortId, Seat, SeatId};
use crate::operate::habits::Habit;
use crate::operate::simulate::{Stage, Work, cohort};
use crate::operate::words::{Deck, OwnWords, built_in};
use crate::operate::write::{self, Batch, Ground, Note, Simulated};
use crate::practice::store::Reflection;
use crate::practice::{Assigned, Attempt};
use crate::scenario::library::Revision;
use crate::scenario::rubric::Place;

const DAY: Millis = 24 * 60 * 60 * 1000;

/// Somebody of the staff of the demo.
#[derive(Clone, Copy, Debug)]
pub struct Login {
    /// Her name.
    pub name: &'static str,
    /// The address she signs in with.
    pub email: &'static str,
    /// What she may do.
    pub role: &'static str,
}

/// The educator, the manager, the administrator.
pub const LOGINS: [Login; 3] = [
    Login { name: "Ruth Reyes", email: "ruth.reyes@demo.example", role: "educator" },
    Login { name: "Harriet Lund", email: "harriet.lund@demo.example", role: "manager" },
    Login { name: "Amos Bright", email: "amos.bright@demo.example", role: "administrator" },
];

/// A cohort that was filled.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Its id.
    pub id: CohortId,
    /// Its seats: first those of its nurses, then the free ones.
    pub seats: Vec<Seat>,
    /// Every attempt, also practice.
    pub attempts: Vec<Simulated>,
}

/// The whole demo as it was written.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The educator.
    pub educator: StaffId,
    /// Both cohorts.
    pub cohorts: Vec<Filled>,
    /// A nurse with a comment that she answered.
    pub commented: Option<String>,
}

/// Fills the database. The same seed at the same time gives the same rows; `password_hashes` are those of [`LOGINS`].
pub async fn fill(app: &App, seed: u64, password_hashes: [String; 3]) -> anyhow::Result<Demo> {
    let now = app.clock.now();
    let clock = Clock::held(now, seed);
    let mut chance = StdRng::seed_from_u64(seed);
    let mut ground = Ground::default();
    let mut staff = Vec::new();
    for (login, password_hash) in LOGINS.iter().zip(password_hashes) {
        let id = StaffId::read(&clock.new_id_at(now - 30 * DAY)).context("an id")?;
        let person = NewStaff {
            id: id.clone(),
            email: login.email.to_owned(),
            name: login.name.to_owned(),
            password_hash,
            administrator: login.role == "administrator",
            educator: login.role == "educator",
        };
        ground.staff.push((person, now - 30 * DAY));
        staff.push(id);
    }
    let (educator, manager) = (staff.first().context("an educator")?, staff.get(1).context("a manager")?);
    let mut cohorts = Vec::new();
    for group in &GROUPS {
        let made = Made { app, clock: &clock, now, educator, manager };
        cohorts.push(made.group(&mut chance, &mut ground, group)?);
    }
    talk(&mut cohorts);
    write::ground(&app.db, ground).await?;
    for cohort in &cohorts {
        write::attempts(&app.db, Batch::of(cohort.attempts.clone())).await?;
    }
    let said = review::say(&clock, educator, &cohorts, now);
    let commented = said.commented.clone();
    review::write(&app.db, educator, said).await?;
    Ok(Demo { educator: educator.clone(), cohorts, commented })
}

/// What every part of the demo needs.
struct Made<'a> {
    app: &'a App,
    clock: &'a Clock,
    now: Millis,
    educator: &'a StaffId,
    manager: &'a StaffId,
}

impl Made<'_> {
    fn group(&self, chance: &mut StdRng, ground: &mut Ground, group: &Group) -> anyhow::Result<Filled> {
        let made = self.now - group.made * DAY;
        let id = CohortId::read(&self.clock.new_id_at(made)).context("an id")?;
        let cohort = NewCohort {
            id: id.clone(),
            name: group.name.to_owned(),
            code: Some(super::join_code(self.app, &id, self.now)),
            token_hash: self.clock.new_token(),
            created_by: self.educator.clone(),
        };
        ground.cohorts.push((cohort, made));
        ground.memberships.push((id.clone(), self.educator.clone(), Role::Educator, made));
        ground.memberships.push((id.clone(), self.manager.clone(), Role::Manager, made));
        self.note(ground, made, Event::CohortMade, &id, None);
        let seats = self.seats(ground, group, &id, made)?;
        let assignments = self.assignments(ground, group, &id)?;
        let attempts = self.attempts(chance, group, &seats, &assignments)?;
        Ok(Filled { id, seats, attempts })
    }

    fn note(&self, ground: &mut Ground, at: Millis, event: Event, cohort: &CohortId, object: Option<&str>) {
        ground.notes.push(Note {
            id: self.clock.new_id_at(at),
            at,
            event,
            staff: self.educator.clone(),
            cohort: cohort.clone(),
            nurse: None,
            object: object.map(str::to_owned),
        });
    }

    fn seats(
        &self,
        ground: &mut Ground,
        group: &Group,
        cohort: &CohortId,
        made: Millis,
    ) -> anyhow::Result<Vec<Seat>> {
        let mut seats = Vec::new();
        for (nurse, minutes) in group.nurses.iter().zip(0..) {
            // Most came within the first two days; each a little after the one before.
            let joined = made + DAY / 4 + minutes * 97 * 60_000;
            let on_the_list = nurse.external_id.is_some();
            let nurse_id = self.clock.new_id_at(joined);
            ground.nurses.push((nurse_id.clone(), joined));
            seats.push(Seat {
                id: SeatId::read(&self.clock.new_id_at(made)).context("an id")?,
                cohort_id: cohort.clone(),
                nurse_id: Some(nurse_id),
                name: nurse.name.to_owned(),
                external_id: nurse.external_id.map(str::to_owned),
                came_by: if on_the_list { CameBy::Roster } else { CameBy::Code },
                joined_at: Some(joined),
                confirmed_at: on_the_list.then_some(joined),
                left_at: None,
            });
        }
        for (name, external_id) in group.free {
            seats.push(Seat {
                id: SeatId::read(&self.clock.new_id_at(made)).context("an id")?,
                cohort_id: cohort.clone(),
                nurse_id: None,
                name: (*name).to_owned(),
                external_id: Some((*external_id).to_owned()),
                came_by: CameBy::Roster,
                joined_at: None,
                confirmed_at: None,
                left_at: None,
            });
        }
        ground.seats.extend(seats.iter().map(|seat| (seat.clone(), made)));
        Ok(seats)
    }

    fn assignments(
        &self,
        ground: &mut Ground,
        group: &Group,
        cohort: &CohortId,
    ) -> anyhow::Result<Vec<AssignmentId>> {
        let mut ids = Vec::new();
        for given in group.given {
            let at = self.now - given.days_ago * DAY;
            let id = AssignmentId::read(&self.clock.new_id_at(at)).context("an id")?;
            let assignment = Assignment {
                id: id.clone(),
                cohort_id: cohort.clone(),
                slug: given.slug.to_owned(),
                note: given.note.to_owned(),
                due_on: Some(date(self.now + given.due_in * DAY).to_string()),
                made_at: at,
                withdrawn_at: None,
            };
            ground.assignments.push((assignment, self.educator.clone(), self.clock.new_token()));
            self.note(ground, at, Event::Assigned, cohort, Some(id.as_str()));
            ids.push(id);
        }
        Ok(ids)
    }

    /// What the nurses of a cohort did, and what some of them want to talk about.
    fn attempts(
        &self,
        chance: &mut StdRng,
        group: &Group,
        seats: &[Seat],
        assignments: &[AssignmentId],
    ) -> anyhow::Result<Vec<Simulated>> {
        let mut own_words = built_in()?;
        let revisions = self.app.library.current();
        let mut deck =
            |revision: &Revision| own_words.remove(&revision.scenario.slug).unwrap_or_else(OwnWords::default);
        let mut stages: Vec<Stage<'_>> = revisions
            .iter()
            .map(|revision| Stage { scenario: &revision.scenario, deck: Deck::new(deck(revision)) })
            .collect();
        let work = |given: &Given| {
            let scenario = revisions.iter().position(|revision| revision.scenario.slug == given.slug)?;
            let given_at = self.now - given.days_ago * DAY;
            Some(Work { scenario, given_at, due: self.now + given.due_in * DAY, begun: given.begun })
        };
        let works: Vec<Work> = group.given.iter().filter_map(work).collect();
        anyhow::ensure!(works.len() == group.given.len(), "a scenario of the demo was not published");
        let habits: Vec<Habit> = group.nurses.iter().map(|nurse| nurse.habit).collect();
        let practicing: BTreeSet<usize> = (0..habits.len()).step_by(2).take(group.practicing).collect();
        let mut attempts = Vec::new();
        for planned in cohort(chance, &mut stages, &habits, &works, &practicing, self.now) {
            let Some(seat) = seats.get(planned.nurse) else { continue };
            let (Some(nurse), Some(revision)) = (&seat.nurse_id, revisions.get(planned.scenario)) else {
                continue;
            };
            let assignment = planned.work.and_then(|work| assignments.get(work));
            let assigned = assignment
                .map(|assignment| Assigned { seat: seat.id.clone(), assignment: assignment.clone() });
            let library = &self.app.library;
            attempts.extend(Simulated::new(self.clock, library, revision, nurse, assigned, planned.gone));
        }
        Ok(attempts)
    }
}

/// Gives each feeling that fits to somebody who came to an ending and has written nothing yet.
fn talk(cohorts: &mut [Filled]) {
    let mut spoken = BTreeSet::new();
    for talk in &TALKS {
        let attempts = cohorts.iter_mut().flat_map(|cohort| &mut cohort.attempts);
        let mut asked = attempts.filter(|simulated| {
            let path = simulated.attempt.replay().path();
            let slipped = path.iter().any(|place| *place != Place::Keeps);
            simulated.attempt.assigned.is_some()
                && simulated.ended_at.is_some()
                && simulated.attempt.revision.scenario.slug == talk.slug
                && slipped == talk.slipped
                && (talk.chose.is_empty() || chose(&simulated.attempt, talk.chose))
                && !spoken.contains(&simulated.nurse_id)
        });
        if let Some(simulated) = asked.next() {
            spoken.insert(simulated.nurse_id.clone());
            let if_asked = &simulated.attempt.revision.scenario.if_asked;
            simulated.reflection = Some(Reflection {
                feeling: talk.feeling.to_owned(),
                aim: talk.aim.to_owned(),
                readiness: talk.readiness.map(str::to_owned),
                if_asked: if talk.then_say.is_empty() { String::new() } else { if_asked.clone() },
                then_say: talk.then_say.to_owned(),
                wants_talk: true,
            });
        }
    }
}

/// Whether this reply was chosen at any turn.
fn chose(attempt: &Attempt, reply: &str) -> bool {
    attempt.responses.values().any(|response| response.reply_id == reply)
}
