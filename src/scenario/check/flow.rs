//! Follows every way through the conversation: nobody may get lost, stuck, or end on an unrepaired slip.

use std::collections::{HashMap, HashSet};

use super::replies::keeps;
use super::{Report, nearest};
use crate::scenario::{Next, Reply, Scenario, Turn};

/// A reply that leads to a turn or an ending: the turn it belongs to, and itself.
type Incoming<'a> = (&'a Turn, &'a Reply);

pub(super) fn check(scenario: &Scenario, report: &mut Report<'_>) {
    let start_known = targets(scenario, report);
    if start_known {
        unreachable(scenario, report);
    }
    ways_out(scenario, report);
    slips_to_endings(scenario, report);
}

/// Names that lead nowhere. True when the first turn is known.
fn targets(scenario: &Scenario, report: &mut Report<'_>) -> bool {
    let turns = || scenario.turns.keys().map(String::as_str);
    let endings = || scenario.endings.keys().map(String::as_str);
    for (turn_id, turn) in &scenario.turns {
        for (index, reply) in turn.replies.iter().enumerate() {
            if scenario.next(&reply.next).is_none() {
                let hint = nearest(&reply.next, turns().chain(endings()));
                report.error(
                    &format!("turns/{turn_id}/replies/{index}/next"),
                    format!("there is no turn or ending called “{}”{hint}", reply.next),
                );
            }
        }
    }
    let known = scenario.turns.contains_key(&scenario.start);
    if !known {
        let hint = nearest(&scenario.start, turns());
        report.error(
            "start",
            format!("`start` must name the first turn; there is no turn called “{}”{hint}", scenario.start),
        );
    }
    known
}

/// Turns and endings that no way through the conversation comes to.
fn unreachable(scenario: &Scenario, report: &mut Report<'_>) {
    let mut reached = HashSet::from([scenario.start.as_str()]);
    let mut waiting = vec![scenario.start.as_str()];
    while let Some(turn) = waiting.pop().and_then(|id| scenario.turns.get(id)) {
        for reply in &turn.replies {
            let next = reply.next.as_str();
            if scenario.next(next).is_some() && reached.insert(next) && scenario.turns.contains_key(next) {
                waiting.push(next);
            }
        }
    }
    for id in scenario.turns.keys().filter(|id| !reached.contains(id.as_str())) {
        report.error(
            &format!("turns/{id}"),
            format!("no way through the conversation leads to the turn “{id}”"),
        );
    }
    for id in scenario.endings.keys().filter(|id| !reached.contains(id.as_str())) {
        report.error(
            &format!("endings/{id}"),
            format!("no way through the conversation leads to the ending “{id}”"),
        );
    }
}

/// Turns where the conversation stops without an ending, or goes round for ever.
fn ways_out(scenario: &Scenario, report: &mut Report<'_>) {
    let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut out: HashSet<&str> = HashSet::new();
    for (id, turn) in &scenario.turns {
        if turn.replies.is_empty() {
            report.error(&format!("turns/{id}"), format!("the turn “{id}” is a dead end: it has no replies"));
            out.insert(id);
        }
        for reply in &turn.replies {
            match scenario.next(&reply.next) {
                Some(Next::Turn(next, _)) => before.entry(next).or_default().push(id),
                // A name that leads nowhere has been reported; it is no loop.
                Some(Next::Ending(..)) | None => {
                    out.insert(id);
                }
            }
        }
    }
    let mut waiting: Vec<&str> = out.iter().copied().collect();
    while let Some(id) = waiting.pop() {
        for earlier in before.get(id).into_iter().flatten() {
            if out.insert(earlier) {
                waiting.push(earlier);
            }
        }
    }
    for id in scenario.turns.keys().filter(|id| !out.contains(id.as_str())) {
        report.error(
            &format!("turns/{id}"),
            format!(
                "from the turn “{id}” no reply ever leads to an ending: the conversation goes round for ever"
            ),
        );
    }
}

/// A slip may end the conversation only where the turn itself came from slips alone: the first slip is never the last.
fn slips_to_endings(scenario: &Scenario, report: &mut Report<'_>) {
    let mut incoming: HashMap<&str, Vec<Incoming<'_>>> = HashMap::new();
    for turn in scenario.turns.values() {
        for reply in &turn.replies {
            incoming.entry(&reply.next).or_default().push((turn, reply));
        }
    }
    for (id, turn) in &scenario.turns {
        let after_slips_alone = *id != scenario.start
            && incoming.get(id.as_str()).into_iter().flatten().all(|(turn, reply)| !keeps(turn, reply));
        if after_slips_alone {
            continue;
        }
        for (index, reply) in turn.replies.iter().enumerate() {
            let ends = matches!(scenario.next(&reply.next), Some(Next::Ending(..)));
            if ends && !reply.scores.is_empty() && !keeps(turn, reply) {
                report.error(
                    &format!("turns/{id}/replies/{index}/next"),
                    "this slip ends the conversation before it can be put right; \
                     lead it to a turn first (only a turn reached by slips alone may end on one)",
                );
            }
        }
    }
}
