//! The roster of a cohort: who has come, who has to be confirmed, who has not come yet; adding one person.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::{Top, about_name, cohort_of, find_seat, frame, open_cohort};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::note_educator;
use crate::cohorts::name::{self, LONGEST_ID};
use crate::cohorts::{CameBy, Cohort, Seat, SeatId, store};
use crate::db::{Work, is_clash};
use crate::token::{is_token, token_id};
use crate::web::form::{Form, Problems, Query, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people", Who::Educator, people),
        post("/cohorts/{cohort}/people", Who::Educator, add),
        post("/cohorts/{cohort}/people/confirm", Who::Educator, confirm),
    ]
}

/// A seat in the roster.
#[derive(Clone, Debug)]
pub struct Line {
    seat: String,
    name: String,
    external_id: String,
    how: &'static str,
    when: String,
}

impl Line {
    fn of(seat: &Seat) -> Self {
        let (how, when) = match (seat.left_at, seat.joined_at, seat.came_by) {
            (Some(left), _, _) => ("Not in anymore, since", Some(left)),
            (None, Some(joined), CameBy::Code) => ("By code,", Some(joined)),
            (None, Some(joined), CameBy::Roster) => ("On the roster, came", Some(joined)),
            (None, None, _) => ("On the roster", None),
        };
        Self {
            seat: seat.id.as_str().to_owned(),
            name: seat.shown().to_owned(),
            external_id: seat.external_id.clone().unwrap_or_default(),
            how,
            when: when.map(crate::clock::day).unwrap_or_default(),
        }
    }

    fn sample(id: &str, how: &'static str) -> Self {
        Self {
            seat: id.to_owned(),
            name: "Ana Okafor".to_owned(),
            external_id: "17".to_owned(),
            how,
            when: "March 2, 2026".to_owned(),
        }
    }
}

/// The roster.
#[derive(Debug, Template)]
#[template(path = "cohorts/people.html")]
pub struct PeoplePage {
    frame: Frame,
    top: Top,
    unconfirmed: Vec<Line>,
    inside: Vec<Line>,
    waiting: Vec<Line>,
    gone: Vec<Line>,
    said: Option<String>,
    token: String,
    name: String,
    external_id: String,
    problems: Problems,
}

impl PeoplePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("name", "Type a name");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            unconfirmed: vec![Line::sample("a", "By code,"), Line::sample("b", "By code,")],
            inside: vec![Line::sample("c", "On the roster, came")],
            waiting: vec![Line::sample("d", "On the roster"), Line::sample("e", "On the roster")],
            gone: vec![Line::sample("f", "Not in anymore, since")],
            said: None,
            token: "t".to_owned(),
            name: String::new(),
            external_id: String::new(),
            problems,
        }
    }

    async fn of(app: &App, educator: &Educator, cohort: &Cohort) -> Result<Self> {
        let seats = store::seats(&mut app.db.read().await?, educator.cohort()).await?;
        let here =
            |wanted: fn(&Seat) -> bool| seats.iter().filter(|seat| wanted(seat)).map(Line::of).collect();
        Ok(Self {
            frame: frame(educator.staff()),
            top: Top::of(cohort),
            unconfirmed: here(|seat| seat.is_taken() && seat.confirmed_at.is_none()),
            inside: here(|seat| seat.is_taken() && seat.confirmed_at.is_some()),
            waiting: here(Seat::is_free),
            gone: here(|seat| !seat.is_taken() && (seat.left_at.is_some() || seat.joined_at.is_some())),
            said: None,
            token: app.clock.new_token(),
            name: String::new(),
            external_id: String::new(),
            problems: Problems::default(),
        })
    }
}

/// What happened just before.
#[derive(Debug, Deserialize)]
struct Before {
    said: Option<String>,
    n: Option<u32>,
}

impl Before {
    fn in_words(&self) -> Option<String> {
        let n = self.n.unwrap_or_default();
        Some(match self.said.as_deref()? {
            "added" if n == 0 => "Nobody was added: nobody in that list is new".to_owned(),
            "added" if n == 1 => "One nurse was added".to_owned(),
            "added" => format!("{n} nurses were added"),
            // The same button pressed twice, or they have gone meanwhile.
            "confirmed" if n == 0 => "Nobody is waiting to be confirmed there anymore".to_owned(),
            "confirmed" if n == 1 => "Confirmed".to_owned(),
            "confirmed" => format!("{n} nurses were confirmed"),
            "merged" => "The two are one now".to_owned(),
            "removed" => "Removed".to_owned(),
            "saved" => "Saved".to_owned(),
            _ => return None,
        })
    }
}

