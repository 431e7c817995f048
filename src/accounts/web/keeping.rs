//! How long things are kept, for an administrator: what each period means, what it lets go, and the numbers first.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::accounts::audit::{Actor, Event};
use crate::accounts::keeping::{Keeping, MONTHS, YEARS, counted};
use crate::accounts::staff::{Administrator, Staff};
use crate::accounts::store::{self, AuditEntry, note};
use crate::app::App;
use crate::clock::Clock;
use crate::db::Conn;
use crate::operate::keeping::{Due, due};
use crate::web::form::{Form, JustSaved, Problems, Query, Text};
use crate::web::page::{Here, show_as};
use crate::web::route::{Route, Who, get, post};
use crate::web::{Frame, Result, show, to};

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![
        get("/administration/retention", Who::Administrator, retention),
        post("/administration/retention", Who::Administrator, change),
    ]
}

/// One period on the page.
#[derive(Debug)]
struct Period {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    typed: String,
    due: String,
    /// Where a shorter one is to be confirmed: how long it was and how long it would be.
    shorter: Option<(String, String)>,
}

/// The page of how long things are kept; before a shorter period, the page that states what goes.
#[derive(Debug, Template)]
#[template(path = "accounts/keeping.html")]
pub struct KeepingPage {
    frame: Frame,
    problems: Problems,
    confirming: bool,
    just_saved: bool,
    anything_due: bool,
    periods: [Period; 3],
}

impl KeepingPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let due = Due { attempts: 12, nurses: 3, words: 1, completions: 0 };
        let mut page = Self::new(Frame::staff_sample(Here::Administration), Keeping::default(), due);
        page.problems.add("words_months", "Write a whole number of months from 1 to 60");
        page
    }

    fn new(frame: Frame, keeping: Keeping, due: Due) -> Self {
        let period = |name, label, hint, typed: u16, due| Period {
            name,
            label,
            hint,
            typed: typed.to_string(),
            due,
            shorter: None,
        };
        Self {
            frame,
            problems: Problems::default(),
            confirming: false,
            just_saved: false,
            anything_due: due != Due::default(),
            periods: [
                period(
                    "practice_months",
                    "Practice, in months",
                    "Counted from the day the nurse was last here. Then her practice goes with everything in it: \
                     replies, own words, what she wrote looking back. If nothing else is hers, no seat and no \
                     assigned work, she goes too. From 1 to 60.",
                    keeping.practice_months,
                    practice_due(due),
                ),
                period(
                    "words_months",
                    "Own words of assigned work, in months",
                    "Counted from the day the cohort was archived. Then the words its nurses typed go, what they \
                     wrote looking back, and what was ticked for class. The replies they chose stay. From 1 to 60.",
                    keeping.words_months,
                    nothing_or(due.words, |number| {
                        format!("the own words of {}", counted(number, "attempt"))
                    }),
                ),
                period(
                    "completion_years",
                    "That assigned work was done, in years",
                    "Who, which scenario and when, counted from that day. From 1 to 20.",
                    keeping.completion_years,
                    nothing_or(due.completions, |number| counted(number, "completion")),
                ),
            ],
        }
    }

    /// What was typed stands in the fields.
    fn typed(mut self, form: &KeepingForm) -> Self {
        let typed = [&form.practice_months, &form.words_months, &form.completion_years];
        for (period, text) in self.periods.iter_mut().zip(typed) {
            text.as_str().clone_into(&mut period.typed);
        }
        self
    }

    /// Asks first, where a period would be shorter.
    fn confirming(mut self, old: Keeping, new: Keeping) -> Self {
        let words = |keeping: Keeping| {
            [keeping.practice_in_words(), keeping.words_in_words(), keeping.completion_in_words()]
        };
        let shorter = [
            new.practice_months < old.practice_months,
            new.words_months < old.words_months,
            new.completion_years < old.completion_years,
        ];
        let pairs = words(old).into_iter().zip(words(new)).zip(shorter);
        for (period, (pair, shorter)) in self.periods.iter_mut().zip(pairs) {
            period.shorter = shorter.then_some(pair);
        }
        self.confirming = true;
        self
    }
}

