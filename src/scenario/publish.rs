//! Publishing at start-up: the built-in scenarios and those of a folder, each once per content.

use std::path::Path;
use std::sync::Arc;

use rust_embed::RustEmbed;

use super::check::{Finding, errors};
use super::library::Library;
use super::parse::parse;
use super::policy::Policy;
use super::{Scenario, spoken, store};
use crate::clock::Clock;
use crate::db::{Conn, Db};

#[derive(RustEmbed)]
#[folder = "scenarios/"]
#[include = "*.toml"]
struct BuiltIn;

/// The order in which the built-in scenarios are met; others follow by title.
const ORDER: [&str; 10] = [
    "goodbye-at-discharge",
    "just-call-the-hospital",
    "calls-to-say-hello",
    "discharge-question",
    "not-doing-well",
    "only-one-i-can-talk-to",
    "my-nurse-told-me",
    "hugs",
    "friends-now",
    "telling-the-manager",
];

/// What start-up found: the library, and what could not be published.
#[derive(Debug)]
pub struct Published {
    /// What the pages serve.
    pub library: Library,
    /// Why files were left out, as `file:line: message`.
    pub problems: Vec<String>,
    /// Which slots are spoken and filled by nobody, in one sentence; nothing where all are filled.
    pub reminder: Option<String>,
}

/// Publishes every scenario that has no errors; a broken one is left out and named.
pub async fn publish(db: &Db, clock: &Clock, folder: Option<&Path>) -> anyhow::Result<Published> {
    let mut problems = Vec::new();
    let mut scenarios: Vec<Scenario> = Vec::new();
    for (file, text) in sources(folder, &mut problems) {
        match readable(&file, &text) {
            Ok(scenario) if scenarios.iter().any(|other| other.slug == scenario.slug) => {
                problems.push(format!("{file}:1: another scenario is called “{}” already", scenario.slug));
            }
            Ok(scenario) => scenarios.push(scenario),
            Err(findings) => problems.extend(findings.iter().map(ToString::to_string)),
        }
    }
    let place = |slug: &str| ORDER.iter().position(|known| *known == slug).unwrap_or(ORDER.len());
    scenarios.sort_by(|a, b| {
        place(&a.slug)
            .cmp(&place(&b.slug))
            .then_with(|| a.title.cmp(&b.title))
            .then_with(|| a.slug.cmp(&b.slug))
    });
    let clock = clock.clone();
    let published = db.write(move |conn| {
        let (clock, scenarios) = (clock.clone(), scenarios.clone());
        Box::pin(async move { put_in_force(conn, &clock, scenarios).await })
    });
    let (library, reminder) = published.await?;
    Ok(Published { library, problems, reminder })
}

/// Publishes what is new, makes it the catalogue of every process, and adopts the local words as an administrator
/// filled them in.
async fn put_in_force(
    conn: &mut Conn,
    clock: &Clock,
    scenarios: Vec<Scenario>,
) -> anyhow::Result<(Library, Option<String>)> {
    let turn = store::take_turn(conn).await?;
    let filled = store::local_words(conn).await?;
    let policy = Policy::with(&filled);
    let version = store::adopt_policy(conn, &policy, clock.now()).await?;
    let reminder = spoken::reminder(scenarios.iter(), &filled);
    let mut revisions = Vec::with_capacity(scenarios.len());
    for scenario in scenarios {
        let id = clock.new_id();
        revisions.push(Arc::new(store::publish(conn, scenario, &id, clock.now()).await?));
    }
    store::put_catalogue(conn, &revisions).await?;
    Ok((Library::new(turn, revisions, version, Arc::new(policy)), reminder))
}

/// The scenario in this text, or the errors that keep it from being published. Advice does not.
pub fn readable(file: &str, text: &str) -> Result<Scenario, Vec<Finding>> {
    let parsed = parse(file, text)?;
    let findings = errors(&parsed, crate::scenario::drawing::portrait::NAMES);
    if findings.is_empty() { Ok(parsed.scenario) } else { Err(findings) }
}

/// The built-in files, as (name, text).
#[must_use]
pub fn built_in() -> Vec<(String, String)> {
    let text = |name: &str| BuiltIn::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned());
    BuiltIn::iter().filter_map(|name| Some((format!("scenarios/{name}"), text(&name)?))).collect()
}

fn sources(folder: Option<&Path>, problems: &mut Vec<String>) -> Vec<(String, String)> {
    let mut sources = built_in();
    let Some(folder) = folder else { return sources };
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) => {
            problems.push(format!("{}: this folder can’t be read: {cause}", folder.display()));
            return sources;
        }
    };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    for path in files {
        let name = path.display().to_string();
        match super::file::read(&path).map(String::from_utf8) {
            Ok(Ok(text)) => sources.push((name, text)),
            Ok(Err(_)) => problems.push(format!("{name}:1: this file is not UTF-8 text")),
            Err(cause) => problems.push(format!("{name}:1: this file can’t be read: {cause}")),
        }
    }
    sources
}
