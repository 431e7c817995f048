//! Holds every turn to the rubric: a way to keep the line, a reaction, a reason, and danger never left unscored.

use super::Report;
use crate::scenario::rubric::{Element, Score};
use crate::scenario::{Reply, Scenario, Turn};

pub(super) fn check(scenario: &Scenario, report: &mut Report<'_>) {
    for (id, turn) in &scenario.turns {
        turn_rules(id, turn, report);
        for (index, reply) in turn.replies.iter().enumerate() {
            let at = format!("turns/{id}/replies/{index}");
            scores(turn, reply, &at, report);
            feedback(turn, reply, &at, report);
        }
    }
}

fn turn_rules(id: &str, turn: &Turn, report: &mut Report<'_>) {
    let at = format!("turns/{id}");
    if is_blank(&turn.says) && is_blank(&turn.does) {
        report.error(&at, format!("in the turn “{id}” nobody says or does anything: fill `says` or `does`"));
    }
    match turn.replies.len() {
        // Nought is a dead end, reported with the ways through the conversation.
        0 => return,
        2..=4 => {}
        1 => report.error(&at, format!("the turn “{id}” has 1 reply; it needs 2 to 4")),
        more => report.error(&at, format!("the turn “{id}” has {more} replies; it needs 2 to 4")),
    }
    if !turn.replies.iter().any(|reply| keeps(turn, reply)) {
        report.error(&at, format!("the turn “{id}” has no reply that keeps the line on every element"));
    }
}

fn scores(turn: &Turn, reply: &Reply, at: &str, report: &mut Report<'_>) {
    let path = format!("{at}/scores");
    if reply.scores.is_empty() {
        report.error(&path, "this reply has no scores: say which elements it keeps, blurs or crosses");
        return;
    }
    let safe = reply.scores.get(&Element::Safe);
    if turn.red_flag && !matches!(safe, Some(Score::Keeps | Score::Crosses)) {
        report.error(
            &path,
            "this turn is a red flag, so every reply needs `safe = \"keeps\"` or `safe = \"crosses\"`",
        );
    }
    if reply.distance.is_some() && keeps(turn, reply) {
        report.error(
            &format!("{at}/distance"),
            "`distance` says that this reply fails by coldness, but every element keeps",
        );
    }
}

fn feedback(turn: &Turn, reply: &Reply, at: &str, report: &mut Report<'_>) {
    let kept: Vec<&str> = Element::ALL
        .into_iter()
        .filter(|element| reply.scores.get(element) == Some(&Score::Keeps))
        .map(Element::name)
        .collect();
    if is_blank(&reply.kept) && !kept.is_empty() {
        report.error(
            &format!("{at}/kept"),
            format!("`kept` is missing: say in one true sentence what this reply kept ({})", kept.join(", ")),
        );
    }
    if !is_blank(&reply.kept) && kept.is_empty() && !reply.scores.is_empty() {
        report.error(&format!("{at}/kept"), "`kept` praises something, but no element is scored as keeps");
    }
    if is_blank(&reply.reaction.says) && is_blank(&reply.reaction.does) {
        let name = if turn.speaker.is_some() { "the speaker" } else { "the patient" };
        report.error(
            &format!("{at}/reaction"),
            format!("the reaction is empty: fill `says` or `does` with what {name} then says or does"),
        );
    }
}

/// Whether a reply keeps the line on every element in play.
pub(super) fn keeps(turn: &Turn, reply: &Reply) -> bool {
    !reply.scores.is_empty() && turn.verdict(reply).level == Score::Keeps
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}
