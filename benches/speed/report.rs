//! What was measured: a line as soon as it is known, a table at the end, a file of JSON, a table for a page.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::driver::quantile;

/// Several rounds of the same thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(rounds: &[f64]) -> Self {
        let mut sorted = rounds.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self { median: quantile(&sorted, 0.5), min: quantile(&sorted, 0.0), max: quantile(&sorted, 1.0) }
    }

    fn words(self, unit: &str) -> String {
        if (self.max - self.min).abs() < f64::EPSILON {
            format!("{} {unit}", short(self.median))
        } else {
            format!("{} {unit} ({}–{})", short(self.median), short(self.min), short(self.max))
        }
    }

    fn json(self) -> Value {
        json!({ "median": self.median, "min": self.min, "max": self.max })
    }
}

/// Three figures that count.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 10_000.0 => grouped(&format!("{value:.0}")),
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// Digits in groups of three.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// What must be reached.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// Ours divided by the reference.
    RatioAtLeast(f64),
    RatioAtMost(f64),
    /// Ours as it is.
    AtMost(f64),
    /// Printed, without a target.
    None,
}

/// How near a target counts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Band {
    /// The target itself.
    #[default]
    Narrow,
    /// Small data, a build that is not meant to be quick, a machine that others share: only what is far off.
    Wide,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) bench: &'static str,
    pub(crate) what: String,
    pub(crate) unit: &'static str,
    pub(crate) ours: Spread,
    pub(crate) reference: Option<(&'static str, Spread)>,
    pub(crate) target: Target,
    pub(crate) note: String,
    band: Band,
}

impl Row {
    pub(crate) fn new(
        bench: &'static str,
        what: impl Into<String>,
        unit: &'static str,
        rounds: &[f64],
    ) -> Self {
        let (what, ours) = (what.into(), Spread::of(rounds));
        Self {
            bench,
            what,
            unit,
            ours,
            reference: None,
            target: Target::None,
            note: String::new(),
            band: Band::Narrow,
        }
    }

    pub(crate) fn beside(mut self, name: &'static str, rounds: &[f64]) -> Self {
        self.reference = Some((name, Spread::of(rounds)));
        self
    }

    pub(crate) fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.reference.map(|(_, reference)| self.ours.median / reference.median)
    }

    fn met(&self) -> Option<bool> {
        match self.target {
            Target::RatioAtLeast(least) => Some(self.ratio()? >= least),
            Target::RatioAtMost(most) => Some(self.ratio()? <= most),
            Target::AtMost(most) => Some(self.ours.median <= most),
            Target::None => None,
        }
    }

    /// In the short form only what is far from its target is worth a word, save for counts.
    fn verdict(&self) -> &'static str {
        const WIDE: f64 = 25.0;
        let far = match self.target {
            Target::RatioAtLeast(least) => self.ratio().is_some_and(|ratio| ratio * WIDE < least),
            Target::RatioAtMost(most) => self.ratio().is_some_and(|ratio| ratio > most * WIDE),
            Target::AtMost(most) => self.ours.median > most * WIDE,
            Target::None => false,
        };
        match (self.met(), self.band) {
            (Some(true), Band::Narrow) => "met",
            (Some(false), Band::Narrow) => "missed",
            (Some(_), Band::Wide) if far => "far off",
            _ => "",
        }
    }

    fn cells(&self) -> [String; 7] {
        let target = match self.target {
            Target::RatioAtLeast(least) => format!("≥ {least} ×"),
            Target::RatioAtMost(most) => format!("≤ {most} ×"),
            Target::AtMost(most) => format!("≤ {most} {}", self.unit),
            Target::None => String::new(),
        };
        let reference = self.reference.map(|(name, spread)| format!("{name}: {}", spread.words(self.unit)));
        [
            self.bench.to_owned(),
            if self.note.is_empty() { self.what.clone() } else { format!("{} ({})", self.what, self.note) },
            self.ours.words(self.unit),
            reference.unwrap_or_default(),
            self.ratio().map(|ratio| format!("{} ×", short(ratio))).unwrap_or_default(),
            target,
            self.verdict().to_owned(),
        ]
    }

    fn json(&self) -> Value {
        let target = self.cells()[5].clone();
        json!({
            "bench": self.bench, "what": self.what, "unit": self.unit, "ours": self.ours.json(),
            "reference": self.reference.map(|(name, spread)| json!({ "name": name, "rounds": spread.json() })),
            "ratio": self.ratio(), "target": target, "met": self.met(), "note": self.note, "cells": self.cells(),
        })
    }
}

