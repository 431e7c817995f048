//! What does not stop publishing but makes a scenario weaker: guessable, one-sided, hard to read, or without choices that matter.

use std::collections::HashSet;

use super::Report;
use super::replies::keeps;
use crate::scenario::reading::Counts;
use crate::scenario::rubric::Place;
use crate::scenario::{Scenario, Turn};

/// Nurses read this on a break; above it, plainer words are asked for.
const MAX_GRADE: f64 = 9.0;
/// A grade worked out from fewer words means nothing.
const MIN_WORDS: usize = 30;

pub(super) fn check(scenario: &Scenario, report: &mut Report<'_>) {
    if keeping_is_longest(scenario) {
        report.advise(
            "title",
            "in every turn the longest reply is the one that keeps the line, so length gives it away; \
             shorten one or let a slip be longer",
        );
    }
    one_sided(scenario, report);
    branches(scenario, report);
    reading(scenario, report);
}

/// Whether a nurse could do well by always taking the longest reply.
fn keeping_is_longest(scenario: &Scenario) -> bool {
    let has_both = |turn: &&Turn| {
        let kept = turn.replies.iter().filter(|reply| keeps(turn, reply)).count();
        kept > 0 && kept < turn.replies.len()
    };
    let longest = |turn: &Turn, kept: bool| {
        let replies = turn.replies.iter().filter(|reply| keeps(turn, reply) == kept);
        replies.map(|reply| reply.text.chars().count()).max()
    };
    let mut telling = scenario.turns.values().filter(has_both).peekable();
    telling.peek().is_some() && telling.all(|turn| longest(turn, true) > longest(turn, false))
}

fn one_sided(scenario: &Scenario, report: &mut Report<'_>) {
    let (mut warm, mut cold) = (false, false);
    for turn in scenario.turns.values() {
        for reply in turn.replies.iter().filter(|reply| turn.verdict(reply).place != Place::Keeps) {
            match reply.distance {
                Some(_) => cold = true,
                None => warm = true,
            }
        }
    }
    if !warm {
        report.advise("title", "no reply is kind and wrong: most real slips are; add one");
    }
    if !cold {
        report.advise(
            "title",
            "no reply is cold and wrong (`distance = \"under\"`): the line has two ends; add one",
        );
    }
}

fn branches(scenario: &Scenario, report: &mut Report<'_>) {
    let branching =
        |turn: &&Turn| turn.replies.iter().map(|reply| &reply.next).collect::<HashSet<_>>().len() > 1;
    let (all, some) = (scenario.turns.len(), scenario.turns.values().filter(branching).count());
    if some * 2 < all {
        report.advise(
            "title",
            format!("only in {some} of {all} turns do two replies lead to different places; let more choices matter"),
        );
    }
}

fn reading(scenario: &Scenario, report: &mut Report<'_>) {
    let names = names(scenario);
    let mut frame = Counts::new(&names);
    for text in [&scenario.summary, &scenario.setting, &scenario.opening, &scenario.content_note] {
        frame.add(text);
    }
    frame.add(&scenario.you.role);
    frame.add(&scenario.you.situation);
    for person in scenario.people.values() {
        frame.add(&person.background);
    }
    for ending in scenario.endings.values() {
        frame.add(&ending.text);
        frame.add(&ending.tell);
        ending.debrief.iter().for_each(|question| frame.add(question));
    }
    hard("summary", "the summary, background and endings", &frame, report);
    for (id, turn) in &scenario.turns {
        let mut counts = Counts::new(&names);
        counts.add(&turn.does);
        for reply in &turn.replies {
            for text in [&reply.reaction.does, &reply.kept, &reply.why, &reply.better] {
                counts.add(text);
            }
        }
        let what = format!("the narration and feedback of the turn “{id}”");
        hard(&format!("turns/{id}"), &what, &counts, report);
    }
}

fn hard(path: &str, what: &str, counts: &Counts<'_>, report: &mut Report<'_>) {
    if let Some(grade) = counts.grade().filter(|grade| counts.words() >= MIN_WORDS && *grade > MAX_GRADE) {
        report.advise(
            path,
            format!("{what} read at grade {grade:.1}; aim at 8, with shorter sentences and plainer words"),
        );
    }
}

/// The words of everyone's name: they are not hard to read, however many syllables they have.
fn names(scenario: &Scenario) -> HashSet<String> {
    let names = scenario.people.values().flat_map(|person| [&person.name, &person.called]);
    names
        .flat_map(|name| name.split_whitespace())
        .map(|word| word.trim_matches(|char: char| !char.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}
