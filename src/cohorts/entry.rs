//! What a roster says of a nurse, where two change it at once.

use super::enter::note_educator;
use super::{Seat, SeatId, store};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::clock::Clock;
use crate::db::Conn;

/// What a roster says of a nurse.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Her name.
    pub name: String,
    /// How her employer or school knows her.
    pub external_id: Option<String>,
}

impl Entry {
    /// What it says in this seat.
    #[must_use]
    pub fn of(seat: &Seat) -> Self {
        Self { name: seat.name.clone(), external_id: seat.external_id.clone() }
    }
}

/// What became of a change.
#[derive(Debug)]
pub enum Changed {
    /// It says so now.
    Done,
    /// Whoever sat here has deleted everything.
    Gone,
    /// Somebody else changed it meanwhile, to this: it may be about another nurse by now.
    Meanwhile(Entry),
}

/// Changes an entry to what was typed. `opened`: what stood there when the typing began; None where nobody knows. An id
/// that another seat of the cohort has is a unique violation.
pub async fn change(
    conn: &mut Conn,
    clock: &Clock,
    (educator, seat): (&Educator, &SeatId),
    opened: Option<&Entry>,
    typed: &Entry,
) -> sqlx::Result<Changed> {
    store::hold_seat(conn, seat).await?;
    let seat = store::seat(conn, educator.cohort(), seat).await?.filter(|seat| !seat.is_erased());
    let Some(seat) = seat else { return Ok(Changed::Gone) };
    let stands = Entry::of(&seat);
    if *typed == stands || opened == Some(typed) {
        return Ok(Changed::Done);
    }
    if opened.is_some_and(|opened| *opened != stands) {
        return Ok(Changed::Meanwhile(stands));
    }
    store::rename_seat(conn, educator, &seat.id, &typed.name, typed.external_id.as_deref()).await?;
    let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
    note_educator(conn, clock, educator, Event::SeatRenamed, nurse, id).await?;
    Ok(Changed::Done)
}
