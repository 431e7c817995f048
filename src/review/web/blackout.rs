//! Blacking out words of assigned work, wherever they stand in one conversation: first it is shown where, then they leave
//! the records for good, what others wrote about them too, and the nurse sees that they did.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::blackout_check::BlackoutPage;
use super::place::{self, Place};
use super::transcript::{Forms, Said, Trouble, page};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::clock::Millis;
use crate::db::{Conn, Work};
use crate::practice::blacking::{Spot, black_out};
use crate::practice::guard::{look_beside, shown};
use crate::practice::store::{Talk, add_blacked, blackable, hold_of_cohort, put_blacked};
use crate::practice::{Attempt, AttemptId};
use crate::review::remark::{SeenBy, Written};
use crate::review::store;
use crate::review::viewed::note_view;
use crate::token::{is_token, token_hash};
use crate::web::form::{Form, Path, Text};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/people/{seat}/{attempt}/blackout", Who::Educator, blackout)]
}

/// The form that blacks words out, under a transcript.
#[derive(Clone, Debug)]
pub struct BlackView {
    pub(super) action: String,
    /// What looks like a real person's details.
    pub(super) found: Vec<String>,
    pub(super) typed: String,
    pub(super) error: Option<String>,
    pub(super) name: String,
}

/// Said where the words to be blacked out are not in any text.
const NOT_THERE: &str = "We don’t find these words here. Copy them just as they are there, whole words only";

/// Said where they were, on the page before.
const GONE: &str = "The words on the page before don’t stand here anymore. They were blacked out, changed or deleted meanwhile";

/// The id of the field.
const FIELD: &str = "black";

impl BlackView {
    /// As it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            action: "/cohorts/c/people/s/a/blackout".to_owned(),
            found: vec!["555-0142".to_owned()],
            typed: String::new(),
            error: Some(NOT_THERE.to_owned()),
            name: "Ana".to_owned(),
        }
    }

    /// The form for this transcript; None where nothing in it was written by anybody.
    pub(super) fn of(forms: &Forms<'_>, talk: Option<&Talk>, said: &Said) -> Option<Self> {
        let attempt = forms.attempt;
        let own = attempt.openings.values().filter_map(|opening| opening.own_words.as_deref());
        let talk = talk.into_iter().flat_map(|talk| [talk.feeling.as_str(), talk.aim.as_str()]);
        let answers = said.answers.iter().filter(|answer| answer.staff_id.is_none());
        let hers = own.chain(talk).chain(answers.map(|answer| answer.text.as_str()));
        let hers: Vec<&str> = hers.filter(|text| !text.is_empty()).collect();
        if hers.is_empty() && said.comments.is_empty() {
            return None;
        }
        let mut found: Vec<String> = Vec::new();
        for text in hers {
            for find in look_beside(text, || shown(&attempt.revision, &attempt.policy)) {
                let words = text.get(find.range).unwrap_or_default().to_owned();
                if !found.contains(&words) {
                    found.push(words);
                }
            }
        }
        let trouble = forms.trouble.filter(|trouble| trouble.field == FIELD);
        Some(Self {
            action: format!("{}/blackout", forms.address),
            found,
            typed: trouble.map(|trouble| trouble.typed.clone()).unwrap_or_default(),
            error: trouble.map(|trouble| trouble.text.clone()),
            name: forms.name.clone(),
        })
    }
}

/// What the form sends: words typed or pasted, or one of the details that were found. With `sure`, from the page that
/// shows where they stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BlackForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    text: Text,
    #[serde(default)]
    found: Text,
    sure: Option<String>,
}

impl BlackForm {
    fn words(&self) -> &Text {
        if self.found.is_empty() { &self.text } else { &self.found }
    }
}

