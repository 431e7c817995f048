//! Personal links: made by an educator, shown once, to be handed out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{Top, find_seat, frame, open_cohort};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::Millis;
use crate::cohorts::code::LINK_OPENS_FOR;
use crate::cohorts::enter::note_educator;
use crate::cohorts::{Seat, store};
use crate::db::Work;
use crate::token::{is_token, token_hash};
use crate::web::form::Form;
use crate::web::origin::Origin;
use crate::web::page::Here;
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Frame, Result, show_as};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/people/links", Who::Educator, make)]
}

/// Personal links, shown once. Those that the same form made before are not shown where they open nothing any more.
#[derive(Debug, Template)]
#[template(path = "cohorts/links.html")]
pub struct LinksPage {
    frame: Frame,
    top: Top,
    links: Vec<(String, String)>,
    until: String,
    /// Whose link opens nothing any more.
    closed: Vec<String>,
}

impl LinksPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let link = "https://practice.example.org/seats/0123456789abcdef".to_owned();
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            links: vec![("Ana Okafor".to_owned(), link)],
            until: "April 1, 2026".to_owned(),
            closed: vec!["Bea Lind".to_owned()],
        }
    }
}

/// What the buttons for links send: a seat, or "all" who have not come yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LinksForm {
    token: String,
    seat: String,
}

/// The links are made of the form's token, so the same form sent twice shows the same links.
async fn make(
    State(app): State<App>,
    educator: Educator,
    origin: Origin,
    Form(form): Form<LinksForm>,
) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let seats = match form.seat.as_str() {
        "all" => store::free_seats(&mut app.db.read().await?, &educator).await?,
        one => vec![find_seat(&app, &educator, one).await?],
    };
    let seats: Vec<Seat> = seats.into_iter().filter(|seat| !seat.name.is_empty()).collect();
    if seats.is_empty() {
        return Err(Error::NotFound);
    }
    let links: Vec<(Seat, String)> =
        seats.into_iter().map(|seat| (seat.clone(), app.secrets.seat_link(&seat.id, &form.token))).collect();
    let Some(opened) = opened(&app, &educator, links.clone()).await? else {
        open_cohort(&app, &educator).await?;
        return Err(Error::NotFound);
    };
    let mut page = LinksPage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        links: Vec::new(),
        until: crate::clock::day(opened.iter().flatten().copied().min().unwrap_or_default()),
        closed: Vec::new(),
    };
    for ((seat, link), until) in links.into_iter().zip(opened) {
        match until {
            Some(_) => page.links.push((seat.name, format!("{}/seats/{link}", origin.0))),
            None => page.closed.push(seat.name),
        }
    }
    show_as(if page.links.is_empty() { StatusCode::CONFLICT } else { StatusCode::OK }, &page)
}

/// Opens what was not opened before. Of each: until when it opens its place now, or nothing where it was used since or a
/// newer one was made. None where meanwhile the cohort was archived, or she is its educator no longer.
async fn opened(
    app: &App,
    educator: &Educator,
    links: Vec<(Seat, String)>,
) -> anyhow::Result<Option<Vec<Option<Millis>>>> {
    let (educator, clock) = (educator.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock, links) = (educator.clone(), clock.clone(), links.clone());
        let work: Work<'_, Option<Vec<Option<Millis>>>, anyhow::Error> = Box::pin(async move {
            if !educator.is_still_one(conn).await? {
                return Ok(None);
            }
            store::hold_cohort(conn, educator.cohort()).await?;
            let cohort = store::cohort(conn, educator.cohort()).await?;
            if cohort.is_none_or(|cohort| cohort.archived_at.is_some()) {
                return Ok(None);
            }
            let (now, mut opened) = (clock.now(), Vec::new());
            for (seat, link) in &links {
                let hash = token_hash(link);
                if store::open_link(conn, &educator, &seat.id, &hash, now + LINK_OPENS_FOR).await? {
                    let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                    note_educator(conn, &clock, &educator, Event::SeatLinkMade, nurse, id).await?;
                }
                opened.push(store::link_open_until(conn, &educator, &seat.id, &hash, now).await?);
            }
            Ok(Some(opened))
        });
        work
    });
    write.await
}
