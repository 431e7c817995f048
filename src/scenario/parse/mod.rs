//! Reads a scenario file, and says in plain words, with line and column, where it could not.

mod words;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, ValueDeserializer};

use super::check::{Finding, Severity};
use super::{Ending, Person, Reply, Scenario, Source, Turn, You};

/// The largest file that is read, in bytes: some ten times a long scenario.
pub const MAX_BYTES: usize = 256 * 1024;

/// A scenario that could be read, and where everything stands in its file.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// What was read.
    pub scenario: Scenario,
    /// The file's name as it was given.
    pub file: String,
    /// Lines by path ("turns/request/replies/2/kept"), in the order of the keys, not of the file.
    lines: BTreeMap<String, usize>,
}

impl Parsed {
    /// A scenario that was not read from a text: all of it counts as line 1 of what `name` says.
    #[must_use]
    pub const fn of(name: String, scenario: Scenario) -> Self {
        Self { scenario, file: name, lines: BTreeMap::new() }
    }

    /// The line, from 1, of what stands at this path, or of the nearest thing around it that exists.
    #[must_use]
    pub fn line_of(&self, path: &str) -> usize {
        let mut path = path;
        loop {
            if let Some(line) = self.lines.get(path) {
                return *line;
            }
            match path.rsplit_once('/') {
                Some((around, _)) => path = around,
                None => return 1,
            }
        }
    }
}

/// Reads the text of a scenario file; `file` is only repeated in messages.
///
/// # Errors
/// What keeps it from being read: the first mistake in the writing (those after it often come from it), or
/// else in every part of the scenario the first field that is missing, unknown or of the wrong kind.
pub fn parse(file: &str, text: &str) -> Result<Parsed, Vec<Finding>> {
    // Windows editors add a byte order mark and end lines with two characters; neither is content.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let lines = Lines::new(&text);
    let finding = |offset: usize, message: String| {
        let (line, column) = lines.position(offset);
        Finding { file: file.to_owned(), line, column: Some(column), severity: Severity::Error, message }
    };
    if text.len() > MAX_BYTES {
        let message =
            format!("this file is larger than {} KB; a scenario is a tenth of that", MAX_BYTES / 1024);
        return Err(vec![finding(0, message)]);
    }
    let (root, errors) = DeTable::parse_recoverable(&text);
    let first = errors.iter().min_by_key(|error| start(error));
    if let Some(error) = first {
        let near = text.get(error.span().unwrap_or_default()).unwrap_or_default();
        return Err(vec![finding(start(error), words::syntax(error.message(), near))]);
    }
    match Scenario::deserialize(Deserializer::from(root.clone())) {
        Ok(scenario) => Ok(located(file, scenario, root.get_ref(), &lines)),
        Err(error) => {
            let mut mistakes = mistakes(root.get_ref());
            mistakes.push((start(&error), words::shape(error.message(), "the scenario")));
            // The sort is stable: of two about the same place, the one that names its part stays.
            mistakes.sort_by_key(|(offset, _)| *offset);
            mistakes.dedup_by_key(|(offset, _)| *offset);
            Err(mistakes.into_iter().map(|(offset, message)| finding(offset, message)).collect())
        }
    }
}

fn start(error: &toml::de::Error) -> usize {
    error.span().unwrap_or_default().start
}

/// The first mistake in every part on its own, so that an author sees them all at once.
fn mistakes(root: &DeTable<'_>) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (id, turn) in entries(root, "turns") {
        let name = format!("the turn “{id}”");
        if let DeValue::Table(table) = turn.get_ref() {
            for (index, reply) in items(table, "replies").enumerate() {
                part::<Reply>(&format!("reply {} of {name}", index + 1), reply, &mut found);
            }
        }
        part::<Turn>(&name, turn, &mut found);
    }
    for (id, person) in entries(root, "people") {
        part::<Person>(&format!("the person “{id}”"), person, &mut found);
    }
    for (id, ending) in entries(root, "endings") {
        part::<Ending>(&format!("the ending “{id}”"), ending, &mut found);
    }
    for source in items(root, "sources") {
        part::<Source>("this source", source, &mut found);
    }
    if let Some(you) = root.get("you") {
        part::<You>("`you`", you, &mut found);
    }
    found
}

fn part<T: DeserializeOwned>(name: &str, value: &Spanned<DeValue<'_>>, found: &mut Vec<(usize, String)>) {
    if let Err(error) = T::deserialize(ValueDeserializer::from(value.clone())) {
        found.push((start(&error), words::shape(error.message(), name)));
    }
}

fn entries<'a, 'i>(
    table: &'a DeTable<'i>,
    key: &str,
) -> impl Iterator<Item = (&'a str, &'a Spanned<DeValue<'i>>)> {
    let inner = table.get(key).and_then(|value| value.get_ref().as_table());
    inner.into_iter().flat_map(|table| table.iter().map(|(id, value)| (id.get_ref().as_ref(), value)))
}

fn items<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> impl Iterator<Item = &'a Spanned<DeValue<'i>>> {
    let inner = table.get(key).and_then(|value| value.get_ref().as_array());
    inner.into_iter().flat_map(|array| array.iter())
}

fn located(file: &str, mut scenario: Scenario, root: &DeTable<'_>, lines: &Lines<'_>) -> Parsed {
    let mut places = BTreeMap::new();
    walk_table("", root, &mut places);
    in_file_order(&mut scenario.people, "people", &places);
    in_file_order(&mut scenario.turns, "turns", &places);
    in_file_order(&mut scenario.endings, "endings", &places);
    let lines = places.into_iter().map(|(path, offset)| (path, lines.position(offset).0)).collect();
    Parsed { scenario, file: file.to_owned(), lines }
}

/// The library hands tables over by name; authors think in the order they wrote.
fn in_file_order<T>(map: &mut IndexMap<String, T>, kind: &str, places: &BTreeMap<String, usize>) {
    map.sort_by_cached_key(|id, _| places.get(&format!("{kind}/{id}")).copied());
}

fn walk_table(at: &str, table: &DeTable<'_>, places: &mut BTreeMap<String, usize>) {
    for (key, value) in table {
        let path = if at.is_empty() { key.get_ref().to_string() } else { format!("{at}/{}", key.get_ref()) };
        places.insert(path.clone(), key.span().start);
        walk(&path, value, places);
    }
}

fn walk(at: &str, value: &Spanned<DeValue<'_>>, places: &mut BTreeMap<String, usize>) {
    match value.get_ref() {
        DeValue::Table(table) => walk_table(at, table, places),
        DeValue::Array(array) => {
            for (index, item) in array.iter().enumerate() {
                let path = format!("{at}/{index}");
                places.insert(path.clone(), item.span().start);
                walk(&path, item, places);
            }
        }
        _ => {}
    }
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self { text, starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// Line and column of a byte, both from 1, the column in characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }
}
