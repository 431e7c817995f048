//! Reading a list of nurses that was copied from a spreadsheet, and saying line by line what can't be read.

use std::collections::HashMap;

use super::name::{self, LONGEST_ID, NoName};
use super::{Seat, SeatId};

/// How many nurses a list may hold.
pub const MOST_ROWS: usize = 2_000;

/// How large a list may be, in bytes: 512 KiB.
pub const LARGEST_LIST: usize = 512 * 1024;

/// A nurse of a list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The line of the list she stands on, from 1.
    pub line: u64,
    /// Her name.
    pub name: String,
    /// How her employer or school knows her.
    pub external_id: Option<String>,
}

/// Something in a list that can't be used.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trouble {
    /// The line it stands on, from 1; None where it is about the whole list.
    pub line: Option<u64>,
    /// What it is and what to do, in plain words.
    pub text: String,
}

/// A list that was read.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct List {
    /// Who can be added.
    pub rows: Vec<Row>,
    /// What can't be used.
    pub troubles: Vec<Trouble>,
}

/// The text of a file: UTF-8 with or without its mark, else Windows-1252. The second tells whether it was the latter.
#[must_use]
pub fn decode(bytes: &[u8]) -> (String, bool) {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (bytes.iter().map(|byte| of_windows_1252(*byte)).collect(), true),
    }
}

fn of_windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
        '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{FFFD}'),
        other => char::from(other),
    }
}

/// Reads a list: names and external ids, separated by commas, semicolons or tabs, with or without a first line that
/// names the columns.
#[must_use]
pub fn read(text: &str) -> List {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let text = text.as_str();
    let mut lines = Lines { text, byte: 0, line: 1 };
    let mut list = List::default();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut columns = None;
    let mut seen = Seen::default();
    for record in reader.records() {
        let Ok(record) = record else {
            list.trouble(None, "This part of the list can’t be read as text.");
            break;
        };
        if record.iter().all(|cell| name::clean(cell).is_empty()) {
            continue;
        }
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        let named = columns.is_none().then(|| Columns::named(&record)).flatten();
        let is_heading = named.is_some();
        let columns = columns.get_or_insert(named.unwrap_or(Columns::FIRST_TWO));
        if is_heading {
            continue;
        }
        if list.rows.len() + list.troubles.len() >= MOST_ROWS {
            return List::too_long();
        }
        match columns.row(&record, line).and_then(|row| seen.check(row)) {
            Ok(row) => list.rows.push(row),
            Err(text) => list.trouble(Some(line), text),
        }
    }
    list
}

/// Counts the lines of a text up to places that come one after the other.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line on which the record begins that was looked for from this byte on: empty lines before it are passed.
    fn at(&mut self, byte: u64) -> u64 {
        let from = usize::try_from(byte).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(self.byte..).unwrap_or_default();
        let before = from.saturating_sub(self.byte);
        let empty = rest.iter().skip(before).take_while(|byte| **byte == b'\n').count();
        let passed = rest.iter().take(before + empty);
        self.line += passed.filter(|byte| **byte == b'\n').map(|_| 1_u64).sum::<u64>();
        self.byte += before + empty;
        self.line
    }
}

impl List {
    fn trouble(&mut self, line: Option<u64>, text: impl Into<String>) {
        self.troubles.push(Trouble { line, text: text.into() });
    }

    fn too_long() -> Self {
        let mut list = Self::default();
        list.trouble(
            None,
            "There are more than 2,000 lines. Cut the list into parts and bring them one by one.",
        );
        list
    }
}

/// What stands between columns: whatever the first line uses.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    [b'\t', b';'].into_iter().find(|sign| first.bytes().any(|byte| byte == *sign)).unwrap_or(b',')
}

/// Which columns hold what.
#[derive(Clone, Copy, Debug)]
struct Columns {
    name: usize,
    external_id: Option<usize>,
    named: bool,
}

impl Columns {
    const FIRST_TWO: Self = Self { name: 0, external_id: Some(1), named: false };

