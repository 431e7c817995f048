//! "Who looked at my record": the entries of the audit log about her, in plain sentences.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::audit::Event;
use crate::accounts::nurse::Nurse;
use crate::accounts::store::{AuditRow, concerning_all, of_nurse, staff_names};
use crate::app::App;
use crate::clock::moment;
use crate::cohorts::Group;
use crate::cohorts::store::groups_of;
use crate::practice::{Attempt, load};
use crate::web::page::Here;
use crate::web::route::{Route, Who, get};
use crate::web::{Frame, Result, show};

/// How many entries the page lists.
const LISTED: i64 = 200;

/// The addresses of this file.
#[must_use]
pub fn routes() -> Vec<Route> {
    vec![get("/me/record", Who::Nurse, record)]
}

/// One entry: when, and what happened in a sentence.
#[derive(Clone, Debug)]
pub struct Entry {
    when: String,
    what: String,
}

/// Who looked at her record.
#[derive(Debug, Template)]
#[template(path = "practice/record.html")]
pub struct RecordPage {
    frame: Frame,
    entries: Vec<Entry>,
    in_a_group: bool,
    /// Whether there are older entries than those on the page.
    more: bool,
}

impl RecordPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let entry = Entry {
            when: "March 3, 2026, 9:05 AM".to_owned(),
            what: "Ruth Reyes opened your answers to “A goodbye”.".to_owned(),
        };
        Self { frame: Frame::new(Here::Me, true), entries: vec![entry], in_a_group: true, more: true }
    }
}

/// What the sentences need to name people, groups and conversations.
struct Known {
    names: HashMap<String, String>,
    groups: Vec<Group>,
    attempts: Vec<Attempt>,
}

impl Known {
    fn who(&self, row: &AuditRow) -> String {
        match (row.actor_kind.as_str(), &row.actor_id) {
            ("nurse", _) => "You".to_owned(),
            ("staff", Some(id)) => self
                .names
                .get(id)
                .cloned()
                .unwrap_or_else(|| "Someone who no longer has an account".to_owned()),
            ("staff", None) => "Someone who no longer has an account".to_owned(),
            ("program", _) => "The program".to_owned(),
            _ => "Someone who was not signed in".to_owned(),
        }
    }

    fn group(&self, row: &AuditRow) -> String {
        let cohort = row.cohort_id.as_deref();
        let found = self.groups.iter().find(|group| Some(group.cohort.as_str()) == cohort);
        found.map_or_else(|| "your group".to_owned(), |group| group.name.clone())
    }

    /// The conversation that an entry is about, where it is about one.
    fn title(&self, row: &AuditRow) -> Option<String> {
        let attempt = self.attempts.iter().find(|it| Some(it.id.as_str()) == row.object_id.as_deref())?;
        Some(attempt.policy.speak(&attempt.revision.scenario.title))
    }

    fn sentence(&self, row: &AuditRow) -> Option<String> {
        let (who, group) = (self.who(row), self.group(row));
        let title = self.title(row);
        let answers =
            title.map_or_else(|| "your answers".to_owned(), |title| format!("your answers to “{title}”"));
        Some(match Event::read(&row.what)? {
            Event::TranscriptViewed => format!("{who} opened {answers}, in {group}."),
            Event::Commented => format!("{who} commented on {answers}."),
            Event::Marked => format!("{who} said element by element what your own words do, in {answers}."),
            Event::Exported => format!("{who} downloaded answers of {group}; yours may be among them."),
            Event::AppointedOneself => {
                format!("{who}, an administrator, took a role in {group} and may read its assigned work.")
            }
            Event::SeatClaimed => format!("{who} took your place in {group}."),
            Event::SeatConfirmed => format!("{who} confirmed that you belong to {group}."),
            Event::SeatsMerged => format!("{who} joined two places in {group} into one, yours."),
            Event::SeatRenamed => format!("{who} changed the name you have in {group}."),
            Event::SeatLinkMade => format!("{who} made a personal link for your place in {group}."),
            Event::SeatRemoved => format!("{who} removed you from {group}."),
            Event::SeatLeft => format!("{who} left {group}."),
            Event::WordsExpired => "Your own words were deleted because their time had come.".to_owned(),
            Event::MembershipGiven => {
                format!("{who} became an educator of {group} and may read its assigned work.")
            }
            Event::MembershipEnded => format!("{who} ended somebody’s role in {group}."),
            _ => format!("{who} changed something that concerns you, in {group}."),
        })
    }
}

async fn record(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let mut conn = app.db.read().await?;
    let groups = groups_of(&mut conn, &nurse).await?;
    let mut rows = of_nurse(&mut conn, &nurse, LISTED + 1).await?;
    for group in &groups {
        let since = group.joined_at.unwrap_or_default();
        rows.extend(concerning_all(&mut conn, &group.cohort, since, LISTED + 1).await?);
    }
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    let listed = usize::try_from(LISTED).unwrap_or(usize::MAX);
    let more = rows.len() > listed;
    rows.truncate(listed);
    let attempts = load::attempts(&mut conn, &app.library, &nurse, i64::MAX).await?;
    let known = Known { names: staff_names(&mut conn).await?, groups, attempts };
    let entry = |row: &AuditRow| Some(Entry { when: moment(row.at), what: known.sentence(row)? });
    show(&RecordPage {
        frame: Frame::new(Here::Me, true),
        entries: rows.iter().filter_map(entry).collect(),
        in_a_group: !known.groups.is_empty(),
        more,
    })
}
