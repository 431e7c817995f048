//! That words were sent although something in them looks like a real person's details: who, about which attempt, and of
//! what kind it was; never the words.

use crate::accounts::audit::{Actor, Event};
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::clock::{Clock, Millis};
use crate::cohorts::SeatId;
use crate::db::Conn;
use crate::practice::AttemptId;
use crate::sql;

/// What is to be noted with the words, in the same transaction.
#[derive(Clone, Debug)]
pub struct SentAnyway {
    id: String,
    at: Millis,
    kinds: String,
}

impl SentAnyway {
    /// Of these kinds, now: "phone email".
    #[must_use]
    pub fn new(clock: &Clock, kinds: String) -> Self {
        Self { id: clock.new_id(), at: clock.now(), kinds }
    }

    /// The attempt and the kinds, as one row of the log holds them.
    fn object(&self, attempt: &AttemptId) -> String {
        format!("{} {}", attempt.as_str(), self.kinds)
    }

    /// Notes that a nurse sent them, with a name or without one; `seat` where it is assigned work.
    pub async fn by_nurse(
        &self,
        conn: &mut Conn,
        nurse_id: &str,
        attempt: &AttemptId,
        seat: Option<&SeatId>,
    ) -> sqlx::Result<()> {
        let cohort = match seat {
            None => None,
            Some(seat) => {
                let of_seat = "SELECT s.cohort_id FROM seats s WHERE s.id = $1";
                sql!(conn, fetch_optional as (String,), of_seat, seat.as_str())?
            }
        };
        let object = self.object(attempt);
        let entry = AuditEntry {
            nurse_id: Some(nurse_id),
            cohort_id: cohort.as_ref().map(|(cohort,)| cohort.as_str()),
            object_id: Some(&object),
            ..AuditEntry::of(self.id.clone(), self.at, Event::SentAnyway, Actor::Nurse(nurse_id))
        };
        note(conn, &entry).await
    }

    /// Notes that an educator of the cohort sent them, about the answers of this nurse.
    pub async fn by_educator(
        &self,
        conn: &mut Conn,
        educator: &Educator,
        nurse_id: Option<&str>,
        attempt: &AttemptId,
    ) -> sqlx::Result<()> {
        let object = self.object(attempt);
        let entry = AuditEntry {
            nurse_id,
            object_id: Some(&object),
            ..AuditEntry::by_educator(self.id.clone(), self.at, Event::SentAnyway, educator)
        };
        note(conn, &entry).await
    }
}
