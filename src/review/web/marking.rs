//! Saying what one sees in own words, element by element; shown to the nurse only when released.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::place;
use super::transcript::{Trouble, page};
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::accounts::store::{AuditEntry, note};
use crate::app::App;
use crate::practice::store::hold_of_cohort;
use crate::review::remark::{Marking, Seen};
use crate::review::store;
use crate::scenario::rubric::Element;
use crate::web::form::{Form, Path};
use crate::web::route::{Route, Who, post};
use crate::web::{Error, Result, show_as, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![post("/cohorts/{cohort}/people/{seat}/{attempt}/{number}/marking", Who::Educator, mark)]
}

/// What the form sends: for each element what is seen, or nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct MarkingForm {
    warm: String,
    clear: String,
    honest: String,
    route: String,
    safe: String,
    private: String,
    steady: String,
    tell: String,
    #[serde(rename = "do")]
    what: String,
}

impl MarkingForm {
    fn seen(&self) -> BTreeMap<Element, Seen> {
        let fields = [
            (Element::Warm, &self.warm),
            (Element::Clear, &self.clear),
            (Element::Honest, &self.honest),
            (Element::Route, &self.route),
            (Element::Safe, &self.safe),
            (Element::Private, &self.private),
            (Element::Steady, &self.steady),
            (Element::Tell, &self.tell),
        ];
        fields.into_iter().filter_map(|(element, value)| Some((element, Seen::read(value)?))).collect()
    }
}

async fn mark(
    State(app): State<App>,
    educator: Educator,
    Path((_cohort, seat, attempt, number)): Path<(String, String, String, u32)>,
    Form(form): Form<MarkingForm>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let (place, attempt) = place::attempt(&app, &mut conn, &educator, (&seat, &attempt)).await?;
    drop(conn);
    let walk = attempt.replay();
    let step = walk.step(number).filter(|step| step.answer.is_some()).ok_or(Error::NotFound)?;
    step.opening.and_then(|opening| opening.own_words.as_ref()).ok_or(Error::NotFound)?;
    let (seen, release) = (form.seen(), form.what == "release");
    if release && seen.is_empty() {
        let text = "Say what you see in one element at least".to_owned();
        let trouble = Trouble { field: format!("mark-{number}"), text, ..Trouble::default() };
        let page = page(&app, &educator, &place, &attempt, Some(trouble)).await?;
        return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let address = place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id));
    let (audit, now) = (app.clock.new_id(), app.clock.now());
    let marking = Marking { number, released_at: release.then_some(now), seen, ..Marking::default() };
    let attempt = attempt.id.clone();
    app.db
        .write(move |conn| {
            let (educator, place, audit) = (educator.clone(), place.clone(), audit.clone());
            let (attempt, marking) = (attempt.clone(), marking.clone());
            Box::pin(async move {
                hold_of_cohort(conn, &educator, &attempt).await?;
                if store::put_marking(conn, &educator, &attempt, &marking, now).await? {
                    let entry = AuditEntry {
                        nurse_id: place.seat.nurse_id.as_deref(),
                        object_id: Some(attempt.as_str()),
                        ..AuditEntry::by_educator(audit, now, Event::Marked, &educator)
                    };
                    note(conn, &entry).await?;
                }
                Ok::<(), sqlx::Error>(())
            })
        })
        .await?;
    Ok(to(&format!("{address}?saved=1#turn-{number}")))
}
