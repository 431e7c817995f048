//! Who may do what: each change with its row in the audit log, in one transaction.

use super::audit::{Actor, Event};
use super::audit_words::ENDED;
use super::link::{Gives, LINK_LIVES, LinkKind};
use super::staff::{Educator, Staff};
use super::store::{self, AuditEntry, NewLink};
use super::{Person, Role, StaffId};
use crate::app::App;
use crate::clock::{Clock, Millis, is_id};
use crate::cohorts::code::LINK_OPENS_FOR;
use crate::cohorts::{self, CohortId};
use crate::db::{Conn, Work};
use crate::token::token_hash;
use crate::web::session::SessionToken;

/// What an administrator changes about somebody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// Whether she runs the installation.
    Administrator(bool),
    /// Whether she may make cohorts.
    Educator(bool),
    /// Whether she can't come in.
    Disabled(bool),
}

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Changed {
    /// It is so. Whoever changed herself has a new session.
    Done(Option<SessionToken>),
    /// Nobody would be left to run the installation.
    LastAdministrator,
    /// There is nobody with this id.
    Nobody,
}

/// Changes what somebody may do. Her sessions end, and with them links she made that she may make no longer.
pub async fn change(app: &App, by: &Staff, staff: &StaffId, change: Change) -> anyhow::Result<Changed> {
    let (clock, by, staff) = (app.clock.clone(), by.clone(), staff.clone());
    let session = SessionToken::new(clock.new_token());
    let changing = app.db.write(move |conn| {
        let (clock, by, staff, session) = (clock.clone(), by.clone(), staff.clone(), session.clone());
        let work: Work<'_, Changed, anyhow::Error> = Box::pin(async move {
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            let Some(person) = store::person(conn, &staff).await? else { return Ok(Changed::Nobody) };
            let in_charge = person.administrator && person.disabled_at.is_none();
            let leaves = matches!(change, Change::Administrator(false) | Change::Disabled(true));
            if in_charge && leaves && store::administrators(conn).await? <= 1 {
                return Ok(Changed::LastAdministrator);
            }
            let Some(event) = apply(conn, &clock, &person, change).await? else {
                return Ok(Changed::Done(None));
            };
            store::delete_sessions_of_staff(conn, &staff).await?;
            let actor = Actor::Staff(by.id().as_str());
            let entry = AuditEntry::of(clock.new_id(), clock.now(), event, actor);
            let ended = matches!(change, Change::Administrator(false) | Change::Educator(false));
            let object_id = ended.then_some(ENDED);
            store::note(conn, &AuditEntry { staff_id: Some(staff.as_str()), object_id, ..entry }).await?;
            if *by.id() != staff || change == Change::Disabled(true) {
                return Ok(Changed::Done(None));
            }
            let (hash, now) = (session.hash(), clock.now());
            store::insert_staff_session(conn, &hash, staff.as_str(), by.browser(), now).await?;
            Ok(Changed::Done(Some(session)))
        });
        work
    });
    changing.await
}

/// Writes a change; None where it is so already.
async fn apply(
    conn: &mut Conn,
    clock: &Clock,
    person: &Person,
    change: Change,
) -> sqlx::Result<Option<Event>> {
    let now = clock.now();
    match change {
        Change::Administrator(yes) if yes != person.administrator => {
            store::set_rights(conn, &person.id, yes, person.educator).await?;
            if !yes {
                store::withdraw_links_of_administrator(conn, &person.id, now).await?;
            }
            Ok(Some(Event::AdministratorChanged))
        }
        Change::Educator(yes) if yes != person.educator => {
            store::set_rights(conn, &person.id, person.administrator, yes).await?;
            Ok(Some(Event::EducatorChanged))
        }
        Change::Disabled(yes) if yes != person.disabled_at.is_some() => {
            store::set_disabled(conn, &person.id, yes.then_some(now)).await?;
            store::forget_devices_of(conn, &person.id).await?;
            store::withdraw_resets_for(conn, &person.id, now).await?;
            store::withdraw_links_by(conn, &person.id, None, now).await?;
            close_seat_links(conn, &person.id, None, now).await?;
            Ok(Some(if yes { Event::StaffDisabled } else { Event::StaffEnabled }))
        }
        Change::Administrator(_) | Change::Educator(_) | Change::Disabled(_) => Ok(None),
    }
}

/// Closes the personal links to nurses' seats that somebody made: whoever kept one could take a nurse's place with it,
/// and read her work there, after she herself is out.
pub(super) async fn close_seat_links(
    conn: &mut Conn,
    staff: &StaffId,
    cohort: Option<&CohortId>,
    now: Millis,
) -> sqlx::Result<()> {
    for seat in store::seat_links_by(conn, staff, cohort, now - LINK_OPENS_FOR).await? {
        cohorts::store::close_link(conn, &seat).await?;
    }
    Ok(())
}

/// A link to be made by somebody, from a form with this one-time token.
#[derive(Clone, Debug)]
pub struct LinkWanted {
    /// What it is for.
    pub kind: LinkKind,
    /// What it gives.
    pub gives: Gives,
    /// Whose password it sets anew.
    pub staff: Option<StaffId>,
    /// Whom it is for, in the maker's words.
    pub note: String,
    /// The one-time token of the form.
    pub form_token: String,
}