    /// The columns, where this line names them.
    fn named(heading: &csv::StringRecord) -> Option<Self> {
        const NAMES: [&str; 6] = ["name", "full name", "nurse", "nurse name", "student", "student name"];
        const IDS: [&str; 11] = [
            "id",
            "external id",
            "external_id",
            "employee id",
            "employee number",
            "student id",
            "student number",
            "staff id",
            "number",
            "personnel number",
            "badge",
        ];
        let at = |known: &[&str]| {
            heading.iter().position(|cell| known.contains(&name::clean(cell).to_lowercase().as_str()))
        };
        at(&NAMES).map(|name| Self { name, external_id: at(&IDS), named: true })
    }

    fn row(&self, record: &csv::StringRecord, line: u64) -> Result<Row, String> {
        if !self.named && record.iter().skip(2).any(|cell| !name::clean(cell).is_empty()) {
            return Err(
                "There are more than two columns. Only a name and an ID are read: put quotation marks \
                        around a name that has a comma in it."
                    .to_owned(),
            );
        }
        let name = name::name(record.get(self.name).unwrap_or_default()).map_err(|why| match why {
            NoName::Empty => "There is no name on this line.".to_owned(),
            NoName::TooLong(excess) => format!(
                "The name is too long by {excess} {}. It may have 80.",
                if excess == 1 { "character" } else { "characters" }
            ),
        })?;
        let id = self.external_id.and_then(|column| record.get(column)).map(name::clean);
        let external_id = id.filter(|id| !id.is_empty());
        if external_id.as_ref().is_some_and(|id| id.chars().count() > LONGEST_ID) {
            return Err(format!("The ID is too long. It may have {LONGEST_ID} characters."));
        }
        Ok(Row { line, name, external_id })
    }
}

/// Which ids, and which names without one, were met on which line.
#[derive(Debug, Default)]
struct Seen {
    ids: HashMap<String, u64>,
    names: HashMap<String, u64>,
}

impl Seen {
    fn check(&mut self, row: Row) -> Result<Row, String> {
        let before = if let Some(id) = &row.external_id {
            self.ids.insert(id.clone(), row.line).map(|line| (line, format!("The ID {id}")))
        } else {
            let before = self.names.insert(row.name.to_lowercase(), row.line);
            before.map(|line| (line, "This name without an ID".to_owned()))
        };
        match before {
            None => Ok(row),
            Some((line, what)) => Err(format!("{what} stands on line {line} already.")),
        }
    }
}

/// Who of a list has a seat in a cohort already.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Known {
    /// What the list says.
    pub row: Row,
    /// Her seat.
    pub seat: SeatId,
    /// The name that the roster has for this ID, where it is another one.
    pub here: Option<String>,
    /// Whether she was in the cohort and is not anymore.
    pub left: bool,
}

/// Who of a list is new to a cohort, and who has a seat in it already.
#[must_use]
pub fn compare(rows: Vec<Row>, seats: &[Seat]) -> (Vec<Row>, Vec<Known>) {
    let of_id = |seat: &'_ Seat| Some((seat.external_id.clone()?, seat.clone()));
    let ids: HashMap<String, Seat> = seats.iter().filter_map(of_id).collect();
    let here = seats.iter().filter(|seat| seat.left_at.is_none());
    let names: HashMap<String, Seat> = here.map(|seat| (seat.name.to_lowercase(), seat.clone())).collect();
    let (mut new, mut known) = (Vec::new(), Vec::new());
    for row in rows {
        let seat = match &row.external_id {
            Some(id) => ids.get(id),
            None => names.get(&row.name.to_lowercase()),
        };
        match seat {
            Some(seat) => {
                let other = seat.name.to_lowercase() != row.name.to_lowercase();
                let here = other.then(|| seat.shown().to_owned());
                known.push(Known { row, seat: seat.id.clone(), here, left: seat.left_at.is_some() });
            }
            None => new.push(row),
        }
    }
    (new, known)
}
