//! The filter that stands on the pages of a cohort: one assignment, a first day, a last day.

use jiff::civil::Date;
use serde::Deserialize;

use crate::app::App;
use crate::clock::day;
use crate::cohorts::{Assignment, AssignmentId};
use crate::review::Filter;
use crate::web::error::{Error, Result};
use crate::web::form::Problems;

/// What may stand after the question mark of these pages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asked {
    /// An assignment's id; empty: all of them.
    pub assignment: String,
    /// The first day, as 2026-03-02; empty: from the beginning.
    pub since: String,
    /// The last day; empty: until now.
    pub until: String,
    /// "1": every row of a long table.
    pub all: String,
    /// "0": numbers instead of names.
    pub names: String,
    /// "latest": the latest answers instead of the first ones.
    pub show: String,
}

impl Asked {
    /// The filter that was asked for, and what is to be said about days that can't be read.
    pub fn filter(&self) -> Result<(Filter, Problems)> {
        let mut problems = Problems::default();
        let assignment = match self.assignment.as_str() {
            "" => None,
            id => Some(AssignmentId::read(id).ok_or(Error::NotFound)?),
        };
        let mut read = |field, text: &str| match text.parse::<Date>() {
            Ok(date) => Some(date),
            Err(_) if text.is_empty() => None,
            Err(_) => {
                problems.add(field, "Write the day as year, month and day: 2026-03-02.");
                None
            }
        };
        let (since, until) = (read("since", &self.since), read("until", &self.until));
        if let (Some(first), Some(last)) = (since, until)
            && first > last
        {
            problems.add("since", "The first day lies after the last one.");
        }
        let filter =
            if problems.is_empty() { Filter { assignment, since, until } } else { Filter::default() };
        Ok((filter, problems))
    }

    /// Whether every row is wanted.
    #[must_use]
    pub fn all(&self) -> bool {
        self.all == "1"
    }

    /// Whether the latest answers are wanted instead of the first ones.
    #[must_use]
    pub fn latest(&self) -> bool {
        self.show == "latest"
    }
}

/// The filter's form.
#[derive(Clone, Debug)]
pub struct FilterForm {
    /// (id, name, whether it is the chosen one)
    pub assignments: Vec<(String, String, bool)>,
    /// The first day, as it was typed.
    pub since: String,
    /// The last day, as it was typed.
    pub until: String,
    /// What stands in the way.
    pub problems: Problems,
    /// The page's own address, without the filter.
    pub action: String,
    /// The filter as the addresses of this page and its files end with it.
    pub query: String,
    /// A choice that stays as it is when the filter changes: (name, value).
    pub keep: Option<(&'static str, String)>,
}

impl FilterForm {
    /// The form as it was filled in. An assignment of another cohort is not there.
    pub fn new(
        app: &App,
        given: &[Assignment],
        asked: &Asked,
        (filter, problems): (&Filter, Problems),
        action: String,
    ) -> Result<Self> {
        if let Some(chosen) = &filter.assignment
            && !given.iter().any(|assignment| assignment.id == *chosen)
        {
            return Err(Error::NotFound);
        }
        let option = |assignment: &Assignment| {
            let title = app.library.title_of(&assignment.slug);
            let name = format!("{title}, set {}", day(assignment.made_at));
            let chosen = filter.assignment.as_ref() == Some(&assignment.id);
            (assignment.id.as_str().to_owned(), name, chosen)
        };
        Ok(Self {
            assignments: given.iter().map(option).collect(),
            since: asked.since.clone(),
            until: asked.until.clone(),
            problems,
            action,
            query: filter.query(),
            keep: asked.latest().then(|| ("show", "latest".to_owned())),
        })
    }

    /// Whether something is filtered.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        !self.query.is_empty()
    }

    /// The filter followed by one more choice: "?all=1", or "?since=…&all=1".
    #[must_use]
    pub fn and(&self, choice: &str) -> String {
        if self.query.is_empty() { format!("?{choice}") } else { format!("{}&{choice}", self.query) }
    }

    /// The form with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            assignments: vec![("a".to_owned(), "A goodbye, set March 2, 2026".to_owned(), true)],
            since: "2026-03-01".to_owned(),
            until: String::new(),
            problems: Problems::default(),
            action: "/cohorts/c".to_owned(),
            query: "?since=2026-03-01".to_owned(),
            keep: None,
        }
    }
}
