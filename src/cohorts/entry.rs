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
    /// Somebody else changed the same meanwhile, to this.
    Meanwhile(Entry),
}

/// One part of an entry after both changed it: where nothing was typed, what stands there. None where both made something
/// else of it.
pub fn beside<'a, T: PartialEq + ?Sized>(opened: &T, stands: &'a T, typed: &'a T) -> Option<&'a T> {
    if typed == opened { Some(stands) } else { (stands == opened || stands == typed).then_some(typed) }
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
    let opened = opened.unwrap_or(&stands);
    let name = beside(&opened.name, &stands.name, &typed.name);
    let external_id = beside(&opened.external_id, &stands.external_id, &typed.external_id);
    let (Some(name), Some(external_id)) = (name, external_id) else { return Ok(Changed::Meanwhile(stands)) };
    if *name != stands.name || *external_id != stands.external_id {
        store::rename_seat(conn, educator, &seat.id, name, external_id.as_deref()).await?;
        let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
        note_educator(conn, clock, educator, Event::SeatRenamed, nurse, id).await?;
    }
    Ok(Changed::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_changed_is_theirs_and_what_both_changed_is_asked_about() {
        assert_eq!(beside("a", "a", "a"), Some("a"));
        assert_eq!(beside("a", "a", "b"), Some("b"));
        assert_eq!(beside("a", "b", "a"), Some("b"));
        assert_eq!(beside("a", "b", "b"), Some("b"));
        assert_eq!(beside("a", "b", "c"), None);
    }
}
