//! Coming into a cohort, in one transaction: who comes, her seat, and a row in the audit log.

use super::store::{
    cohort, cohort_by_code, fold_seat, give_seat, hold_by_link, hold_seat, insert_seat, return_to_seat,
    seat_by_link, seat_of_nurse,
};
use super::{CameBy, Cohort, Seat, SeatId};
use crate::accounts::audit::{Actor, Event};
use crate::accounts::nurse::Nurse;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, hold_nurse, insert_nurse, insert_session, note, session};
use crate::clock::{Clock, Millis};
use crate::db::Conn;
use crate::scenario::library::Library;
use crate::token::sent_just_now;
use crate::{accounts, practice};

/// Whoever wants to come in.
#[derive(Clone, Debug)]
pub struct Comer {
    /// The nurse whose session this browser has; None: somebody we don't know.
    pub nurse: Option<Nurse>,
    /// The hash of the session that this very form makes for somebody we don't know.
    pub session_hash: String,
    /// Whether she said that this is her own device.
    pub own_device: bool,
}

/// What became of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Entered {
    /// She is in.
    In {
        /// Her seat.
        seat: SeatId,
        /// Whether this form made her session: its cookie must reach the browser.
        new_session: bool,
        /// Whether she was in before.
        already: bool,
    },
    /// Neither code nor link opens anything.
    Closed,
    /// The form was used before, by somebody else; or whoever sent it has just deleted everything.
    UsedForm,
}

/// Who comes, as the database knows her.
enum Who {
    /// A nurse with a session.
    Known(String),
    /// The nurse whom this form has just made.
    Again(String),
    /// Nobody yet.
    New,
    /// This form made a session before, and that is not hers to have; or she is gone.
    Foreign,
}

impl Comer {
    /// Whoever is known stays until the transaction ends: what she does in two windows comes one after the other, and
    /// deleting everything comes before or after.
    async fn who(&self, conn: &mut Conn, now: Millis) -> sqlx::Result<Who> {
        if let Some(nurse) = &self.nurse {
            let known = hold_nurse(conn, nurse.id()).await?;
            return Ok(if known { Who::Known(nurse.id().to_owned()) } else { Who::Foreign });
        }
        let Some(found) = session(conn, &self.session_hash).await? else { return Ok(Who::New) };
        let just_now = sent_just_now(found.created_at, now);
        let alive = accounts::is_alive(found.last_seen_at, found.own_device, now);
        let nurse = found.nurse_id.filter(|_| just_now && alive);
        Ok(nurse.map_or(Who::Foreign, Who::Again))
    }

    async fn make(&self, conn: &mut Conn, clock: &Clock, now: Millis) -> sqlx::Result<String> {
        let id = clock.new_id();
        insert_nurse(conn, &id, now).await?;
        insert_session(conn, &self.session_hash, &id, self.own_device, now).await?;
        Ok(id)
    }
}

/// Joins by code, under this name. Who has a seat here already has no second one.
pub async fn join(
    conn: &mut Conn,
    clock: &Clock,
    comer: &Comer,
    code_hash: &str,
    name: &str,
) -> sqlx::Result<Entered> {
    let now = clock.now();
    let Some(cohort) = cohort_by_code(conn, code_hash, now).await? else { return Ok(Entered::Closed) };
    let (nurse_id, new_session) = match comer.who(conn, now).await? {
        Who::Foreign => return Ok(Entered::UsedForm),
        Who::Known(id) => (id, false),
        Who::Again(id) => (id, true),
        Who::New => (comer.make(conn, clock, now).await?, true),
    };
    let before = seat_of_nurse(conn, &cohort.id, &nurse_id).await?;
    if let Some(seat) = before.as_ref().filter(|seat| seat.left_at.is_none()) {
        return Ok(already(seat, new_session, now));
    }
    let seat = match before {
        Some(seat) if return_to_seat(conn, &seat.id, (&nurse_id, name), now).await? => seat.id,
        // None, or one that has just gone to somebody else with a personal link.
        _ => new_seat(conn, clock, &cohort, &nurse_id, name).await?,
    };
    taken(conn, clock, &cohort, &seat, (&nurse_id, &nurse_id)).await?;
    Ok(Entered::In { seat, new_session, already: false })
}

fn already(seat: &Seat, new_session: bool, now: Millis) -> Entered {
    let just_now = seat.joined_at.is_some_and(|joined| sent_just_now(joined, now));
    Entered::In { seat: seat.id.clone(), new_session, already: !just_now }
}

async fn new_seat(
    conn: &mut Conn,
    clock: &Clock,
    cohort: &Cohort,
    nurse_id: &str,
    name: &str,
) -> sqlx::Result<SeatId> {
    let now = clock.now();
    let id = SeatId::read(&clock.new_id()).ok_or(sqlx::Error::RowNotFound)?;
    let seat = Seat {
        id: id.clone(),
        cohort_id: cohort.id.clone(),
        nurse_id: Some(nurse_id.to_owned()),
        name: name.to_owned(),
        external_id: None,
        came_by: CameBy::Code,
        joined_at: Some(now),
        confirmed_at: None,
        left_at: None,
    };
    insert_seat(conn, &seat, now).await?;
    Ok(id)
}