async fn blackout(
    State(app): State<App>,
    Path((_cohort, seat, attempt)): Path<(String, String, String)>,
    educator: Educator,
    Form(form): Form<BlackForm>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await?;
    drop(conn);
    if form.sure.is_some() && !is_token(&form.token) {
        return Err(Error::Invalid);
    }
    let words = form.words();
    let text = if words.is_empty() {
        "Write or paste the words first"
    } else if let Some(answer) = found(&app, &educator, (&place, &attempt), &form).await? {
        return Ok(answer);
    } else if form.sure.is_some() {
        GONE
    } else {
        NOT_THERE
    };
    let typed = if form.sure.is_some() { String::new() } else { words.as_str().to_owned() };
    let (field, text) = (FIELD.to_owned(), text.to_owned());
    let trouble = Trouble { field, text, typed, ..Trouble::default() };
    let page = page(&app, &educator, &place, &attempt, Some(trouble)).await?;
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Shows where the words stand or, once that was looked at, blacks them out. None where they stand nowhere that this
/// educator may read.
async fn found(
    app: &App,
    educator: &Educator,
    (place, attempt): (&Place, &Attempt),
    form: &BlackForm,
) -> Result<Option<Response>> {
    if form.words().excess() > 0 {
        return Ok(None);
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    if form.sure.is_some() {
        let done = black(app, educator, (place, &attempt.id), (form.words().as_str(), &form.token)).await?;
        if done {
            app.db.forget().await;
        }
        return Ok(done.then(|| to(&format!("{address}?blacked=1"))));
    }
    note_view(app, educator, &place.seat, attempt.id.as_str()).await?;
    let texts = texts(&mut app.db.read().await?, educator, &attempt.id).await?;
    let page = BlackoutPage::of(app, educator, (place, attempt), form.words().as_str(), texts);
    page.map(|page| show(&page)).transpose()
}

/// Every text of the attempt that words can be blacked out of.
async fn texts(conn: &mut Conn, educator: &Educator, attempt: &AttemptId) -> sqlx::Result<Vec<Written>> {
    let hers = blackable(conn, educator, attempt).await?.into_iter().map(|(spot, text)| Written {
        number: if let Spot::Own(number) = &spot { Some(*number) } else { None },
        spot,
        text,
        seen_by: SeenBy::All,
    });
    Ok(hers.chain(store::remarks(conn, educator, attempt).await?).collect())
}

/// Blacks the words out and notes it. False where they stand nowhere that this educator may read; true also where this
/// very form has done it before.
async fn black(
    app: &App,
    educator: &Educator,
    (place, attempt): (&Place, &AttemptId),
    (words, token): (&str, &str),
) -> sqlx::Result<bool> {
    let (id, now) = (app.clock.new_id(), app.clock.now());
    let (educator, attempt) = (educator.clone(), attempt.clone());
    // The same form with other words in it is another wish, and must not look as if it were done.
    let token_hash = token_hash(&format!("{token}\0{words}"));
    let (words, nurse) = (words.to_owned(), place.seat.nurse_id.clone());
    let blacking = app.db.write(move |conn| {
        let (id, educator, attempt) = (id.clone(), educator.clone(), attempt.clone());
        let (words, token_hash, nurse) = (words.clone(), token_hash.clone(), nurse.clone());
        let work: Work<'_, bool, sqlx::Error> = Box::pin(async move {
            hold_of_cohort(conn, &educator, &attempt).await?;
            let before = place::blacked(conn, &educator, &attempt).await?;
            if before.iter().any(|it| it.token_hash == token_hash) {
                return Ok(true);
            }
            let Some(seen) = everywhere(conn, (&educator, &attempt), &words, &token_hash, now).await? else {
                return Ok(false);
            };
            let entry = AuditEntry {
                nurse_id: nurse.as_deref().filter(|_| seen),
                object_id: Some(attempt.as_str()),
                ..AuditEntry::by_educator(id, now, Event::BlackedOut, &educator)
            };
            note(conn, &entry).await?;
            Ok(true)
        });
        work
    });
    blacking.await
}

/// Takes the words out of every text of the attempt, drafts of others too; None where they stand only in those, which this
/// educator can't know of. Whether the nurse reads any of these texts: what nobody showed her is not in her own record.
async fn everywhere(
    conn: &mut Conn,
    (educator, attempt): (&Educator, &AttemptId),
    words: &str,
    token_hash: &str,
    now: Millis,
) -> sqlx::Result<Option<bool>> {
    let texts = texts(conn, educator, attempt).await?.into_iter();
    let without = texts.filter_map(|written| black_out(&written.text, words).map(|out| (written, out)));
    let without: Vec<(Written, (String, i64))> = without.collect();
    let staff = educator.staff().id().as_str();
    if !without.iter().any(|(written, _)| written.is_seen_by(staff)) {
        return Ok(None);
    }
    for (written, (text, count)) in &without {
        let spot = &written.spot;
        match spot {
            Spot::Comment(_) | Spot::Answer(_) => store::put_remark(conn, attempt, spot, text).await?,
            Spot::Own(_) | Spot::Feeling | Spot::Aim => put_blacked(conn, attempt, spot, text).await?,
        }
        add_blacked(conn, attempt, &written.place(), (*count, token_hash), now).await?;
    }
    Ok(Some(without.iter().any(|(written, _)| written.seen_by == SeenBy::All)))
}
