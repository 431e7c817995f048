//! `warmly check FILE…`: tells an author what is wrong with scenario files before a nurse meets it.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::check::{Finding, Severity, check};
use super::parse::parse;

/// Checks each file and writes one line per finding, then how many there were. True when there was no error.
///
/// `portraits` are the names of the drawings there are; when empty, portraits are not checked.
///
/// # Errors
/// Only when `out` can't be written to; a file that can't be read is a finding.
pub fn check_files(paths: &[PathBuf], portraits: &[&str], out: &mut impl Write) -> io::Result<bool> {
    let mut slugs = HashMap::new();
    let (mut errors, mut advice) = (0, 0);
    for path in paths {
        for finding in check_file(path, portraits, &mut slugs) {
            match finding.severity {
                Severity::Error => errors += 1,
                Severity::Advice => advice += 1,
            }
            writeln!(out, "{finding}")?;
        }
    }
    let pieces = if advice == 1 { "piece" } else { "pieces" };
    writeln!(
        out,
        "{}: {}, {advice} {pieces} of advice",
        counted(paths.len(), "file"),
        counted(errors, "error")
    )?;
    Ok(errors == 0)
}

/// Everything about one file; `slugs` remembers which file used which slug.
fn check_file(path: &Path, portraits: &[&str], slugs: &mut HashMap<String, String>) -> Vec<Finding> {
    let file = path.display().to_string();
    let error = |line, message| {
        vec![Finding { file: file.clone(), line, column: None, severity: Severity::Error, message }]
    };
    let bytes = match super::file::read(path) {
        Ok(bytes) => bytes,
        Err(cause) => return error(1, format!("this file can’t be opened ({cause})")),
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(cause) => {
            let good = cause.as_bytes().iter().take(cause.utf8_error().valid_up_to());
            let line = good.filter(|byte| **byte == b'\n').count() + 1;
            return error(line, "this is not plain text; save the file as UTF-8".to_owned());
        }
    };
    let parsed = match parse(&file, &text) {
        Ok(parsed) => parsed,
        Err(findings) => return findings,
    };
    let mut findings = check(&parsed, portraits);
    if let Some(other) = slugs.insert(parsed.scenario.slug.clone(), file.clone()) {
        let message = format!("the slug “{}” is also that of {other}", parsed.scenario.slug);
        findings.extend(error(parsed.line_of("slug"), message));
    }
    findings.sort_by_key(|finding| finding.line);
    findings
}

/// "1 file", "3 files".
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