/// Notes that the second nurse's record was touched when the first took a seat.
async fn taken(
    conn: &mut Conn,
    clock: &Clock,
    cohort: &Cohort,
    seat: &SeatId,
    (who, whose): (&str, &str),
) -> sqlx::Result<()> {
    let entry = AuditEntry {
        nurse_id: Some(whose),
        cohort_id: Some(cohort.id.as_str()),
        object_id: Some(seat.as_str()),
        ..AuditEntry::of(clock.new_id(), clock.now(), Event::SeatClaimed, Actor::Nurse(who))
    };
    note(conn, &entry).await
}

/// Keeps the seat of this link and the one she has in the same cohort as they are, so that nothing is begun in a seat
/// that is about to go. Always in the same order: two that wait for each other would never end.
async fn hold_both(conn: &mut Conn, comer: &Comer, link_hash: &str, now: Millis) -> sqlx::Result<()> {
    let Some((seat, _)) = seat_by_link(conn, link_hash).await? else { return Ok(()) };
    let Who::Known(nurse_id) = comer.who(conn, now).await? else { return Ok(()) };
    let Some(second) = seat_of_nurse(conn, &seat.cohort_id, &nurse_id).await? else { return Ok(()) };
    for seat in [(&seat.id).min(&second.id), (&seat.id).max(&second.id)] {
        hold_seat(conn, seat).await?;
    }
    Ok(())
}

/// Takes the seat that this personal link opens. One that somebody else sits in goes to her with its assigned work;
/// a second seat she has in the cohort is folded into it.
pub async fn claim(
    conn: &mut Conn,
    (clock, library): (&Clock, &Library),
    comer: &Comer,
    link_hash: &str,
) -> sqlx::Result<Entered> {
    let now = clock.now();
    hold_both(conn, comer, link_hash, now).await?;
    hold_by_link(conn, link_hash).await?;
    let Some((seat, expires)) = seat_by_link(conn, link_hash).await? else { return Ok(Entered::Closed) };
    let cohort = cohort(conn, &seat.cohort_id).await?.filter(|cohort| cohort.archived_at.is_none());
    let Some(cohort) = cohort else { return Ok(Entered::Closed) };
    let who = comer.who(conn, now).await?;
    if expires.is_none_or(|expires| expires <= now) {
        let hers = |id: &str| seat.is_taken() && seat.nurse_id.as_deref() == Some(id);
        return Ok(match who {
            Who::Known(id) if hers(&id) => already(&seat, false, now),
            Who::Again(id) if hers(&id) => already(&seat, true, now),
            _ => Entered::Closed,
        });
    }
    let (nurse_id, new_session) = match who {
        Who::Known(id) => (id, false),
        Who::New => (comer.make(conn, clock, now).await?, true),
        Who::Again(_) | Who::Foreign => return Ok(Entered::UsedForm),
    };
    let second = seat_of_nurse(conn, &cohort.id, &nurse_id).await?.filter(|second| second.id != seat.id);
    // The work first and the tallies after it, as whoever answers takes them.
    practice::store::hand_over(conn, &seat.id, &nurse_id).await?;
    if let Some(second) = second {
        practice::store::move_work(conn, library, &second.id, &seat.id).await?;
        fold_seat(conn, &second, &seat.id).await?;
    }
    give_seat(conn, &seat.id, &nurse_id, now, now).await?;
    taken(conn, clock, &cohort, &seat.id, (&nurse_id, &nurse_id)).await?;
    if let Some(former) = seat.nurse_id.filter(|former| *former != nurse_id) {
        taken(conn, clock, &cohort, &seat.id, (&nurse_id, &former)).await?;
    }
    Ok(Entered::In { seat: seat.id, new_session, already: false })
}

/// Notes what an educator did in her cohort, and whose record it touched.
pub async fn note_educator(
    conn: &mut Conn,
    clock: &Clock,
    educator: &Educator,
    event: Event,
    nurse_id: Option<&str>,
    object_id: Option<&str>,
) -> sqlx::Result<()> {
    let entry = AuditEntry {
        nurse_id,
        object_id,
        ..AuditEntry::by_educator(clock.new_id(), clock.now(), event, educator)
    };
    note(conn, &entry).await
}

/// Puts a nurse who came by code into the seat that was kept for her on the roster. False where one of the two is
/// not what it has to be.
pub async fn merge(
    conn: &mut Conn,
    (clock, library): (&Clock, &Library),
    educator: &Educator,
    from: &SeatId,
    to: &SeatId,
) -> sqlx::Result<bool> {
    // Always in the same order: two that wait for each other would never end.
    for seat in [from.min(to), from.max(to)] {
        hold_seat(conn, seat).await?;
    }
    let (from, to) = (
        super::store::seat(conn, educator.cohort(), from).await?,
        super::store::seat(conn, educator.cohort(), to).await?,
    );
    let from = from.filter(|seat| seat.is_taken() && seat.came_by == CameBy::Code);
    let to = to.filter(Seat::is_free);
    let (Some(from), Some(to)) = (from, to) else { return Ok(false) };
    let Some(nurse_id) = from.nurse_id.clone() else { return Ok(false) };
    let now = clock.now();
    practice::store::move_work(conn, library, &from.id, &to.id).await?;
    fold_seat(conn, &from, &to.id).await?;
    give_seat(conn, &to.id, &nurse_id, from.joined_at.unwrap_or(now), now).await?;
    note_educator(conn, clock, educator, Event::SeatsMerged, Some(&nurse_id), Some(to.id.as_str())).await?;
    Ok(true)
}