async fn people(
    State(app): State<App>,
    educator: Educator,
    Query(before): Query<Before>,
) -> Result<Response> {
    let cohort = cohort_of(&app, educator.cohort()).await?;
    show(&PeoplePage { said: before.in_words(), ..PeoplePage::of(&app, &educator, &cohort).await? })
}

/// What the add-a-nurse form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AddForm {
    token: String,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    external_id: Text,
}

/// The name and the external id that were typed, or what stands in their way.
pub(super) fn named(name: &Text, external_id: &Text) -> (String, Option<String>, Problems) {
    let mut problems = Problems::default();
    let name = name::name(name.as_str()).unwrap_or_else(|why| {
        problems.add("name", about_name(why, "Type the nurse’s name"));
        String::new()
    });
    let id = name::clean(external_id.as_str());
    if id.chars().count() > LONGEST_ID {
        problems.add("external_id", format!("That is too long. An ID may have {LONGEST_ID} characters"));
    }
    (name, Some(id).filter(|id| !id.is_empty()), problems)
}

async fn add(State(app): State<App>, educator: Educator, Form(form): Form<AddForm>) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let (name, external_id, mut problems) = named(&form.name, &form.external_id);
    let id = SeatId::read(&token_id(&form.token)).ok_or(Error::Invalid)?;
    let seat = Seat::waiting(id.clone(), &cohort.id, name, external_id);
    if problems.is_empty() {
        match added(&app, &educator, vec![seat]).await {
            Ok(()) => return Ok(to(&here(&educator, "added", 1))),
            Err(error) if is_clash(&error) => {}
            Err(error) => return Err(error.into()),
        }
        if store::seat(&mut app.db.read().await?, &cohort.id, &id).await?.is_some() {
            return Ok(to(&here(&educator, "added", 1)));
        }
        problems.add("external_id", "Somebody on the roster has this ID already");
    }
    let page = PeoplePage::of(&app, &educator, &cohort).await?;
    let (name, external_id) = (form.name.into_string(), form.external_id.into_string());
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &PeoplePage { name, external_id, problems, ..page })
}

/// Where the roster says what was done.
pub(super) fn here(educator: &Educator, said: &str, n: usize) -> String {
    format!("/cohorts/{}/people?said={said}&n={n}", educator.cohort().as_str())
}

/// Writes new seats, all or none, and one row in the audit log.
pub(super) async fn added(app: &App, educator: &Educator, seats: Vec<Seat>) -> sqlx::Result<()> {
    let (educator, clock) = (educator.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock, seats) = (educator.clone(), clock.clone(), seats.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            for seat in &seats {
                store::insert_seat(conn, seat, clock.now()).await?;
            }
            let one = if let [seat] = seats.as_slice() { Some(seat.id.as_str()) } else { None };
            note_educator(conn, &clock, &educator, Event::RosterImported, None, one).await
        });
        work
    });
    write.await
}

/// What the confirm buttons send: a seat, or "all".
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfirmForm {
    seat: String,
}

async fn confirm(
    State(app): State<App>,
    educator: Educator,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    let seats = match form.seat.as_str() {
        "all" => store::seats(&mut app.db.read().await?, educator.cohort()).await?,
        one => vec![find_seat(&app, &educator, one).await?],
    };
    let (proof, clock) = (educator.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, clock, seats) = (proof.clone(), clock.clone(), seats.clone());
        let work: Work<'_, usize, sqlx::Error> = Box::pin(async move {
            let mut confirmed = 0;
            for seat in &seats {
                if store::confirm_seat(conn, &educator, &seat.id, clock.now()).await? {
                    let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                    note_educator(conn, &clock, &educator, Event::SeatConfirmed, nurse, id).await?;
                    confirmed += 1;
                }
            }
            Ok(confirmed)
        });
        work
    });
    let confirmed = write.await?;
    Ok(to(&here(&educator, "confirmed", confirmed)))
}
