//! The answers to one turn as a file: who chose what after saying what.

use std::collections::BTreeMap;

use serde_json::{Value, json as value};

use crate::clock::rfc3339;
use crate::review::replies::tally;
use crate::review::{Given, Met};

/// The columns of the table, one row an answer.
pub const COLUMNS: [&str; 13] = [
    "nurse",
    "scenario",
    "revision",
    "turn",
    "turn_title",
    "turn_number",
    "first_answer",
    "own_words",
    "reply",
    "place",
    "missed_red_flag",
    "seconds",
    "answered_at",
];

fn seconds(given: &Given<'_>) -> Option<i64> {
    Some((given.answer.response.answered_at - given.step.opening?.opened_at) / 1000)
}

fn own_words<'a>(given: &Given<'a>) -> Option<&'a str> {
    given.step.opening?.own_words.as_deref()
}

/// The answers in order of time, each with whether it is the nurse's first.
fn in_time<'a, 'b>(met: &'b Met<'a>) -> Vec<(&'b Given<'a>, bool)> {
    let mut answers: Vec<&Given<'a>> = met.answers.iter().collect();
    answers.sort_by_key(|given| (given.answer.response.answered_at, given.step.number));
    let mut seen = std::collections::BTreeSet::new();
    answers.into_iter().map(|given| (given, seen.insert(given.seat))).collect()
}

/// One row for each answer.
#[must_use]
pub fn rows(names: &BTreeMap<&str, &str>, met: &[Met<'_>]) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for met in met {
        for (given, first) in in_time(met) {
            rows.push(vec![
                names.get(given.seat.as_str()).copied().unwrap_or_default().to_owned(),
                given.slug().to_owned(),
                given.attempt.revision.number.to_string(),
                met.turn_id.to_owned(),
                met.title.clone(),
                given.step.number.to_string(),
                if first { "yes" } else { "no" }.to_owned(),
                own_words(given).unwrap_or_default().to_owned(),
                given.speak(&given.answer.reply.text),
                given.answer.verdict.place.class().to_owned(),
                if given.answer.verdict.missed_red_flag { "yes" } else { "no" }.to_owned(),
                seconds(given).map(|seconds| seconds.to_string()).unwrap_or_default(),
                rfc3339(given.answer.response.answered_at),
            ]);
        }
    }
    rows
}

/// The same as JSON, with the replies counted.
#[must_use]
pub fn json(names: &BTreeMap<&str, &str>, met: &[Met<'_>]) -> Value {
    let wording = |met: &Met<'_>| {
        let tally = tally(&met.answers);
        let replies = tally.replies.iter().map(|chosen| {
            value!({
                "reply": met.answers.last().map(|given| given.speak(&chosen.reply.text)),
                "place": met.turn.verdict(chosen.reply).place.class(),
                "first": chosen.first.len(), "later": chosen.later.len(),
            })
        });
        let answers = in_time(met).into_iter().map(|(given, first)| {
            value!({
                "nurse": names.get(given.seat.as_str()), "revision": given.attempt.revision.number,
                "turn_number": given.step.number, "first_answer": first, "own_words": own_words(given),
                "reply": given.speak(&given.answer.reply.text), "place": given.answer.verdict.place.class(),
                "missed_red_flag": given.answer.verdict.missed_red_flag, "seconds": seconds(given),
                "answered_at": rfc3339(given.answer.response.answered_at),
            })
        });
        value!({
            "turn": met.turn_id, "title": met.title, "revisions": met.revisions, "nurses": tally.first,
            "answered_again": tally.later, "median_seconds": tally.median.map(|median| median / 1000),
            "replies": replies.collect::<Vec<Value>>(), "answers": answers.collect::<Vec<Value>>(),
        })
    };
    value!({ "wordings": met.iter().map(wording).collect::<Vec<Value>>() })
}
