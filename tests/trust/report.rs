//! What was found, beside what must be.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;

/// One line: the property, what was looked at, what came of it, what must come of it.
struct Line {
    property: &'static str,
    what: String,
    found: String,
    must: String,
    verdict: &'static str,
}

/// Everything that was found.
#[derive(Default)]
pub(crate) struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// Something that must be as it is asked for.
    pub(crate) fn must(
        &mut self,
        property: &'static str,
        what: impl Into<String>,
        found: impl Into<String>,
        must: impl Into<String>,
        met: bool,
    ) {
        let verdict = if met { "met" } else { "MISSED" };
        self.keep(Line { property, what: what.into(), found: found.into(), must: must.into(), verdict });
    }

    /// A count of what must not happen.
    pub(crate) fn none(&mut self, property: &'static str, what: impl Into<String>, found: usize) {
        self.must(property, what, found.to_string(), "0", found == 0);
    }

    /// A figure that is only told.
    pub(crate) fn told(&mut self, property: &'static str, what: impl Into<String>, found: impl Into<String>) {
        let (what, found) = (what.into(), found.into());
        self.keep(Line { property, what, found, must: String::new(), verdict: "" });
    }

    /// What could not be looked at here, and why.
    pub(crate) fn skipped(&mut self, property: &'static str, why: &str) {
        let what = "not looked at here".to_owned();
        self.keep(Line { property, what, found: why.to_owned(), must: String::new(), verdict: "SKIPPED" });
    }

    fn keep(&mut self, line: Line) {
        println!("  {}: {} {} {}", line.what, line.found, line.must, line.verdict);
        self.lines.push(line);
    }

    pub(crate) fn all_well(&self) -> bool {
        self.lines.iter().all(|line| line.verdict != "MISSED")
    }

    fn rows(&self) -> String {
        let mut rows = String::new();
        for Line { property, what, found, must, verdict } in &self.lines {
            let _ = writeln!(rows, "| {property} | {what} | {found} | {must} | {verdict} |");
        }
        rows
    }

    /// The table, and once more what was left out, for whoever reads only the end.
    pub(crate) fn print(&self) {
        println!("\n{}", self.rows());
        for line in self.lines.iter().filter(|line| !matches!(line.verdict, "met" | "")) {
            println!("{}: {}: {}: {}", line.verdict, line.property, line.what, line.found);
        }
    }

    /// The table in a page, between the marks it has for that.
    pub(crate) fn write_into(&self, page: &Path) -> anyhow::Result<()> {
        const FROM: &str = "<!-- results -->";
        const TO: &str = "<!-- end of results -->";
        let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
        let (before, rest) = text.split_once(FROM).context("the page has no place for results")?;
        let (_, after) = rest.split_once(TO).context("the page has no end of results")?;
        let heads = "| property | what | found | must be | |\n| --- | --- | --- | --- | --- |";
        let machine = crate::product::machine();
        let table = format!("{FROM}\n\nMachine: {machine}\n\n{heads}\n{}\n{TO}", self.rows());
        std::fs::write(page, format!("{before}{table}{after}"))?;
        Ok(())
    }
}
