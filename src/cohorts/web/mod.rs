//! The pages of cohorts: making one, who is in it, how one joins, what is assigned.

pub mod assignments;
pub mod change;
pub mod code;
pub mod come_in;
pub mod group;
pub mod import;
pub mod join;
pub mod link;
pub mod links;
pub mod list;
mod note;
pub mod people;
pub mod remove;
pub mod seat;
pub mod settings;
pub mod type_code;

use axum::http::header;
use axum::response::{AppendHeaders, IntoResponse as _, Response};

use super::name::{NoName, names_in_words};
use super::{Cohort, CohortId, Seat, SeatId, store};
use crate::accounts;
use crate::accounts::keeping::Keeping;
use crate::accounts::staff::{Educator, Staff};
use crate::app::App;
use crate::web::error::Reason;
use crate::web::page::Here;
use crate::web::route::Route;
use crate::web::{Error, Frame, Result, to};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        list::routes(),
        settings::routes(),
        code::routes(),
        type_code::routes(),
        join::routes(),
        link::routes(),
        links::routes(),
        group::routes(),
        people::routes(),
        seat::routes(),
        remove::routes(),
        import::routes(),
        assignments::routes(),
        change::routes(),
    ];
    parts.into_iter().flatten().collect()
}

/// What stands on top of every page of a cohort.
#[derive(Clone, Debug)]
pub struct Top {
    /// The cohort's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is archived.
    pub archived: bool,
}

impl Top {
    fn of(cohort: &Cohort) -> Self {
        Self {
            id: cohort.id.as_str().to_owned(),
            name: cohort.name.clone(),
            archived: cohort.archived_at.is_some(),
        }
    }

    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self { id: "c".to_owned(), name: "Spring residency".to_owned(), archived: false }
    }
}

/// What a nurse reads about a group before she is in it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The group's name.
    pub group: String,
    /// Its educators, in words.
    pub educators: String,
    /// Whether there is more than one of them.
    pub several: bool,
    /// How long things are kept.
    pub keeping: Keeping,
}

impl Seen {
    async fn of(app: &App, cohort: &Cohort) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let educators = accounts::store::educators_of(&mut conn, &cohort.id).await?;
        Ok(Self {
            group: cohort.name.clone(),
            several: educators.len() > 1,
            educators: match names_in_words(&educators) {
                Some(names) => names,
                None => "The group’s educator".to_owned(),
            },
            keeping: accounts::store::keeping(&mut conn).await?,
        })
    }

    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let educators = "Ruth Reyes and Olga Ortiz".to_owned();
        Self { group: "Spring residency".to_owned(), educators, several: true, keeping: Keeping::default() }
    }
}

/// The educator's cohort.
async fn cohort_of(app: &App, cohort: &CohortId) -> Result<Cohort> {
    store::cohort(&mut app.db.read().await?, cohort).await?.ok_or(Error::NotFound)
}

fn frame(staff: &Staff) -> Frame {
    staff.frame(Here::Cohorts)
}

/// The seat of this address; one of another cohort is not there.
async fn find_seat(app: &App, educator: &Educator, seat: &str) -> Result<Seat> {
    let id = SeatId::read(seat).ok_or(Error::NotFound)?;
    store::seat(&mut app.db.read().await?, educator.cohort(), &id).await?.ok_or(Error::NotFound)
}

/// The educator's cohort, where something new may begin in it.
async fn open_cohort(app: &App, educator: &Educator) -> Result<Cohort> {
    let cohort = cohort_of(app, educator.cohort()).await?;
    match cohort.archived_at {
        None => Ok(cohort),
        Some(_) => Err(archived(educator)),
    }
}

fn archived(educator: &Educator) -> Error {
    let settings = format!("/cohorts/{}/settings", educator.cohort().as_str());
    Error::Because(Box::new(Reason {
        frame: frame(educator.staff()),
        title: "This cohort is archived",
        text: "Nobody is added to it and nothing is set anymore. Nothing was changed. To go on with it, open it again.",
        way_on: (settings, "Go to its settings"),
    }))
}

/// What is said about a name that can't be kept; `missing` is for one that isn't there.
fn about_name(why: NoName, missing: &str) -> String {
    match why {
        NoName::Empty => missing.to_owned(),
        NoName::TooLong(1) => "That is one character too long. A name may have 80".to_owned(),
        NoName::TooLong(excess) => format!("That is {excess} characters too long. A name may have 80"),
    }
}

fn with_cookie(cookie: Option<String>, address: &str) -> Response {
    match cookie {
        Some(cookie) => (AppendHeaders([(header::SET_COOKIE, cookie)]), to(address)).into_response(),
        None => to(address),
    }
}
