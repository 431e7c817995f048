//! Who needs help now: three plain rules, the same ones that stand on the page.

use serde::Serialize;

use super::summary::People;
use super::{Given, Work};
use crate::practice::progress::{failed, number_word};
use crate::practice::{Attempt, AttemptId};
use crate::scenario::rubric::{Element, Score};

/// The rules, as the page states them.
pub const RULES: [&str; 3] = [
    "In her latest attempt at a scenario a danger was left unanswered, and safety was not put first later in it.",
    "In her latest attempt an answer crosses the line, turns the person away or says something untrue, and not \
     everything it opened was put right later in it.",
    "She has finished a scenario twice or more, and the latest time left at least one slip open, and no fewer than the \
     time before.",
];

/// Which rule it is, in the order of urgency.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A missed red flag.
    MissedRedFlag,
    /// Crosses without repair.
    CrossesOpen,
    /// Two attempts without improvement.
    NoImprovement,
}

/// One nurse who needs help with one scenario, and why.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Needs<'a> {
    /// Her seat.
    pub seat: &'a str,
    /// Her name.
    pub name: &'a str,
    /// The attempt to look at.
    pub attempt: &'a str,
    /// The scenario's title.
    pub scenario: &'a str,
    /// The rule that says so.
    pub rule: Rule,
    /// The reason in a plain sentence.
    pub reason: &'a str,
}

/// Why a nurse needs help with a scenario.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The attempt to look at.
    pub attempt: AttemptId,
    /// The scenario's title.
    pub scenario: String,
    /// The rule that says so.
    pub rule: Rule,
    /// The reason in a plain sentence.
    pub words: String,
}

/// Everybody in the cohort to whom one of the rules applies; the most urgent first, then by name. A scenario names
/// a nurse once, by the first rule that applies.
#[must_use]
pub fn needs(people: &People) -> Vec<Needs<'_>> {
    let mut needs = Vec::new();
    for (seat, summary) in people.each().filter(|(seat, _)| seat.is_here()) {
        needs.extend(summary.scenarios.iter().filter_map(|at| at.needs.as_ref()).map(|reason| Needs {
            seat: seat.id.as_str(),
            name: &seat.name,
            attempt: reason.attempt.as_str(),
            scenario: &reason.scenario,
            rule: reason.rule,
            reason: &reason.words,
        }));
    }
    needs.sort_by_key(|needs| needs.rule);
    needs
}

/// Why one nurse needs help with a scenario, by her attempts at it in which something was answered, oldest first.
#[must_use]
pub fn reason(work: &Work, attempts: &[&Attempt]) -> Option<Reason> {
    let (latest, earlier) = attempts.split_last()?;
    let (rule, words) = why(work, latest, earlier)?;
    let scenario = latest.policy.speak(&latest.revision.scenario.title);
    Some(Reason { attempt: latest.id.clone(), scenario, rule, words })
}

/// The first rule that applies to one nurse's attempts at one scenario.
fn why(work: &Work, latest: &Attempt, earlier: &[&Attempt]) -> Option<(Rule, String)> {
    let answers = work.answers_of(latest);
    if let Some(given) = answers.iter().find(|given| given.missed_red_flag() && !safe_later(given, &answers))
    {
        let reason = format!("A danger was left unanswered at {}.", title(given));
        return Some((Rule::MissedRedFlag, reason));
    }
    let crosses = |given: &&Given<'_>| given.answer.verdict.level == Score::Crosses && given.stays_open();
    if let Some(given) = answers.iter().find(crosses) {
        return Some((Rule::CrossesOpen, crossed(given, &answers)));
    }
    let before = earlier.iter().rev().find(|attempt| attempt.replay().ending.is_some())?;
    latest.replay().ending?;
    let (then, now) = (open_slips(work, before), open_slips(work, latest));
    (now > 0 && now >= then).then(|| (Rule::NoImprovement, repeated(then, now)))
}

/// The turn's title between quotation marks, also where it is somebody's words already.
fn title(given: &Given<'_>) -> String {
    super::moments::quoted(&given.speak(&given.step.turn.title))
}

/// Whether a later answer of the same attempt puts safety first.
fn safe_later(missed: &Given<'_>, answers: &[Given<'_>]) -> bool {
    kept_later(Element::Safe, missed, answers)
}

fn kept_later(element: Element, slip: &Given<'_>, answers: &[Given<'_>]) -> bool {
    let mut later = answers.iter().filter(|given| given.step.number > slip.step.number);
    later.any(|given| given.answer.reply.scores.get(&element) == Some(&Score::Keeps))
}

fn open_slips(work: &Work, attempt: &Attempt) -> usize {
    work.answers_of(attempt).iter().filter(|given| given.stays_open()).count()
}

/// What the answer did and what stayed open of it: the worst element that nothing later keeps.
fn crossed(given: &Given<'_>, answers: &[Given<'_>]) -> String {
    let scores = &given.answer.reply.scores;
    let score = |element: &Element| scores.get(element).copied().unwrap_or(Score::Crosses);
    let open = failed(given.answer.reply, given.answer.verdict)
        .into_iter()
        .filter(|element| !kept_later(*element, given, answers));
    let worst = open.max_by_key(|element| (score(element), std::cmp::Reverse(*element)));
    let how = worst.map_or("crosses the line", |element| element.meaning(score(&element)));
    format!("The answer at {} {how}, and nothing later puts that right.", title(given))
}

fn repeated(then: usize, now: usize) -> String {
    let left = |count: usize| match count {
        1 => "one slip".to_owned(),
        count => format!("{} slips", number_word(count).to_lowercase()),
    };
    format!("The finished attempt before left {} open, the latest left {}.", left(then), left(now))
}
