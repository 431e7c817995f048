//! Blacking out words of assigned work: they leave the records for good, and the nurse sees that they did.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::place::{self, Place, Sent, Typed, with_typed};
use super::transcript::{Trouble, page};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::db::{Conn, Work};
use crate::practice::blacking::{Spot, black_out};
use crate::practice::guard::{look_beside, shown};
use crate::practice::store::{add_blacked, blackable, blacked, hold_of_cohort, put_blacked};
use crate::practice::{Attempt, AttemptId};
use crate::review::store;
use crate::token::{is_token, token_hash};
use crate::web::form::{Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/people/{seat}/{attempt}/blackout", Who::Educator, blackout)]
}

/// The form under a text in which words can be blacked out, and how many were.
#[derive(Clone, Debug)]
pub struct BlackView {
    pub(super) action: String,
    pub(super) spot: String,
    pub(super) about: String,
    pub(super) token: String,
    pub(super) found: Vec<String>,
    pub(super) typed: String,
    pub(super) error: Option<String>,
    pub(super) words: i64,
    /// Whether words were blacked out here just now.
    pub(super) done: bool,
    pub(super) name: String,
}

/// Said where the words to be blacked out are not in the text.
const NOT_THERE: &str =
    "We don’t find these words in the text. Copy them just as they are there, whole words only";

impl BlackView {
    /// As it looks on a sample page.
    #[must_use]
    pub fn sample(spot: &str) -> Self {
        Self {
            action: "/cohorts/c/people/s/a/blackout".to_owned(),
            spot: spot.to_owned(),
            about: "in the own words of turn 1".to_owned(),
            token: "t".to_owned(),
            found: vec!["555-0142".to_owned()],
            typed: String::new(),
            error: Some(NOT_THERE.to_owned()),
            words: 2,
            done: false,
            name: "Ana".to_owned(),
        }
    }

    /// The id of its field.
    #[must_use]
    pub fn field(&self) -> String {
        format!("black-{}", self.spot)
    }
}

/// What every such form of one transcript needs.
pub(super) struct Blacking<'a> {
    pub(super) app: &'a App,
    pub(super) attempt: &'a Attempt,
    pub(super) address: String,
    pub(super) name: String,
    pub(super) words: HashMap<String, i64>,
    pub(super) trouble: Option<&'a Trouble>,
    /// Where words were blacked out just now.
    pub(super) done: Option<&'a str>,
}

impl Blacking<'_> {
    /// The form for this text.
    pub(super) fn of(&self, spot: &Spot, about: String, text: &str) -> BlackView {
        let (attempt, stored) = (self.attempt, spot.stored());
        let shown = || shown(&attempt.revision, &attempt.policy);
        let finds = look_beside(text, shown).into_iter();
        let found = finds.filter_map(|find| text.get(find.range).map(str::to_owned));
        let field = format!("black-{stored}");
        let trouble = self.trouble.filter(|trouble| trouble.field == field);
        BlackView {
            action: format!("{}/blackout", self.address),
            about,
            token: self.app.clock.new_token(),
            found: found.collect(),
            typed: trouble.map(|trouble| trouble.typed.clone()).unwrap_or_default(),
            error: trouble.map(|trouble| trouble.text.clone()),
            words: self.words.get(&stored).copied().unwrap_or_default(),
            done: self.done == Some(stored.as_str()),
            name: self.name.clone(),
            spot: stored,
        }
    }
}

/// What the form sends: words typed or pasted, or one of the details that were found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlackForm {
    #[serde(default)]
    place: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    text: Text,
    #[serde(default)]
    found: Text,
}

impl Typed for BlackForm {
    fn typed(&self) -> &str {
        self.text.as_str()
    }
}

/// What became of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Done {
    /// The words are gone, now or since this form was sent before.
    Gone,
    /// They don't stand there.
    NotThere,
    /// There is no such text, or not for this educator.
    NoText,
}

