//! Personal links: made by an educator, shown once, to be handed out.

use askama::Template;
use axum::extract::State;
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
use crate::web::{Error, Frame, Result, show};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/people/links", Who::Educator, make)]
}

/// Personal links, shown once.
#[derive(Debug, Template)]
#[template(path = "cohorts/links.html")]
pub struct LinksPage {
    frame: Frame,
    top: Top,
    links: Vec<(String, String)>,
    until: String,
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
    let cohort = match open_cohort(&app, &educator).await? {
        Ok(cohort) => cohort,
        Err(refused) => return Ok(refused),
    };
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
    let expires = app.clock.now() + LINK_OPENS_FOR;
    opened(&app, &educator, links.clone(), expires).await?;
    let shown = |(seat, link): (Seat, String)| (seat.name, format!("{}/seats/{link}", origin.0));
    show(&LinksPage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        links: links.into_iter().map(shown).collect(),
        until: crate::clock::day(expires),
    })
}

async fn opened(
    app: &App,
    educator: &Educator,
    links: Vec<(Seat, String)>,
    expires: Millis,
) -> sqlx::Result<()> {
    let (educator, clock) = (educator.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock, links) = (educator.clone(), clock.clone(), links.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            for (seat, link) in &links {
                let hash = token_hash(link);
                if store::open_link(conn, &educator, &seat.id, &hash, expires).await? {
                    let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                    note_educator(conn, &clock, &educator, Event::SeatLinkMade, nurse, id).await?;
                }
            }
            Ok(())
        });
        work
    });
    write.await
}
