//! One seat of a roster: its name, its personal link, merging it, removing it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::people::{here, named};
use super::settings::NoFields;
use super::{Top, cohort_of, find_seat, frame};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::{merge as merged, note_educator};
use crate::cohorts::{CameBy, Seat, store};
use crate::db::{Work, is_clash};
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people/{seat}/edit", Who::Educator, edit),
        post("/cohorts/{cohort}/people/{seat}/edit", Who::Educator, rename),
        post("/cohorts/{cohort}/people/{seat}/merge", Who::Educator, merge),
        get("/cohorts/{cohort}/people/{seat}/remove", Who::Educator, ask),
        post("/cohorts/{cohort}/people/{seat}/remove", Who::Educator, remove),
    ]
}

/// One seat, to be changed.
#[derive(Debug, Template)]
#[template(path = "cohorts/seat.html")]
pub struct SeatPage {
    frame: Frame,
    top: Top,
    seat: String,
    shown: String,
    name: String,
    external_id: String,
    problems: Problems,
    taken: bool,
    left: bool,
    erased: bool,
    link_until: Option<String>,
    free: Vec<(String, String)>,
    token: String,
}

impl SeatPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("external_id", "Somebody has this ID");
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            seat: "s".to_owned(),
            shown: "Ana Okafor".to_owned(),
            name: "Ana Okafor".to_owned(),
            external_id: "17".to_owned(),
            problems,
            taken: true,
            left: false,
            erased: false,
            link_until: Some("April 1, 2026".to_owned()),
            free: vec![("f".to_owned(), "Anna Okafor (17)".to_owned())],
            token: "t".to_owned(),
        }
    }

    async fn of(app: &App, educator: &Educator, seat: &Seat) -> Result<Self> {
        let cohort = cohort_of(app, educator.cohort()).await?;
        let mut conn = app.db.read().await?;
        let links = store::open_links(&mut conn, educator, app.clock.now()).await?;
        let until = links.into_iter().find(|(id, _)| id == seat.id.as_str()).map(|(_, until)| until);
        let by_code = seat.is_taken() && seat.came_by == CameBy::Code;
        let free = if by_code { store::free_seats(&mut conn, educator).await? } else { Vec::new() };
        let choice = |free: Seat| match free.external_id {
            Some(id) => (free.id.as_str().to_owned(), format!("{} ({id})", free.name)),
            None => (free.id.as_str().to_owned(), free.name),
        };
        Ok(Self {
            frame: frame(educator.staff()),
            top: Top::of(&cohort),
            seat: seat.id.as_str().to_owned(),
            shown: seat.shown().to_owned(),
            name: seat.name.clone(),
            external_id: seat.external_id.clone().unwrap_or_default(),
            problems: Problems::default(),
            taken: seat.nurse_id.is_some(),
            left: seat.left_at.is_some(),
            erased: seat.is_erased(),
            link_until: until.map(crate::clock::day),
            free: free.into_iter().map(choice).collect(),
            token: app.clock.new_token(),
        })
    }
}

async fn edit(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    show(&SeatPage::of(&app, &educator, &seat).await?)
}

/// What the name form of a seat sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RenameForm {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    external_id: Text,
}

async fn rename(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
    Form(form): Form<RenameForm>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let (name, external_id, mut problems) = named(&form.name, &form.external_id);
    if problems.is_empty() {
        match renamed(&app, &educator, &seat, name, external_id).await {
            Ok(true) => return Ok(to(&here(&educator, "saved", 1))),
            // Whoever sat here has deleted everything meanwhile: the page says so.
            Ok(false) => {
                return Ok(to(&format!(
                    "/cohorts/{}/people/{}/edit",
                    seat.cohort_id.as_str(),
                    seat.id.as_str()
                )));
            }
            Err(error) if is_clash(&error) => {}
            Err(error) => return Err(error.into()),
        }
        problems.add("external_id", "Somebody else on the roster has this ID");
    }
    let page = SeatPage::of(&app, &educator, &seat).await?;
    let (name, external_id) = (form.name.into_string(), form.external_id.into_string());
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &SeatPage { name, external_id, problems, ..page })
}

async fn renamed(
    app: &App,
    educator: &Educator,
    seat: &Seat,
    name: String,
    external_id: Option<String>,
) -> sqlx::Result<bool> {
    let (educator, seat, clock) = (educator.clone(), seat.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, seat, clock) = (educator.clone(), seat.clone(), clock.clone());
        let (name, external_id) = (name.clone(), external_id.clone());
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            let renamed =
                store::rename_seat(conn, &educator, &seat.id, &name, external_id.as_deref()).await?;
            if renamed {
                let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                note_educator(conn, &clock, &educator, Event::SeatRenamed, nurse, id).await?;
            }
            Ok(renamed)
        });
        work
    });
    write.await
}

/// What the merge form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MergeForm {
    into: String,
}

async fn merge(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let from = find_seat(&app, &educator, &seat).await?;
    if form.into.is_empty() {
        let mut page = SeatPage::of(&app, &educator, &from).await?;
        page.problems.add("into", "Choose her place on the roster");
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let into = find_seat(&app, &educator, &form.into).await?;
    let (proof, from_id, its_app) = (educator.clone(), from.id.clone(), app.clone());
    let write = app.db.write(move |conn| {
        let (educator, from, into, app) = (proof.clone(), from_id.clone(), into.id.clone(), its_app.clone());
        Box::pin(async move { merged(conn, (&app.clock, &app.library), &educator, &from, &into).await })
    });
    let done: sqlx::Result<bool> = write.await;
    if done? {
        return Ok(to(&here(&educator, "merged", 1)));
    }
    let mut page = SeatPage::of(&app, &educator, &from).await?;
    page.problems.add("into", "Somebody has taken that place meanwhile. Choose another");
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Before a seat is removed.
#[derive(Debug, Template)]
#[template(path = "cohorts/remove.html")]
pub struct RemovePage {
    frame: Frame,
    top: Top,
    seat: String,
    shown: String,
    taken: bool,
}

impl RemovePage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            seat: "s".to_owned(),
            shown: "Ana Okafor".to_owned(),
            taken: true,
        }
    }
}

async fn ask(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let cohort = cohort_of(&app, educator.cohort()).await?;
    show(&RemovePage {
        frame: frame(educator.staff()),
        top: Top::of(&cohort),
        seat: seat.id.as_str().to_owned(),
        shown: seat.shown().to_owned(),
        taken: seat.joined_at.is_some(),
    })
}

async fn remove(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let there = here(&educator, "removed", 1);
    let clock = app.clock.clone();
    let write = app.db.write(move |conn| {
        let (educator, seat, clock) = (educator.clone(), seat.clone(), clock.clone());
        let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
            if store::remove_seat(conn, &educator, &seat.id, clock.now()).await? {
                let (nurse, id) = (seat.nurse_id.as_deref(), Some(seat.id.as_str()));
                note_educator(conn, &clock, &educator, Event::SeatRemoved, nurse, id).await?;
            }
            Ok(())
        });
        work
    });
    write.await?;
    Ok(to(&there))
}