/// Makes a link and gives its token, to be shown once; None where it was made before and opens no longer.
pub async fn make_link(app: &App, by: &Staff, wanted: LinkWanted) -> anyhow::Result<Option<String>> {
    let token = app.secrets.link_of_form(by.id().as_str(), &wanted.form_token);
    let (clock, by, token_hash) = (app.clock.clone(), by.clone(), token_hash(&token));
    let making = app.db.write(move |conn| {
        let (clock, by, token_hash, wanted) = (clock.clone(), by.clone(), token_hash.clone(), wanted.clone());
        let work: Work<'_, bool, anyhow::Error> = Box::pin(async move {
            by.is_still_here(conn).await?;
            let now = clock.now();
            let link = NewLink {
                id: clock.new_id(),
                token_hash,
                kind: wanted.kind,
                gives: wanted.gives,
                staff: wanted.staff,
                note: wanted.note,
                made_by: Some(by.id().clone()),
                expires_at: now + LINK_LIVES,
            };
            if !store::insert_link(conn, &link, now).await? {
                return Ok(store::open_link(conn, link.kind, &link.token_hash, now).await?.is_some());
            }
            let event = if link.kind == LinkKind::Reset { Event::ResetLinkMade } else { Event::Invited };
            let cohort = link.gives.membership.as_ref().map(|(cohort, _)| cohort.as_str());
            let entry = AuditEntry {
                staff_id: link.staff.as_ref().map(StaffId::as_str),
                cohort_id: cohort,
                object_id: Some(&link.id),
                ..AuditEntry::of(clock.new_id(), now, event, Actor::Staff(by.id().as_str()))
            };
            store::note(conn, &entry).await?;
            Ok(true)
        });
        work
    });
    Ok(making.await?.then_some(token))
}

/// Takes an invitation back, of this cohort where one is given; false where there is no such invitation.
pub async fn withdraw(app: &App, by: &Staff, link: String, cohort: Option<CohortId>) -> anyhow::Result<bool> {
    if !is_id(&link) {
        return Ok(false);
    }
    let (clock, by) = (app.clock.clone(), by.clone());
    let withdrawing = app.db.write(move |conn| {
        let (clock, by, link, cohort) = (clock.clone(), by.clone(), link.clone(), cohort.clone());
        let work: Work<'_, bool, anyhow::Error> = Box::pin(async move {
            by.is_still_here(conn).await?;
            let now = clock.now();
            match store::withdraw_invitation(conn, &link, cohort.as_ref(), now).await? {
                None => return Ok(false),
                Some(false) => return Ok(true),
                Some(true) => {}
            }
            let entry = AuditEntry {
                cohort_id: cohort.as_ref().map(CohortId::as_str),
                object_id: Some(&link),
                ..AuditEntry::of(
                    clock.new_id(),
                    now,
                    Event::InvitationWithdrawn,
                    Actor::Staff(by.id().as_str()),
                )
            };
            store::note(conn, &entry).await?;
            Ok(true)
        });
        work
    });
    withdrawing.await
}

/// Makes an administrator an educator of a cohort; its nurses can read that she did. Nothing happens where she is one.
pub async fn appoint_oneself(app: &App, by: &Staff, cohort: CohortId) -> anyhow::Result<()> {
    let (clock, by) = (app.clock.clone(), by.clone());
    let appointing = app.db.write(move |conn| {
        let (clock, by, cohort) = (clock.clone(), by.clone(), cohort.clone());
        let work: Work<'_, (), anyhow::Error> = Box::pin(async move {
            let (id, now) = (by.id(), clock.now());
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            if store::roles(conn, &cohort, id).await?.contains(&Role::Educator) {
                return Ok(());
            }
            store::insert_membership(conn, &cohort, id, Role::Educator, now).await?;
            let entry = AuditEntry {
                staff_id: Some(id.as_str()),
                cohort_id: Some(cohort.as_str()),
                ..AuditEntry::of(clock.new_id(), now, Event::AppointedOneself, Actor::Staff(id.as_str()))
            };
            Ok(store::note(conn, &entry).await?)
        });
        work
    });
    appointing.await
}

/// What became of ending somebody's role in a cohort.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ended {
    /// It has ended.
    Yes,
    /// Nobody would be left to teach the cohort.
    LastEducator,
    /// She had no such role, or whoever ends it has no longer the right to.
    NotThere,
}

/// Ends somebody's role in a cohort, and takes back the invitations to it that she made as its educator.
pub async fn end_membership(app: &App, by: &Educator, staff: &StaffId, role: Role) -> anyhow::Result<Ended> {
    let (clock, cohort, staff) = (app.clock.clone(), by.cohort().clone(), staff.clone());
    let by = by.staff().clone();
    let ending = app.db.write(move |conn| {
        let (clock, cohort, by, staff) = (clock.clone(), cohort.clone(), by.clone(), staff.clone());
        let work: Work<'_, Ended, anyhow::Error> = Box::pin(async move {
            let now = clock.now();
            store::one_change_of_roles_at_a_time(conn).await?;
            by.is_still_here(conn).await?;
            let by = by.id();
            if store::roles(conn, &cohort, by).await? != [Role::Educator] {
                return Ok(Ended::NotThere);
            }
            // Whoever ends it is an educator herself: only her own role can be the last one.
            if role == Role::Educator && *by == staff && store::educators_of(conn, &cohort).await?.len() <= 1
            {
                return Ok(Ended::LastEducator);
            }
            if !store::delete_membership(conn, &cohort, &staff, role).await? {
                return Ok(Ended::NotThere);
            }
            if role == Role::Educator {
                store::withdraw_links_by(conn, &staff, Some(&cohort), now).await?;
                close_seat_links(conn, &staff, Some(&cohort), now).await?;
            }
            let entry = AuditEntry {
                staff_id: Some(staff.as_str()),
                cohort_id: Some(cohort.as_str()),
                object_id: Some(role.stored()),
                ..AuditEntry::of(clock.new_id(), now, Event::MembershipEnded, Actor::Staff(by.as_str()))
            };
            store::note(conn, &entry).await?;
            Ok(Ended::Yes)
        });
        work
    });
    ending.await
}
