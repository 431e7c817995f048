//! The audit log: what was done by whom. Rows are written with the change they speak of, and never changed.

use crate::accounts::StaffId;
use crate::accounts::audit::{Actor, Event};
use crate::accounts::staff::Educator;
use crate::clock::Millis;
use crate::cohorts::{CohortId, SeatId};
use crate::db::Conn;
use crate::sql;

/// One row of the audit log. Ids, never names.
#[derive(Clone, Debug)]
pub struct AuditEntry<'a> {
    /// A new id.
    pub id: String,
    /// When.
    pub at: Millis,
    /// What was done.
    pub event: Event,
    /// By whom.
    pub actor: Actor<'a>,
    /// The nurse whose things were touched.
    pub nurse_id: Option<&'a str>,
    /// The member of the staff who was touched.
    pub staff_id: Option<&'a str>,
    /// The cohort it happened in.
    pub cohort_id: Option<&'a str>,
    /// The attempt, seat, assignment or link it is about; for a right, the role, or that it ended.
    pub object_id: Option<&'a str>,
}

impl<'a> AuditEntry<'a> {
    /// A row that says what was done, when and by whom, and nothing else yet.
    #[must_use]
    pub const fn of(id: String, at: Millis, event: Event, actor: Actor<'a>) -> Self {
        Self { id, at, event, actor, nurse_id: None, staff_id: None, cohort_id: None, object_id: None }
    }

    /// A row that says what an educator did in her cohort.
    #[must_use]
    pub fn by_educator(id: String, at: Millis, event: Event, educator: &'a Educator) -> Self {
        let actor = Actor::Staff(educator.staff().id().as_str());
        Self { cohort_id: Some(educator.cohort().as_str()), ..Self::of(id, at, event, actor) }
    }
}

/// A row of the audit log as it is read.
#[derive(Debug, sqlx::FromRow)]
pub struct AuditRow {
    /// Its id; later rows have greater ones.
    pub id: String,
    /// When.
    pub at: Millis,
    /// What was done, as it is stored.
    pub what: String,
    /// Which kind of somebody did it.
    pub actor_kind: String,
    /// Who of them.
    pub actor_id: Option<String>,
    /// The member of the staff who was touched.
    pub staff_id: Option<String>,
    /// The cohort it happened in.
    pub cohort_id: Option<String>,
    /// What it is about.
    pub object_id: Option<String>,
}

/// A hundred rows and one, newest first: those before `before`, of one kind where one is given. What a nurse did in her
/// own practice is nobody's business: that she kept words she was asked about is told here only where it was in assigned
/// work. Her own record tells all of it.
pub async fn audit_page(
    conn: &mut Conn,
    before: Option<&str>,
    event: Option<Event>,
) -> sqlx::Result<Vec<AuditRow>> {
    sql!(
        conn,
        fetch_all as AuditRow,
        "SELECT id, at, what, actor_kind, actor_id, staff_id, cohort_id, object_id
         FROM audit
         WHERE ($1 IS NULL OR id < $1) AND ($2 IS NULL OR what = $2)
            AND (what <> 'sent-anyway' OR cohort_id IS NOT NULL)
         ORDER BY id DESC LIMIT 101",
        before,
        event.map(Event::stored)
    )
}

/// Writes a row, in the transaction of the change it speaks of.
pub async fn note(conn: &mut Conn, entry: &AuditEntry<'_>) -> sqlx::Result<()> {
    let (kind, actor) = entry.actor.stored();
    sql!(
        conn,
        execute,
        "INSERT INTO audit (id, at, what, actor_kind, actor_id, nurse_id, staff_id, cohort_id, object_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        entry.id.as_str(),
        entry.at,
        entry.event.stored(),
        kind,
        actor,
        entry.nurse_id,
        entry.staff_id,
        entry.cohort_id,
        entry.object_id
    )
    .map(drop)
}

/// The seats whose latest personal link this person made at `since` or later: in one cohort, or in all of them.
pub async fn seat_links_by(
    conn: &mut Conn,
    staff: &StaffId,
    cohort: Option<&CohortId>,
    since: Millis,
) -> sqlx::Result<Vec<SeatId>> {
    let rows = sql!(
        conn,
        fetch_all as (String,),
        "SELECT DISTINCT m.object_id FROM audit m
         WHERE m.what = 'seat-link-made' AND m.actor_id = $1 AND m.object_id IS NOT NULL AND m.at >= $2
            AND ($3 IS NULL OR m.cohort_id = $3)
            AND NOT EXISTS (SELECT 1 FROM audit n WHERE n.cohort_id = m.cohort_id AND n.object_id = m.object_id
                AND n.what = m.what AND n.actor_id <> m.actor_id AND n.id > m.id)",
        staff.as_str(),
        since,
        cohort.map(CohortId::as_str)
    )?;
    Ok(rows.iter().filter_map(|(seat,)| SeatId::read(seat)).collect())
}