fn nothing_or(number: i64, words: impl Fn(i64) -> String) -> String {
    if number == 0 { "nothing".to_owned() } else { words(number) }
}

fn practice_due(due: Due) -> String {
    let attempts = counted(due.attempts, "attempt");
    let nurses = format!("{} without a name", counted(due.nurses, "nurse"));
    match (due.attempts, due.nurses) {
        (0, 0) => "nothing".to_owned(),
        (_, 0) => attempts,
        (0, _) => nurses,
        _ => format!("{attempts} and {nurses}"),
    }
}

async fn retention(
    State(app): State<App>,
    admin: Administrator,
    Query(saved): Query<JustSaved>,
) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let keeping = store::keeping(&mut conn).await?;
    let due = due(&mut conn, keeping, app.clock.now()).await?;
    let mut page = KeepingPage::new(admin.staff().frame(Here::Administration), keeping, due);
    page.just_saved = saved.is_so();
    show(&page)
}

/// What the form sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeepingForm {
    practice_months: Text,
    words_months: Text,
    completion_years: Text,
    confirmed: Option<String>,
}

impl KeepingForm {
    fn read(&self) -> Result<Keeping, Problems> {
        let mut problems = Problems::default();
        let mut number = |field, text: &Text, bounds: &std::ops::RangeInclusive<u16>, what| {
            let number = text.as_str().parse().ok().filter(|number| bounds.contains(number));
            if number.is_none() {
                let (from, until) = (bounds.start(), bounds.end());
                problems.add(field, format!("Write a whole number of {what} from {from} to {until}"));
            }
            number
        };
        let practice = number("practice_months", &self.practice_months, &MONTHS, "months");
        let words = number("words_months", &self.words_months, &MONTHS, "months");
        let completion = number("completion_years", &self.completion_years, &YEARS, "years");
        match (practice, words, completion) {
            (Some(practice_months), Some(words_months), Some(completion_years)) => {
                Ok(Keeping { practice_months, words_months, completion_years })
            }
            _ => Err(problems),
        }
    }
}

async fn change(
    State(app): State<App>,
    admin: Administrator,
    Form(form): Form<KeepingForm>,
) -> Result<Response> {
    let (frame, now) = (admin.staff().frame(Here::Administration), app.clock.now());
    let mut conn = app.db.read().await?;
    let old = store::keeping(&mut conn).await?;
    let new = match form.read() {
        Ok(new) => new,
        Err(problems) => {
            let mut page = KeepingPage::new(frame, old, due(&mut conn, old, now).await?).typed(&form);
            page.problems = problems;
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    if new.is_shorter_than(old) && form.confirmed.is_none() {
        let page = KeepingPage::new(frame, new, due(&mut conn, new, now).await?);
        return show(&page.confirming(old, new));
    }
    drop(conn);
    let (clock, by) = (app.clock.clone(), admin.staff().clone());
    app.db
        .write(move |conn| {
            let (clock, by) = (clock.clone(), by.clone());
            Box::pin(async move { save(conn, &clock, &by, new).await })
        })
        .await?;
    Ok(to("/administration/retention?saved=1"))
}

/// Keeps the periods and notes who changed them; the same again changes nothing.
async fn save(conn: &mut Conn, clock: &Clock, by: &Staff, keeping: Keeping) -> anyhow::Result<()> {
    by.is_still_here(conn).await?;
    if store::keeping(conn).await? == keeping {
        return Ok(());
    }
    store::put_keeping(conn, keeping).await?;
    let entry = AuditEntry {
        object_id: Some(&keeping.stored()),
        ..AuditEntry::of(clock.new_id(), clock.now(), Event::RetentionChanged, Actor::Staff(by.id().as_str()))
    };
    Ok(note(conn, &entry).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_counted_in_words() {
        let due = |attempts, nurses| practice_due(Due { attempts, nurses, ..Due::default() });
        assert_eq!(due(0, 0), "nothing");
        assert_eq!(due(2, 0), "2 attempts");
        assert_eq!(due(0, 1), "1 nurse without a name");
        assert_eq!(due(1, 2), "1 attempt and 2 nurses without a name");
        assert_eq!(nothing_or(0, |number| number.to_string()), "nothing");
        assert_eq!(nothing_or(1, |number| number.to_string()), "1");
    }
}
