//! The overview as a file: the same things that are on the screen, with the same filter.

use serde::Serialize;

use crate::practice::Readiness;
use crate::review::help::Needs;
use crate::review::moments::Moment;
use crate::review::overview::Overview;
use crate::review::paths::Change;
use crate::review::{Count, Filter};

/// The overview of a cohort.
#[derive(Debug, Serialize)]
pub struct OverviewOut<'a> {
    cohort: &'a str,
    assignment: Option<String>,
    since: Option<String>,
    until: Option<String>,
    nurses: usize,
    answered: usize,
    lead: String,
    moments: &'a [Moment],
    also_missed: &'a [Moment],
    need_help: &'a [Needs<'a>],
    paths: Vec<NurseOut>,
    first_and_latest: &'a [Change],
    not_begun: Vec<NotBegunOut>,
    practice: Option<PracticeOut>,
}

#[derive(Debug, Serialize)]
struct NurseOut {
    nurse: String,
    asked_to_talk: bool,
    feels_ready: Option<&'static str>,
    commented: bool,
    unread_answers: usize,
    scenarios: Vec<PathOut>,
}

#[derive(Debug, Serialize)]
struct PathOut {
    scenario: String,
    attempt: String,
    path: Vec<&'static str>,
    missed_red_flag: bool,
}

#[derive(Debug, Serialize)]
struct NotBegunOut {
    assignment: String,
    scenario: String,
    nurses: Vec<String>,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct PracticeOut {
    nurses: i64,
    times: i64,
}

impl<'a> OverviewOut<'a> {
    /// Takes what the screen shows; `practice` only where the screen shows it.
    #[must_use]
    pub fn new(
        cohort: &'a str,
        filter: &Filter,
        overview: &'a Overview<'_>,
        practice: Option<(i64, i64)>,
    ) -> Self {
        let paths = overview.rows.iter().map(|row| NurseOut {
            nurse: row.seat.shown().to_owned(),
            asked_to_talk: row.between.asked.is_some(),
            feels_ready: row.between.asked.flatten().map(Readiness::name),
            commented: row.between.commented,
            unread_answers: row.between.unread,
            scenarios: overview
                .slugs
                .iter()
                .zip(&row.paths)
                .filter_map(|(slug, path)| Some((slug, (*path)?)))
                .map(|(slug, path)| PathOut {
                    scenario: (*slug).to_owned(),
                    attempt: path.attempt.as_str().to_owned(),
                    path: path.places.iter().map(|place| place.class()).collect(),
                    missed_red_flag: path.missed,
                })
                .collect(),
        });
        let not_begun = overview.not_begun.iter().map(|(assignment, seats)| NotBegunOut {
            assignment: assignment.id.as_str().to_owned(),
            scenario: assignment.slug.clone(),
            nurses: seats.iter().map(|seat| seat.shown().to_owned()).collect(),
        });
        Self {
            cohort,
            assignment: filter.assignment.as_ref().map(|assignment| assignment.as_str().to_owned()),
            since: filter.since.map(|day| day.to_string()),
            until: filter.until.map(|day| day.to_string()),
            nurses: overview.here,
            answered: overview.answered,
            lead: overview.lead(),
            moments: &overview.moments.talk,
            also_missed: &overview.moments.also_missed,
            need_help: &overview.needs,
            paths: paths.collect(),
            first_and_latest: &overview.changes,
            not_begun: not_begun.collect(),
            practice: practice.map(|(nurses, times)| PracticeOut { nurses, times }),
        }
    }

    /// As rows of one table, section by section.
    #[must_use]
    pub fn rows(&self) -> Vec<[String; COLUMNS.len()]> {
        let mut rows = vec![line("overview", "", "", "", None, &self.lead)];
        for moment in self.moments {
            let counts = Some(&moment.first);
            rows.push(line("moment", &moment.slug, &moment.title, "", counts, &moment.question));
        }
        for moment in self.also_missed {
            rows.push(line("danger unanswered", &moment.slug, &moment.title, "", Some(&moment.first), ""));
        }
        for needs in self.need_help {
            rows.push(line("needs help", needs.scenario, "", needs.name, None, needs.reason));
        }
        for nurse in &self.paths {
            for path in &nurse.scenarios {
                rows.push(line("path", &path.scenario, "", &nurse.nurse, None, &path.path.join(", ")));
            }
            if nurse.asked_to_talk {
                let ready = nurse.feels_ready.unwrap_or_default();
                rows.push(line("asked to talk", "", "", &nurse.nurse, None, ready));
            }
        }
        for change in self.first_and_latest {
            let nurses = format!("{} nurses with two attempts or more", change.nurses);
            rows.push(line("first attempts", &change.slug, "", "", Some(&change.first), &nurses));
            rows.push(line("latest attempts", &change.slug, "", "", Some(&change.latest), &nurses));
        }
        for missing in &self.not_begun {
            for nurse in &missing.nurses {
                rows.push(line("not begun", &missing.scenario, "", nurse, None, ""));
            }
        }
        if let Some(practice) = self.practice {
            let text = format!("{} nurses practiced, {} times", practice.nurses, practice.times);
            rows.push(line("practice", "", "", "", None, &text));
        }
        rows
    }
}

/// The columns of [`OverviewOut::rows`].
pub const COLUMNS: [&str; 12] = [
    "section",
    "scenario",
    "turn",
    "nurse",
    "n",
    "turned_away",
    "kept",
    "blurred",
    "crossed",
    "missed_red_flags",
    "policy_decides",
    "text",
];

fn line(
    section: &str,
    scenario: &str,
    turn: &str,
    nurse: &str,
    count: Option<&Count>,
    text: &str,
) -> [String; COLUMNS.len()] {
    let number = |of: fn(&Count) -> usize| count.map(|count| of(count).to_string()).unwrap_or_default();
    [
        section.to_owned(),
        scenario.to_owned(),
        turn.to_owned(),
        nurse.to_owned(),
        number(Count::total),
        number(|count| count.turns_away),
        number(|count| count.keeps),
        number(|count| count.blurs),
        number(|count| count.crosses),
        number(|count| count.missed_red_flags),
        number(|count| count.policy_decides),
        text.to_owned(),
    ]
}
