//! The numbers of a scenario's map as a file: the same that are drawn.

use serde_json::{Value, json as value};

use crate::review::Filter;
use crate::review::flow::Stop;
use crate::review::ways::{Shown, Ways};
use crate::scenario::rubric::Place;

/// The columns of the table: one row for each way on.
pub const COLUMNS: [&str; 11] = [
    "scenario",
    "attempts",
    "turn",
    "turn_title",
    "revisions",
    "place",
    "leads_to",
    "leads_to_title",
    "is_ending",
    "nurses",
    "of",
];

fn word(shown: Shown) -> &'static str {
    match shown {
        Shown::First => "first",
        Shown::Latest => "latest",
    }
}

fn revisions(stop: &Stop) -> String {
    let numbers: Vec<String> = stop.revisions.iter().map(ToString::to_string).collect();
    numbers.join(" ")
}

/// The table: columns, and one row for each way on.
#[must_use]
pub fn rows(slug: &str, ways: &Ways<'_>) -> ([&'static str; 11], Vec<Vec<String>>) {
    let row = |band: &crate::review::flow::Band| {
        let (from, to) = (ways.flow.stops.get(band.from)?, ways.flow.stops.get(band.to)?);
        Some(vec![
            slug.to_owned(),
            word(ways.shown).to_owned(),
            from.id.clone(),
            from.title.clone(),
            revisions(from),
            band.place.class().to_owned(),
            to.id.clone(),
            to.title.clone(),
            if to.end { "yes" } else { "no" }.to_owned(),
            band.count.to_string(),
            from.came.to_string(),
        ])
    };
    (COLUMNS, ways.flow.bands.iter().filter_map(row).collect())
}

/// The same as JSON.
#[must_use]
pub fn json(slug: &str, title: &str, filter: &Filter, ways: &Ways<'_>) -> Value {
    let flow = &ways.flow;
    let turns = flow.stops.iter().enumerate().filter(|(_, stop)| !stop.end).map(|(index, stop)| {
        let [turns_away, keeps, blurs, crosses] = flow.places(index);
        value!({
            "turn": stop.id, "title": stop.title, "revisions": stop.revisions, "came": stop.came,
            "not_answered": stop.waiting, "turns_away": turns_away, "keeps": keeps, "blurs": blurs,
            "crosses": crosses,
        })
    });
    let on = flow.bands.iter().filter_map(|band| {
        let (from, to) = (flow.stops.get(band.from)?, flow.stops.get(band.to)?);
        let place: Place = band.place;
        Some(value!({
            "from": from.id, "from_revisions": from.revisions, "place": place.class(), "to": to.id,
            "to_revisions": to.revisions, "nurses": band.count,
        }))
    });
    let endings = flow.stops.iter().filter(|stop| stop.end);
    let endings = endings.map(|stop| value!({ "ending": stop.id, "title": stop.title, "came": stop.came }));
    value!({
        "scenario": slug,
        "title": title,
        "attempts": word(ways.shown),
        "assignment": filter.assignment.as_ref().map(|assignment| assignment.as_str().to_owned()),
        "since": filter.since.map(|day| day.to_string()),
        "until": filter.until.map(|day| day.to_string()),
        "nurses": ways.attempts.len(),
        "turns": turns.collect::<Vec<Value>>(),
        "ways": on.collect::<Vec<Value>>(),
        "endings": endings.collect::<Vec<Value>>(),
    })
}
