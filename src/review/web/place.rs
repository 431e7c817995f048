//! What the pages about one nurse share: her seat and her attempt.

use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::store as cohorts;
use crate::cohorts::{Cohort, Seat, SeatId};
use crate::db::Conn;
use crate::practice::blacking::may_know;
use crate::practice::store::{Blacked, Part, mark};
use crate::practice::{Attempt, AttemptId, load, store as practice};
use crate::web::{Error, Result};

/// A nurse's place in the educator's cohort.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) cohort: Cohort,
    pub(super) seat: Seat,
    /// What is blacked out in the attempt that was asked for, as [`mark`] gives it, as of before it was read: what is
    /// blacked out in between is then more than a form knows of, and no form brings it back.
    pub(super) blacked: String,
}

/// The seat of this address; one of another cohort is not there.
pub(super) async fn seat(conn: &mut Conn, educator: &Educator, seat: &str) -> Result<Place> {
    let seat = SeatId::read(seat).ok_or(Error::NotFound)?;
    let seat = cohorts::seat(conn, educator.cohort(), &seat).await?.ok_or(Error::NotFound)?;
    let cohort = cohorts::cohort(conn, educator.cohort()).await?.ok_or(Error::NotFound)?;
    Ok(Place { cohort, seat, blacked: String::new() })
}

/// The seat and the attempt of this address; an attempt of another seat is not there.
pub(super) async fn attempt(
    app: &App,
    conn: &mut Conn,
    educator: &Educator,
    (seat, attempt): (&str, &str),
) -> Result<(Place, Attempt)> {
    let mut place = self::seat(conn, educator, seat).await?;
    let id = AttemptId::read(attempt).ok_or(Error::NotFound)?;
    place.blacked = mark(&blacked(conn, educator, &id).await?);
    let attempt = load::of_cohort(conn, &app.library, educator, Part::One(&id)).await?.pop();
    let attempt = attempt.ok_or(Error::NotFound)?;
    let hers = attempt.assigned.as_ref().is_some_and(|assigned| assigned.seat == place.seat.id);
    if hers { Ok((place, attempt)) } else { Err(Error::NotFound) }
}

/// What is blacked out in an attempt, as far as this educator may know: of others' drafts she knows nothing.
pub(super) async fn blacked(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
) -> sqlx::Result<Vec<Blacked>> {
    let mut all = practice::blacked(conn, attempt).await?;
    all.retain(|it| may_know(&it.place, Some(educator.staff().id().as_str())));
    Ok(all)
}

/// The address of a nurse's page or of one of her attempts.
pub(super) fn address(cohort: &str, seat: &SeatId, attempt: Option<&AttemptId>) -> String {
    let nurse = format!("/cohorts/{cohort}/people/{}", seat.as_str());
    attempt.map_or_else(|| nurse.clone(), |attempt| format!("{nurse}/{}", attempt.as_str()))
}

/// How long something took: "38 s", "4 min 50 s", "2 h 5 min".
pub(super) fn took(millis: Millis) -> String {
    let seconds = millis.max(0) / 1000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ if seconds < 172_800 => "1 day".to_owned(),
        _ => format!("{} days", seconds / 86_400),
    }
}
