//! Reads a scenario as a careful colleague would, and lists what would trip a nurse or mislead her.

mod advice;
mod finding;
mod flow;
mod replies;
mod texts;

use std::collections::HashSet;

pub use finding::{Finding, Severity, nearest};
pub use texts::{Authored, authored};

use super::Scenario;
use super::parse::Parsed;

/// The longest name in an address or between turns, in characters.
const MAX_ID: usize = 60;
/// The longest a scenario may say it takes.
const MAX_MINUTES: u8 = 30;

/// Everything there is to say about a scenario that could be read, in the order of its lines.
///
/// `portraits` are the names of the drawings there are; when empty, portraits are not checked.
#[must_use]
pub fn check(parsed: &Parsed, portraits: &[&str]) -> Vec<Finding> {
    let mut report = Report { parsed, findings: Vec::new() };
    mistakes(portraits, &mut report);
    advice::check(&parsed.scenario, &mut report);
    report.in_order()
}

/// Only what keeps a scenario from being published: advice takes longer to come by than everything else.
#[must_use]
pub fn errors(parsed: &Parsed, portraits: &[&str]) -> Vec<Finding> {
    let mut report = Report { parsed, findings: Vec::new() };
    mistakes(portraits, &mut report);
    let mut findings = report.in_order();
    findings.retain(|finding| finding.severity == Severity::Error);
    findings
}

fn mistakes(portraits: &[&str], report: &mut Report<'_>) {
    let scenario = &report.parsed.scenario;
    frame(scenario, report);
    people(scenario, portraits, report);
    ids(scenario, report);
    texts::check(scenario, report);
    flow::check(scenario, report);
    replies::check(scenario, report);
}

/// The findings so far, and where things are in the file.
struct Report<'a> {
    parsed: &'a Parsed,
    findings: Vec<Finding>,
}

impl Report<'_> {
    /// Adds an error about what stands at `path` ("turns/request/replies/2/kept").
    fn error(&mut self, path: &str, message: impl Into<String>) {
        self.add(Severity::Error, path, message.into());
    }

    /// Adds a piece of advice about what stands at `path`.
    fn advise(&mut self, path: &str, message: impl Into<String>) {
        self.add(Severity::Advice, path, message.into());
    }

    fn in_order(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| (finding.line, finding.severity));
        self.findings
    }

    fn add(&mut self, severity: Severity, path: &str, message: String) {
        let line = self.parsed.line_of(path);
        let file = self.parsed.file.clone();
        self.findings.push(Finding { file, line, column: None, severity, message });
    }
}

fn frame(scenario: &Scenario, report: &mut Report<'_>) {
    for (path, id) in [("slug", &scenario.slug), ("family", &scenario.family)] {
        if !is_id(id) {
            report.error(path, format!("`{path}` {}", bad_id(id)));
        }
    }
    if !(1..=MAX_MINUTES).contains(&scenario.minutes) {
        report.error("minutes", format!("`minutes` must be between 1 and {MAX_MINUTES}"));
    }
}

fn people(scenario: &Scenario, portraits: &[&str], report: &mut Report<'_>) {
    let mut patients = scenario.people.iter().filter(|(_, person)| person.patient);
    if patients.next().is_none() {
        report.error("people", "nobody is marked `patient = true`; exactly one person must be");
    }
    for (id, _) in patients {
        report.error(
            &format!("people/{id}/patient"),
            format!("“{id}” is a second patient; exactly one person can be `patient = true`"),
        );
    }
    for (id, person) in &scenario.people {
        let portrait = person.portrait.as_str();
        if !portrait.is_empty() && !portraits.is_empty() && !portraits.contains(&portrait) {
            report.error(
                &format!("people/{id}/portrait"),
                format!("there is no drawing called “{portrait}”; there are: {}", portraits.join(", ")),
            );
        }
    }
    for (id, turn) in &scenario.turns {
        speaker(scenario, turn.speaker.as_deref(), &format!("turns/{id}/speaker"), report);
        for (index, reply) in turn.replies.iter().enumerate() {
            let path = format!("turns/{id}/replies/{index}/reaction/speaker");
            speaker(scenario, reply.reaction.speaker.as_deref(), &path, report);
        }
    }
}

fn speaker(scenario: &Scenario, speaker: Option<&str>, path: &str, report: &mut Report<'_>) {
    let Some(id) = speaker.filter(|id| !scenario.people.contains_key(*id)) else { return };
    let hint = nearest(id, scenario.people.keys().map(String::as_str));
    report.error(path, format!("there is nobody called “{id}” under `people`{hint}"));
}

fn ids(scenario: &Scenario, report: &mut Report<'_>) {
    let people = scenario.people.keys().map(|id| ("people", id));
    let turns = scenario.turns.keys().map(|id| ("turns", id));
    let endings = scenario.endings.keys().map(|id| ("endings", id));
    for (kind, id) in people.chain(turns).chain(endings) {
        if !is_id(id) {
            report.error(&format!("{kind}/{id}"), format!("the name “{id}” {}", bad_id(id)));
        }
    }
    for id in scenario.endings.keys().filter(|id| scenario.turns.contains_key(*id)) {
        report.error(
            &format!("endings/{id}"),
            format!("“{id}” names both a turn and an ending; give one another name"),
        );
    }
    for (turn_id, turn) in &scenario.turns {
        let mut seen = HashSet::new();
        for (index, reply) in turn.replies.iter().enumerate() {
            let path = format!("turns/{turn_id}/replies/{index}/id");
            if !is_id(&reply.id) {
                report.error(&path, format!("the reply’s `id` {}", bad_id(&reply.id)));
            } else if !seen.insert(&reply.id) {
                report.error(&path, format!("two replies of this turn are called “{}”", reply.id));
            }
        }
    }
}

/// Whether a name is made of lower-case words and digits joined by single hyphens.
fn is_id(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.chars().all(|char| char.is_ascii_lowercase() || char.is_ascii_digit())
    };
    id.chars().count() <= MAX_ID && id.split('-').all(word)
}

fn bad_id(id: &str) -> String {
    if id.is_empty() {
        "is empty".to_owned()
    } else if id.chars().count() > MAX_ID {
        format!("is longer than {MAX_ID} letters")
    } else {
        "may only have lower-case letters a to z and digits, joined by single hyphens (“first-call”)"
            .to_owned()
    }
}
