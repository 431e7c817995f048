//! A cohort's assigned work, put together from the database for whoever may read it.

use super::{Filter, Work};
use crate::accounts::staff::Educator;
use crate::cohorts::store as cohorts;
use crate::db::Conn;
use crate::practice::load;
use crate::practice::store::Part;
use crate::scenario::library::Library;

/// Everything that was set and everything that was answered, as far as it passes the filter.
pub async fn work(
    conn: &mut Conn,
    library: &Library,
    educator: &Educator,
    filter: &Filter,
) -> anyhow::Result<Work> {
    let seats = cohorts::seats(conn, educator.cohort()).await?;
    let assignments = cohorts::assignments(conn, educator.cohort()).await?;
    let mut attempts = load::of_cohort(conn, library, educator, Part::All).await?;
    attempts.retain(|attempt| {
        let assigned = attempt.assigned.as_ref();
        assigned.is_some_and(|assigned| filter.passes(&assigned.assignment, attempt.started_at))
    });
    Ok(Work::new(seats, assignments, attempts))
}
