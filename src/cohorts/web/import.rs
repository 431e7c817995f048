//! Bringing in a list of nurses: first it is looked at, then, when the educator says so, they are added.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::people::{added, here};
use super::{Top, frame, open_cohort};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::roster::{self, Known, LARGEST_LIST, Row, Trouble};
use crate::cohorts::{Cohort, Seat, SeatId, store};
use crate::db::is_clash;
use crate::token::token_id;
use crate::web::form::Problems;
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The largest request that brings a list, in bytes: 1 MiB.
const LARGEST_REQUEST: usize = 1024 * 1024;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people/import", Who::Educator, ask),
        post("/cohorts/{cohort}/people/import", Who::Educator, look).up_to(LARGEST_REQUEST),
        post("/cohorts/{cohort}/people/import/add", Who::Educator, add).up_to(LARGEST_REQUEST),
    ]
}

/// Bringing in a list.
#[derive(Debug, Template)]
#[template(path = "cohorts/import.html")]
pub struct ImportPage {
    frame: Frame,
    top: Top,
    list: String,
    problems: Problems,
}

impl ImportPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let mut problems = Problems::default();
        problems.add("list", "Paste a list or choose a file");
        let (frame, top) = (Frame::staff_sample(Here::Cohorts), Top::sample());
        Self { frame, top, list: "Ana Okafor,17".to_owned(), problems }
    }
}

/// What a list would change. Nothing is written yet.
#[derive(Debug, Template)]
#[template(path = "cohorts/import_check.html")]
pub struct ImportCheckPage {
    frame: Frame,
    top: Top,
    list: String,
    new: Vec<Row>,
    known: Vec<Known>,
    /// How many of those the roster has under another name.
    others: usize,
    /// How many of those are not in the cohort anymore.
    left: usize,
    troubles: Vec<Trouble>,
    other_letters: bool,
}

impl ImportCheckPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let row = Row { line: 1, name: "Ana Okafor".to_owned(), external_id: Some("17".to_owned()) };
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            top: Top::sample(),
            list: "Ana Okafor,17".to_owned(),
            new: vec![row.clone()],
            known: SeatId::read("01234567-89ab-7def-8123-456789abcdef")
                .map(|seat| Known { row, seat, here: Some("Anna Okafor".to_owned()), left: true })
                .into_iter()
                .collect(),
            others: 1,
            left: 1,
            troubles: vec![Trouble { line: Some(3), text: "There is no name on this line.".to_owned() }],
            other_letters: true,
        }
    }

    async fn of(app: &App, educator: &Educator, cohort: &Cohort, list: String) -> Result<Self> {
        Ok(Self::beside(app, educator, cohort, list).await?.0)
    }

    /// The page, and the seats that the list was laid beside.
    async fn beside(
        app: &App,
        educator: &Educator,
        cohort: &Cohort,
        list: String,
    ) -> Result<(Self, Vec<Seat>)> {
        let read = roster::read(&list);
        let seats = store::seats(&mut app.db.read().await?, educator.cohort()).await?;
        let (new, known) = roster::compare(read.rows, &seats);
        let count = |is: fn(&Known) -> bool| known.iter().filter(|known| is(known)).count();
        let (others, left) = (count(|known| known.here.is_some()), count(|known| known.left));
        let (frame, top) = (frame(educator.staff()), Top::of(cohort));
        Ok((
            Self {
                frame,
                top,
                list,
                new,
                known,
                others,
                left,
                troubles: read.troubles,
                other_letters: false,
            },
            seats,
        ))
    }
}

async fn ask(State(app): State<App>, educator: Educator) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    let (frame, top) = (frame(educator.staff()), Top::of(&cohort));
    show(&ImportPage { frame, top, list: String::new(), problems: Problems::default() })
}

/// The bytes of the list: the file's, else what was pasted. The second tells whether it was a file.
async fn sent(form: Result<Multipart, MultipartRejection>) -> Result<(Vec<u8>, bool), Response> {
    let mut form = form.map_err(|_| Error::Invalid.into_response())?;
    let (mut pasted, mut file) = (Vec::new(), Vec::new());
    let refused = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        _ => Error::Invalid.into_response(),
    };
    while let Some(field) = form.next_field().await.map_err(refused)? {
        let into = match field.name() {
            Some("list") => &mut pasted,
            Some("file") => &mut file,
            _ => return Err(Error::Invalid.into_response()),
        };
        *into = field.bytes().await.map_err(refused)?.to_vec();
    }
    Ok(if file.is_empty() { (pasted, false) } else { (file, true) })
}

async fn look(
    State(app): State<App>,
    educator: Educator,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    let (bytes, is_file) = match sent(form).await {
        Ok(sent) => sent,
        Err(refused) => return Ok(refused),
    };
    let too_large = bytes.len() > LARGEST_LIST;
    let (list, other_letters) = roster::decode(if too_large { &[] } else { &bytes });
    if too_large || list.trim().is_empty() {
        let field = if is_file { "file" } else { "list" };
        let mut problems = Problems::default();
        problems.add(
            field,
            if too_large {
                "That list is larger than 500 KB. Two thousand names need about 100 KB: save only the two columns \
                 as CSV"
            } else {
                "Paste a list, or choose a file"
            },
        );
        let page = ImportPage { frame: frame(educator.staff()), top: Top::of(&cohort), list, problems };
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let list = list.replace('\0', "\u{FFFD}");
    let page = ImportCheckPage::of(&app, &educator, &cohort, list).await?;
    show(&ImportCheckPage { other_letters, ..page })
}

async fn add(
    State(app): State<App>,
    educator: Educator,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let cohort = open_cohort(&app, &educator).await?;
    let list = match sent(form).await {
        Ok((bytes, _)) => roster::decode(&bytes).0,
        Err(refused) => return Ok(refused),
    };
    let (page, seats) = ImportCheckPage::beside(&app, &educator, &cohort, list).await?;
    let roster: String = seats.iter().map(|seat| seat.id.as_str()).collect();
    let seat = |row: &Row| {
        // The same line laid beside the same roster is the same seat: sent twice at once, nobody is added twice.
        let id = token_id(&format!("{} {roster} {} {}", cohort.id.as_str(), row.line, row.name));
        let id = SeatId::read(&id)?;
        Some(Seat::waiting(id, &cohort.id, row.name.clone(), row.external_id.clone()))
    };
    let seats: Vec<Seat> = page.new.iter().filter_map(seat).collect();
    let count = seats.len();
    if count == 0 {
        return Ok(to(&here(&educator, "added", 0)));
    }
    match added(&app, &educator, seats.clone()).await {
        Ok(()) => Ok(to(&here(&educator, "added", count))),
        Err(error) if is_clash(&error) => {
            let there = store::seats(&mut app.db.read().await?, &cohort.id).await?;
            let there: HashMap<&str, &Seat> = there.iter().map(|seat| (seat.id.as_str(), seat)).collect();
            let stands = |seat: &Seat| {
                let it = there.get(seat.id.as_str());
                it.is_some_and(|it| (&it.name, &it.external_id) == (&seat.name, &seat.external_id))
            };
            // The same form sent twice at once.
            if seats.iter().all(stands) {
                return Ok(to(&here(&educator, "added", count)));
            }
            // Somebody else added one of them meanwhile.
            let page = ImportCheckPage::of(&app, &educator, &cohort, page.list).await?;
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}
