//! One-use links: set-up, invitations, new passwords. Only the hash of a link's token is kept.

use crate::accounts::link::{Gives, Link, LinkKind};
use crate::accounts::{Role, StaffId};
use crate::clock::Millis;
use crate::cohorts::CohortId;
use crate::db::Conn;
use crate::sql;

/// A link to be made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// A new id.
    pub id: String,
    /// The hash of its token.
    pub token_hash: String,
    /// What it is for.
    pub kind: LinkKind,
    /// What it gives.
    pub gives: Gives,
    /// Whose password it sets anew.
    pub staff: Option<StaffId>,
    /// Whom it is for, in the maker's words.
    pub note: String,
    /// Who makes it.
    pub made_by: Option<StaffId>,
    /// Until when it opens.
    pub expires_at: Millis,
}

/// A link as it is stored.
#[derive(Debug, sqlx::FromRow)]
struct LinkRow {
    id: String,
    administrator: bool,
    educator: bool,
    cohort_id: Option<String>,
    role: Option<String>,
    staff_id: Option<String>,
    note: String,
    made_by: Option<String>,
    expires_at: Millis,
}

impl LinkRow {
    fn link(self) -> Link {
        let cohort = self.cohort_id.as_deref().and_then(CohortId::read);
        let membership = cohort.zip(self.role.as_deref().and_then(Role::read));
        Link {
            id: self.id,
            gives: Gives { administrator: self.administrator, educator: self.educator, membership },
            staff: self.staff_id.as_deref().and_then(StaffId::read),
            note: self.note,
            made_by: self.made_by.as_deref().and_then(StaffId::read),
            expires_at: self.expires_at,
        }
    }
}

/// Writes a new link; false where this very link was made already.
pub async fn insert_link(conn: &mut Conn, link: &NewLink, now: Millis) -> sqlx::Result<bool> {
    let membership = link.gives.membership.as_ref();
    let rows = sql!(
        conn,
        execute,
        "INSERT INTO links (id, token_hash, kind, administrator, educator, cohort_id, role, staff_id, note,
            made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (token_hash) DO NOTHING",
        link.id.as_str(),
        link.token_hash.as_str(),
        link.kind.stored(),
        link.gives.administrator,
        link.gives.educator,
        membership.map(|(cohort, _)| cohort.as_str()),
        membership.map(|(_, role)| role.stored()),
        link.staff.as_ref().map(StaffId::as_str),
        link.note.as_str(),
        link.made_by.as_ref().map(StaffId::as_str),
        now,
        link.expires_at
    )?;
    Ok(rows == 1)
}

/// The link with this token hash, where it opens now: unused, not taken back, not too old, and made by somebody who
/// may still make such a link, for somebody who may still come in.
pub async fn open_link(
    conn: &mut Conn,
    kind: LinkKind,
    token_hash: &str,
    now: Millis,
) -> sqlx::Result<Option<Link>> {
    let row = sql!(
        conn,
        fetch_optional as LinkRow,
        "SELECT l.id, l.administrator, l.educator, l.cohort_id, l.role, l.staff_id, l.note, l.made_by,
            l.expires_at
         FROM links l
         LEFT JOIN staff f ON f.id = l.made_by AND f.disabled_at IS NULL
         LEFT JOIN staff t ON t.id = l.staff_id AND t.disabled_at IS NULL
         WHERE l.kind = $1 AND l.token_hash = $2 AND l.used_at IS NULL AND l.withdrawn_at IS NULL
            AND l.expires_at > $3 AND (l.kind <> 'reset' OR t.id IS NOT NULL)
            AND (l.kind = 'set-up' OR f.administrator OR (l.kind = 'invitation' AND NOT l.administrator
                AND EXISTS (SELECT 1 FROM memberships m
                    WHERE m.cohort_id = l.cohort_id AND m.staff_id = f.id AND m.role = 'educator')
                AND NOT EXISTS (SELECT 1 FROM memberships m
                    WHERE m.cohort_id = l.cohort_id AND m.staff_id = f.id AND m.role = 'manager')))",
        kind.stored(),
        token_hash,
        now
    )?;
    Ok(row.map(LinkRow::link))
}

/// Uses a link up; false where somebody was faster.
pub async fn use_link(conn: &mut Conn, id: &str, now: Millis) -> sqlx::Result<bool> {
    let rows = sql!(
        conn,
        execute,
        "UPDATE links SET used_at = $1 WHERE id = $2 AND used_at IS NULL AND withdrawn_at IS NULL",
        now,
        id
    )?;
    Ok(rows == 1)
}

