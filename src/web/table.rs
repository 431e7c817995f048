//! Files to take along: tables that a spreadsheet opens as they are, and the answer that hands a file over.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

/// Says that the file is UTF-8, for spreadsheets that would take it for something else.
pub const BYTE_ORDER_MARK: &str = "\u{FEFF}";

/// Rows as RFC 4180 has them, each cell quoted and harmless.
pub fn rows<R, C>(rows: impl IntoIterator<Item = R>) -> anyhow::Result<Vec<u8>>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::Always)
        .flexible(false)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| harmless(cell.as_ref())))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A whole table with its header row, as bytes of a file.
pub fn table<R, C>(columns: &[&str], cells: impl IntoIterator<Item = R>) -> anyhow::Result<Vec<u8>>
where
    R: IntoIterator<Item = C>,
    C: AsRef<str>,
{
    let mut bytes = BYTE_ORDER_MARK.as_bytes().to_vec();
    bytes.extend(rows([columns])?);
    bytes.extend(rows(cells)?);
    Ok(bytes)
}

/// A cell that a spreadsheet shows instead of running. One that splits lines at semicolons or tabs, whatever stands
/// between quotes, begins a new cell there: what follows must be as harmless as a beginning.
#[must_use]
pub fn harmless(cell: &str) -> String {
    let mut shown = String::with_capacity(cell.len() + 1);
    if cell.starts_with(['\t', '\r', '\n']) {
        shown.push('\'');
    }
    for piece in cell.split_inclusive([';', '\t', '\r', '\n']) {
        if piece.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
            shown.push('\'');
        }
        shown.push_str(piece);
    }
    shown
}

/// A name made of plain letters, digits and hyphens, whatever something is called: for a file's name.
#[must_use]
pub fn plain_name(name: &str) -> String {
    let letters = name.chars().map(|letter| match letter.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => ' ',
    });
    let plain: String = letters.collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let plain: String = words.join("-").chars().take(60).collect();
    if plain.is_empty() { "cohort".to_owned() } else { plain.trim_end_matches('-').to_owned() }
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A table.
    Csv,
    /// JSON.
    Json,
}

/// A file as an answer; `name` without its ending.
pub fn file(kind: Kind, name: &str, body: impl Into<Body>) -> Response {
    let (mime, ending) = match kind {
        Kind::Csv => ("text/csv; charset=utf-8", "csv"),
        Kind::Json => ("application/json", "json"),
    };
    let headers = [
        (header::CONTENT_TYPE, mime.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, body.into()).into_response()
}
