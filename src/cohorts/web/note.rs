//! What is typed on an assignment's form: its last day, and the note that every nurse of the cohort reads.

use super::super::Assignment;
use super::super::AssignmentId;
use super::super::due::read_day;
use super::super::enter::note_educator;
use crate::accounts::audit::Event;
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::clock::Clock;
use crate::db::Conn;
use crate::practice::guard::{Anyway, Ask, Checked, check, shown};
use crate::web::form::{Problems, Text};

/// The longest note to an assignment, in characters.
const LONGEST_NOTE: usize = 300;

/// What was typed.
pub(super) struct Typed<'a> {
    pub(super) due: &'a Text,
    pub(super) note: &'a Text,
    /// "Keep it as it is": about which details it was asked.
    pub(super) anyway: Option<&'a str>,
}

/// The same, looked through.
#[derive(Default)]
pub(super) struct Told {
    pub(super) due_on: Option<String>,
    pub(super) note: String,
    pub(super) problems: Problems,
    /// Where something in the note is to be asked about first: the question.
    pub(super) ask: Option<Ask>,
    /// The kinds of what is kept although it was asked about.
    pub(super) anyway: Option<String>,
}

impl Told {
    /// Whether the page is to be shown again.
    pub(super) fn is_refused(&self) -> bool {
        !self.problems.is_empty() || self.ask.is_some()
    }
}

impl Typed<'_> {
    /// Looks it through, for this scenario. `before`: what stands already, where it is changed.
    pub(super) fn told(&self, app: &App, slug: &str, before: Option<&Assignment>) -> Told {
        let mut problems = Problems::default();
        let revision = app.library.by_slug(slug);
        if revision.is_none() && before.is_none() {
            problems.add("slug", "Choose a scenario");
        }
        let due = Some(self.due.as_str()).filter(|due| !due.is_empty());
        let today = crate::clock::date(app.clock.now());
        match due.map(read_day) {
            Some(None) => problems.add("due", "Write the day like this: 2026-03-31, or leave it empty"),
            Some(Some(day)) if day < today && due != before.and_then(|before| before.due_on.as_deref()) => {
                problems.add("due", "That day is over. Choose today or a later day, or leave it empty");
            }
            _ => {}
        }
        let note = self.note.as_str();
        let excess = note.chars().count().saturating_sub(LONGEST_NOTE);
        if excess > 0 {
            let text = format!("The note is {excess} characters too long. It may have {LONGEST_NOTE}");
            problems.add("note", text);
        }
        let told =
            Told { due_on: due.map(str::to_owned), note: note.to_owned(), problems, ..Told::default() };
        // What stands there already was asked about then.
        if told.is_refused() || before.is_some_and(|before| before.note == note) {
            return told;
        }
        let policy = app.library.policy();
        let shown = || revision.iter().flat_map(|revision| shown(revision, &policy)).collect();
        match check(&[("note", note)], &Anyway::read(self.anyway), shown) {
            Checked::Fine => told,
            Checked::Ask(ask) => Told { ask: Some(ask), ..told },
            Checked::Anyway(kinds) => Told { anyway: Some(kinds), ..told },
        }
    }
}

/// Notes that a note was kept although it was asked about, where it was: the assignment and the kinds, never the words.
pub(super) async fn note_anyway(
    conn: &mut Conn,
    clock: &Clock,
    educator: &Educator,
    assignment: &AssignmentId,
    kinds: Option<&str>,
) -> sqlx::Result<()> {
    let Some(kinds) = kinds else { return Ok(()) };
    let object = format!("{} {kinds}", assignment.as_str());
    note_educator(conn, clock, educator, Event::SentAnyway, None, Some(&object)).await
}
