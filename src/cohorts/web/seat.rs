//! One seat of a roster: its name, its personal link, merging it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::people::{here, named};
use super::{Top, cohort_of, find_seat, frame};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::cohorts::enter::merge as merged;
use crate::cohorts::entry::{self, Changed, Entry};
use crate::cohorts::{CameBy, Seat, SeatId, store};
use crate::db::{Work, is_clash};
use crate::web::form::{Form, Path, Problems, Text};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get, post};
use crate::web::{Error, Frame, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/cohorts/{cohort}/people/{seat}/edit", Who::Educator, edit),
        post("/cohorts/{cohort}/people/{seat}/edit", Who::Educator, rename),
        post("/cohorts/{cohort}/people/{seat}/merge", Who::Educator, merge),
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
    /// What stands there, for a form that comes back after somebody else's.
    was: Entry,
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
            was: Entry { name: "Ana Okafor".to_owned(), external_id: Some("17".to_owned()) },
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
            was: Entry::of(seat),
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

/// What the name form of a seat sends. `was_name` and `was_id`: what stood there when the typing began.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RenameForm {
    #[serde(default)]
    name: Text,
    #[serde(default)]
    external_id: Text,
    was_name: Option<Text>,
    was_id: Option<Text>,
}

impl RenameForm {
    /// None where nothing tells; half of it is no form of ours.
    fn opened(&self) -> Result<Option<Entry>> {
        match (&self.was_name, &self.was_id) {
            (Some(name), Some(id)) => {
                let id = Some(id.as_str()).filter(|id| !id.is_empty());
                Ok(Some(Entry { name: name.as_str().to_owned(), external_id: id.map(str::to_owned) }))
            }
            (None, None) => Ok(None),
            _ => Err(Error::Invalid),
        }
    }
}

async fn rename(
    State(app): State<App>,
    educator: Educator,
    Path((_, seat)): Path<(String, String)>,
    Form(form): Form<RenameForm>,
) -> Result<Response> {
    let seat = find_seat(&app, &educator, &seat).await?;
    let (name, external_id, mut problems) = named(&form.name, &form.external_id);
    let mut opened = form.opened()?;
    let mut shown = (form.name.as_str().to_owned(), form.external_id.as_str().to_owned());
    if problems.is_empty() {
        let typed = Entry { name, external_id };
        match changed(&app, &educator, &seat.id, opened.clone(), typed.clone()).await {
            Ok(Changed::Done) => return Ok(to(&here(&educator, "saved", 1))),
            // Whoever sat here has deleted everything meanwhile: the page says so.
            Ok(Changed::Gone) => {}
            Ok(Changed::Meanwhile(stands)) => {
                shown = both(opened.as_ref().unwrap_or(&stands), &stands, &typed, &mut problems);
                opened = Some(stands);
            }
            Err(error) if is_clash(&error) => {
                problems.add("external_id", "Somebody else on the roster has this ID");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let page = SeatPage::of(&app, &educator, &find_seat(&app, &educator, seat.id.as_str()).await?).await?;
    let was = opened.unwrap_or_else(|| page.was.clone());
    let page = SeatPage { name: shown.0, external_id: shown.1, was, problems, ..page };
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Name and id as the form shows them where somebody else changed them meanwhile: theirs where nothing was typed.
fn both(opened: &Entry, stands: &Entry, typed: &Entry, problems: &mut Problems) -> (String, String) {
    let name = beside(problems, "name", (&opened.name, &stands.name, &typed.name));
    let id = |entry: &Entry| entry.external_id.clone().unwrap_or_default();
    let id = beside(problems, "external_id", (&id(opened), &id(stands), &id(typed)));
    (name, id)
}

fn beside(
    problems: &mut Problems,
    field: &'static str,
    (opened, stands, typed): (&str, &str, &str),
) -> String {
    let is_typed = typed != opened;
    if stands != opened && stands != typed {
        let keep = if is_typed {
            "Save again to put what you wrote there instead"
        } else {
            "Save again if that fits"
        };
        problems.add(
            field,
            match stands {
                "" => format!("Meanwhile this was emptied. {keep}"),
                stands => format!("Meanwhile this was changed to “{stands}”. {keep}"),
            },
        );
    }
    if is_typed { typed.to_owned() } else { stands.to_owned() }
}

async fn changed(
    app: &App,
    educator: &Educator,
    seat: &SeatId,
    opened: Option<Entry>,
    typed: Entry,
) -> sqlx::Result<Changed> {
    let (educator, seat, clock) = (educator.clone(), seat.clone(), app.clock.clone());
    let write = app.db.write(move |conn| {
        let (educator, seat, clock) = (educator.clone(), seat.clone(), clock.clone());
        let (opened, typed) = (opened.clone(), typed.clone());
        let work: Work<'_, Changed, sqlx::Error> = Box::pin(async move {
            entry::change(conn, &clock, (&educator, &seat), opened.as_ref(), &typed).await
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
    let (proof, from_id, into_id, its_app) =
        (educator.clone(), from.id.clone(), into.id.clone(), app.clone());
    let write = app.db.write(move |conn| {
        let (educator, from, into, app) = (proof.clone(), from_id.clone(), into_id.clone(), its_app.clone());
        Box::pin(async move { merged(conn, (&app.clock, &app.library), &educator, &from, &into).await })
    });
    let done: sqlx::Result<bool> = write.await;
    let there = store::seat(&mut app.db.read().await?, educator.cohort(), &into.id).await?;
    // The same form sent twice: she is there already.
    let is_hers = there
        .is_some_and(|seat| seat.id != from.id && seat.nurse_id.is_some() && seat.nurse_id == from.nurse_id);
    if done? || is_hers {
        return Ok(to(&here(&educator, "merged", 1)));
    }
    let mut page = SeatPage::of(&app, &educator, &from).await?;
    page.problems.add("into", "Somebody has taken that place meanwhile. Choose another");
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}