async fn blackout(
    State(app): State<App>,
    Path((_cohort, seat, attempt)): Path<(String, String, String)>,
    Sent { educator, form }: Sent<BlackForm>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let found = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await;
    drop(conn);
    let (place, attempt) = match found {
        Ok(found) => found,
        Err(error) => return Ok(with_typed(error, form.typed())),
    };
    let Some(spot) = Spot::read(&form.place) else { return Ok(with_typed(Error::NotFound, form.typed())) };
    if !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let words = if form.found.is_empty() { &form.text } else { &form.found };
    let text = if words.is_empty() {
        "Write or paste the words first"
    } else {
        match black(&app, &educator, (&place, &attempt.id), &spot, (words.as_str(), &form.token)).await? {
            Done::Gone => {
                app.db.forget().await?;
                return Ok(to(&back(&educator, &place, &attempt, &spot)));
            }
            Done::NoText => return Ok(with_typed(Error::NotFound, form.typed())),
            Done::NotThere => NOT_THERE,
        }
    };
    let field = format!("black-{}", spot.stored());
    let trouble = Trouble { field, text: text.to_owned(), typed: form.text.into_string(), ask: None };
    let page = page(&app, &educator, &place, &attempt, Some(trouble)).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The transcript again, at the text that was changed.
fn back(educator: &Educator, place: &Place, attempt: &Attempt, spot: &Spot) -> String {
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let spot = spot.stored();
    format!("{address}?blacked={spot}#at-{spot}")
}

async fn black(
    app: &App,
    educator: &Educator,
    (place, attempt): (&Place, &AttemptId),
    spot: &Spot,
    (words, token): (&str, &str),
) -> sqlx::Result<Done> {
    let (id, now) = (app.clock.new_id(), app.clock.now());
    let (educator, attempt, spot) = (educator.clone(), attempt.clone(), spot.clone());
    // The same form with other words in it is another wish, and must not look as if it were done.
    let token_hash = token_hash(&format!("{token}\0{words}"));
    let (words, nurse) = (words.to_owned(), place.seat.nurse_id.clone());
    let blacking = app.db.write(move |conn| {
        let (id, educator, attempt, spot) = (id.clone(), educator.clone(), attempt.clone(), spot.clone());
        let (words, token_hash, nurse) = (words.clone(), token_hash.clone(), nurse.clone());
        let work: Work<'_, Done, sqlx::Error> = Box::pin(async move {
            hold_of_cohort(conn, &educator, &attempt).await?;
            let Some(text) = text(conn, &educator, &attempt, &spot).await? else { return Ok(Done::NoText) };
            let Some((without, count)) = black_out(&text, &words) else {
                let stored = spot.stored();
                let before = blacked(conn, &attempt).await?;
                let by_this = before.iter().any(|it| it.place == stored && it.token_hash == token_hash);
                return Ok(if by_this { Done::Gone } else { Done::NotThere });
            };
            match &spot {
                Spot::Answer(answer) => {
                    store::put_her_answer(conn, &educator, &attempt, answer, &without).await?;
                }
                _ => put_blacked(conn, &attempt, &spot, &without).await?,
            }
            add_blacked(conn, &attempt, &spot, (count, &token_hash), now).await?;
            let entry = AuditEntry {
                nurse_id: nurse.as_deref(),
                object_id: Some(attempt.as_str()),
                ..AuditEntry::by_educator(id, now, Event::BlackedOut, &educator)
            };
            note(conn, &entry).await?;
            Ok(Done::Gone)
        });
        work
    });
    blacking.await
}

/// The text at this place, as an educator of the cohort may read it.
async fn text(
    conn: &mut Conn,
    educator: &Educator,
    attempt: &AttemptId,
    spot: &Spot,
) -> sqlx::Result<Option<String>> {
    match spot {
        Spot::Answer(answer) => store::her_answer(conn, educator, attempt, answer).await,
        _ => blackable(conn, educator, attempt, spot).await,
    }
}