/// Everything that was measured, and every count that is not as it must be.
#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    pub(crate) failures: Vec<String>,
    /// For everything that is timed.
    band: Band,
}

const HEADS: [&str; 7] = ["benchmark", "what", "ours", "beside", "ratio", "target", ""];

impl Report {
    pub(crate) fn judged(band: Band) -> Self {
        Self { band, ..Self::default() }
    }

    pub(crate) fn add(&mut self, row: Row) {
        let band = self.band;
        self.keep(Row { band, ..row });
    }

    fn keep(&mut self, row: Row) {
        let [bench, what, ours, reference, ratio, target, met] = row.cells();
        println!("  {bench}: {what}: {ours} | {reference} | {ratio} | {target} {met}");
        self.rows.push(row);
    }

    /// A count that must hold, whatever the machine: `most` at the most.
    pub(crate) fn count(&mut self, bench: &'static str, what: &str, found: f64, most: f64) {
        self.keep(Row::new(bench, what, "", &[found]).target(Target::AtMost(most)));
        if found.is_nan() || found > most {
            self.failures.push(format!(
                "{bench}: {what}: {} where {} is the most",
                short(found),
                short(most)
            ));
        }
    }

    /// Writes the file, with what other benchmarks had found before still in it. Gives all rows as they are in it.
    pub(crate) fn save(
        &self,
        path: &Path,
        rows: usize,
        short_form: bool,
    ) -> anyhow::Result<Vec<Vec<String>>> {
        let before = std::fs::read_to_string(path).ok();
        let before: Option<Value> = before.and_then(|text| serde_json::from_str(&text).ok());
        let same =
            before.filter(|file| file["responses"] == json!(rows) && file["short"] == json!(short_form));
        let ours = |bench: &Value| self.rows.iter().any(|row| bench == row.bench);
        let kept = same.iter().flat_map(|file| file["results"].as_array().into_iter().flatten());
        let mut results: Vec<Value> = kept.filter(|row| !ours(&row["bench"])).cloned().collect();
        results.extend(self.rows.iter().map(Row::json));
        let cells = |row: &Value| -> Vec<String> {
            let cells = row["cells"].as_array().into_iter().flatten();
            cells.map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect()
        };
        let table = results.iter().map(cells).collect();
        let file = json!({
            "machine": crate::product::machine(), "responses": rows, "short": short_form, "results": results,
            "failures": self.failures,
        });
        std::fs::write(path, format!("{}\n", serde_json::to_string_pretty(&file)?))
            .with_context(|| path.display().to_string())?;
        Ok(table)
    }

    /// The table, for people.
    pub(crate) fn print(&self) {
        let cells: Vec<[String; 7]> = self.rows.iter().map(Row::cells).collect();
        let widths: Vec<usize> = HEADS
            .iter()
            .enumerate()
            .map(|(at, head)| {
                let width = |row: &[String; 7]| row.get(at).map_or(0, |cell| cell.chars().count());
                cells.iter().map(width).max().unwrap_or_default().max(head.chars().count())
            })
            .collect();
        println!();
        let heads = HEADS.map(str::to_owned);
        for row in std::iter::once(&heads).chain(&cells) {
            let mut line = String::new();
            for (cell, width) in row.iter().zip(&widths) {
                let _ = write!(line, "{cell:<width$}  ");
            }
            println!("{}", line.trim_end());
        }
    }
}

/// The same table in Markdown, between the two marks of a page that has them.
pub(crate) fn into_page(page: &Path, table: &[Vec<String>]) -> anyhow::Result<()> {
    const FROM: &str = "<!-- results -->";
    const TO: &str = "<!-- end of results -->";
    let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let (before, rest) = text.split_once(FROM).context("the page has no place for results")?;
    let (_, after) = rest.split_once(TO).context("the page has no end of results")?;
    let mut lines = format!(
        "\nMachine: {}\n\n| {} |\n|{}\n",
        crate::product::machine(),
        HEADS.join(" | "),
        " --- |".repeat(7)
    );
    for row in table {
        let _ = writeln!(lines, "| {} |", row.join(" | "));
    }
    std::fs::write(page, format!("{before}{FROM}\n{lines}\n{TO}{after}"))?;
    Ok(())
}