/// Open invitations, newest first: all of them, or those to one cohort.
pub async fn open_invitations(
    conn: &mut Conn,
    cohort: Option<&CohortId>,
    now: Millis,
) -> sqlx::Result<Vec<Link>> {
    let rows = sql!(
        conn,
        fetch_all as LinkRow,
        "SELECT id, administrator, educator, cohort_id, role, staff_id, note, made_by, expires_at
         FROM links
         WHERE kind = 'invitation' AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $1
            AND ($2 IS NULL OR cohort_id = $2)
         ORDER BY id DESC",
        now,
        cohort.map(CohortId::as_str)
    )?;
    Ok(rows.into_iter().map(LinkRow::link).collect())
}

/// Takes back an open invitation, of this cohort where one is given. None where there is no such invitation; false
/// where it was used or taken back before.
pub async fn withdraw_invitation(
    conn: &mut Conn,
    id: &str,
    cohort: Option<&CohortId>,
    now: Millis,
) -> sqlx::Result<Option<bool>> {
    let rows = sql!(
        conn,
        fetch_optional as (Option<Millis>,),
        "UPDATE links
         SET withdrawn_at = CASE WHEN used_at IS NULL THEN COALESCE(withdrawn_at, $1) ELSE withdrawn_at END
         WHERE id = $2 AND kind = 'invitation' AND ($3 IS NULL OR cohort_id = $3) RETURNING withdrawn_at",
        now,
        id,
        cohort.map(CohortId::as_str)
    )?;
    Ok(rows.map(|(withdrawn_at,)| withdrawn_at == Some(now)))
}

/// The id of the newest set-up link with which somebody can still set herself up.
pub async fn open_set_up_link(conn: &mut Conn, now: Millis) -> sqlx::Result<Option<String>> {
    let found = sql!(
        conn,
        fetch_optional as (String,),
        "SELECT id FROM links
         WHERE kind = 'set-up' AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > $1
         ORDER BY id DESC LIMIT 1",
        now
    )?;
    Ok(found.map(|(id,)| id))
}

/// Takes back every set-up link that was not used.
pub async fn withdraw_set_up_links(conn: &mut Conn, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE links SET withdrawn_at = $1
         WHERE kind = 'set-up' AND used_at IS NULL AND withdrawn_at IS NULL",
        now
    )
    .map(drop)
}

/// Takes back every open link to set a new password for this person.
pub async fn withdraw_resets_for(conn: &mut Conn, staff: &StaffId, now: Millis) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE links SET withdrawn_at = $1
         WHERE staff_id = $2 AND used_at IS NULL AND withdrawn_at IS NULL",
        now,
        staff.as_str()
    )
    .map(drop)
}

/// Takes back every open link that this person made: to one cohort, or all of them.
pub async fn withdraw_links_by(
    conn: &mut Conn,
    staff: &StaffId,
    cohort: Option<&CohortId>,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE links SET withdrawn_at = $1
         WHERE made_by = $2 AND used_at IS NULL AND withdrawn_at IS NULL AND ($3 IS NULL OR cohort_id = $3)",
        now,
        staff.as_str(),
        cohort.map(CohortId::as_str)
    )
    .map(drop)
}

/// Takes back the open links that somebody made as an administrator: those that she may not make as an educator too.
pub async fn withdraw_links_of_administrator(
    conn: &mut Conn,
    staff: &StaffId,
    now: Millis,
) -> sqlx::Result<()> {
    sql!(
        conn,
        execute,
        "UPDATE links SET withdrawn_at = $1
         WHERE made_by = $2 AND used_at IS NULL AND withdrawn_at IS NULL
            AND (kind <> 'invitation' OR administrator
                OR NOT EXISTS (SELECT 1 FROM memberships m
                    WHERE m.cohort_id = links.cohort_id AND m.staff_id = $2 AND m.role = 'educator')
                OR EXISTS (SELECT 1 FROM memberships m
                    WHERE m.cohort_id = links.cohort_id AND m.staff_id = $2 AND m.role = 'manager'))",
        now,
        staff.as_str()
    )
    .map(drop)
}

/// Forgets links that open no longer since before `before`.
pub async fn forget_links(conn: &mut Conn, before: Millis) -> sqlx::Result<()> {
    sql!(conn, execute, "DELETE FROM links WHERE COALESCE(used_at, withdrawn_at, expires_at) <= $1", before)
        .map(drop)
}
