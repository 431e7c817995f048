//! "What happened to my record": the entries of the audit log about her, in plain sentences.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::accounts::audit::Event;
use crate::accounts::audit_words::COMPLETION;
use crate::accounts::nurse::Nurse;
use crate::accounts::store::{AuditRow, concerning_all, of_nurse, staff_names};
use crate::app::App;
use crate::clock::{Millis, moment};
use crate::cohorts::store::{cohort, groups_of};
use crate::cohorts::{CohortId, Group};
use crate::db::Conn;
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

/// What happened to her record.
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
    her: String,
    names: HashMap<String, String>,
    groups: Vec<Group>,
    /// Names of groups where somebody else has her place now, by id.
    before: HashMap<String, String>,
    attempts: Vec<Attempt>,
}

impl Known {
    fn who(&self, row: &AuditRow) -> String {
        match (row.actor_kind.as_str(), &row.actor_id) {
            ("nurse", Some(id)) if *id == self.her => "You".to_owned(),
            ("nurse", _) => "Somebody".to_owned(),
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
        let before = || cohort.and_then(|id| self.before.get(id)).cloned();
        found.map(|group| group.name.clone()).or_else(before).unwrap_or_else(|| "your group".to_owned())
    }

    /// The conversation that an entry is about, where it is about one.
    fn title(&self, row: &AuditRow) -> Option<String> {
        // What was sent anyway is noted with its kinds behind the attempt.
        let id = row.object_id.as_deref().and_then(|object| object.split(' ').next())?;
        let attempt = self.attempts.iter().find(|it| it.id.as_str() == id)?;
        Some(attempt.policy.speak(&attempt.revision.scenario.title))
    }

    /// Her attempts in the cohort of an entry, begun before it.
    fn there<'a>(&'a self, row: &'a AuditRow) -> impl Iterator<Item = &'a Attempt> {
        let group = self.groups.iter().find(|group| Some(group.cohort.as_str()) == row.cohort_id.as_deref());
        let of_group = move |attempt: &&Attempt| {
            let seat = attempt.assigned.as_ref().map(|assigned| &assigned.seat);
            group.is_some_and(|group| seat == Some(&group.seat)) && attempt.started_at <= row.at
        };
        self.attempts.iter().filter(of_group)
    }

    /// Where an entry is about one turn of a conversation, `slug/turn`: their titles, if she had answered it by then.
    fn turn(&self, row: &AuditRow) -> Option<String> {
        let (slug, turn) = row.object_id.as_deref()?.split_once('/')?;
        let answered = |attempt: &&Attempt| {
            let mut responses = attempt.responses.values();
            attempt.revision.scenario.slug == slug
                && responses.any(|response| response.turn_id == turn && response.answered_at <= row.at)
        };
        let attempt = self.there(row).find(answered)?;
        let scenario = &attempt.revision.scenario;
        let title = scenario.turns.get(turn).map(|turn| attempt.policy.speak(&turn.title))?;
        Some(format!("turn “{}” of “{}”", plain(&title), plain(&attempt.policy.speak(&scenario.title))))
    }

    /// Whether an entry about a whole group is about something of hers: what was shown or taken along before she
    /// answered anything is not.
    fn concerns_her(&self, row: &AuditRow) -> bool {
        match Event::read(&row.what) {
            Some(Event::WordsShown | Event::Exported)
                if row.object_id.as_deref().is_some_and(|it| it.contains('/')) =>
            {
                self.turn(row).is_some()
            }
            Some(Event::WordsExpired) => self.there(row).next().is_some(),
            _ => true,
        }
    }

    fn sentence(&self, row: &AuditRow) -> Option<String> {
        let (who, group) = (self.who(row), self.group(row));
        let title = self.title(row);
        let answers = title.map_or_else(
            || "your answers".to_owned(),
            |title| format!("your answers to “{}”", plain(&title)),
        );
        Some(match Event::read(&row.what)? {
            Event::TranscriptViewed => format!("{who} opened {answers}, in {group}."),
            Event::Commented => format!("{who} commented on {answers}."),
            Event::Marked => format!("{who} said element by element what your own words do, in {answers}."),
            Event::Exported if row.object_id.as_deref() == Some(COMPLETION) => {
                format!("{who} downloaded who has finished what in {group}. No answers are in that.")
            }
            Event::Exported if row.object_id.is_some() => {
                format!("{who} downloaded all answers to {} in {group}, yours too.", self.turn(row)?)
            }
            Event::WordsShown if row.object_id.as_deref().is_some_and(|object| object.contains('/')) => {
                format!("{who} opened all answers to {} in {group}, yours too.", self.turn(row)?)
            }
            Event::WordsShown => format!(
                "{who} opened the debrief pack of {group}. Own words of yours stand in it, from {answers}, without your \
                 name."
            ),
            Event::BlackedOut => {
                format!("{who} blacked out words in {answers}, or in what was said about them.")
            }
            Event::SentAnyway if row.actor_kind == "nurse" => format!(
                "{who} kept words that looked like a real person’s details, in {answers}. The words aren’t noted here."
            ),
            Event::SentAnyway => format!(
                "{who} kept words that looked like a real person’s details, in a comment on {answers}. The words aren’t \
                 noted here."
            ),
            Event::Exported => format!("{who} downloaded answers of {group}; yours may be among them."),
            Event::AppointedOneself => {
                format!("{who}, an administrator, took a role in {group} and may read its assigned work.")
            }
            Event::SeatClaimed if row.actor_id.as_deref() != Some(&self.her) => format!(
                "Somebody took over your place in {group} with a personal link, and with it the work you did there."
            ),
            Event::SeatClaimed => format!("{who} took your place in {group}."),
            Event::SeatConfirmed => format!("{who} confirmed that you belong to {group}."),
            Event::SeatsMerged => format!("{who} joined two places in {group} into one, yours."),
            Event::SeatRenamed => format!("{who} changed the name or ID you have in {group}."),
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

/// From when on something of hers was in the group: also what she did before she left and came back.
fn since(group: &Group, attempts: &[Attempt]) -> Millis {
    let here = |attempt: &&Attempt| attempt.assigned.as_ref().is_some_and(|it| it.seat == group.seat);
    let first = attempts.iter().filter(here).map(|attempt| attempt.started_at).min();
    group.joined_at.into_iter().chain(first).min().unwrap_or_default()
}

/// The names of the groups in these rows that she has no place in any more.
async fn before(
    conn: &mut Conn,
    groups: &[Group],
    rows: &[AuditRow],
) -> sqlx::Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    for id in rows.iter().filter_map(|row| row.cohort_id.as_deref()) {
        if names.contains_key(id) || groups.iter().any(|group| group.cohort.as_str() == id) {
            continue;
        }
        if let Some(cohort_id) = CohortId::read(id)
            && let Some(found) = cohort(conn, &cohort_id).await?
        {
            names.insert(id.to_owned(), found.name);
        }
    }
    Ok(names)
}

/// A title that is something said has its quotation marks already.
fn plain(title: &str) -> &str {
    title.trim_start_matches('“').trim_end_matches('”')
}

/// What is known of who looked: the newest entries, as (when, what), whether there are older ones, and whether she is in
/// a group at all.
pub(super) async fn looked(
    app: &App,
    nurse: &Nurse,
    most: i64,
) -> Result<(Vec<(Millis, String)>, bool, bool)> {
    let mut conn = app.db.read().await?;
    let groups = groups_of(&mut conn, nurse).await?;
    let attempts = load::ways(&mut conn, &app.library, nurse, i64::MAX).await?;
    let ask = most.saturating_add(1);
    let mut rows = of_nurse(&mut conn, nurse, ask).await?;
    for group in &groups {
        let since = since(group, &attempts);
        rows.extend(concerning_all(&mut conn, &group.cohort, since, ask).await?);
    }
    rows.sort_by(|a, b| b.id.cmp(&a.id));
    let before = before(&mut conn, &groups, &rows).await?;
    let known =
        Known { her: nurse.id().to_owned(), before, names: staff_names(&mut conn).await?, groups, attempts };
    rows.retain(|row| known.concerns_her(row));
    let listed = usize::try_from(most).unwrap_or(usize::MAX);
    let more = rows.len() > listed;
    rows.truncate(listed);
    let entry = |row: &AuditRow| Some((row.at, known.sentence(row)?));
    Ok((rows.iter().filter_map(entry).collect(), more, !known.groups.is_empty()))
}

async fn record(State(app): State<App>, nurse: Nurse) -> Result<Response> {
    let (entries, more, in_a_group) = looked(&app, &nurse, LISTED).await?;
    let entries = entries.into_iter().map(|(at, what)| Entry { when: moment(at), what });
    show(&RecordPage { frame: Frame::new(Here::Me, true), entries: entries.collect(), in_a_group, more })
}
