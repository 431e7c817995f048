//! `warmly check`: whether the configured database is sound, one line for each thing that was looked at.

use std::io::Write;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::backup::{file, words};
use super::tallies;
use crate::config::Config;
use crate::db::copy::{Unsound, inspect, values_of_another_kind};
use crate::db::{Conn, Db, OpenError};
use crate::scenario::check::errors;
use crate::scenario::drawing::portrait;
use crate::scenario::parse::Parsed;
use crate::scenario::store::{Stored, local_words, ruling, stored_after};
use crate::scenario::{Scenario, spoken};

/// How many revisions are read with one question.
const TOGETHER: i64 = 50;

/// Looks at the configured database, also while the app serves, and says what was found. True where all is sound; local
/// words that nobody filled in are named, but are no fault.
///
/// # Errors
/// Where there is no database, a newer program has changed it, or `out` fails.
pub async fn run(config: &Config, out: &mut impl Write) -> anyhow::Result<bool> {
    let mut readable = true;
    match file(config) {
        Some(file) if !file.is_file() => {
            return Err(OpenError::Missing(file.display().to_string()).into());
        }
        Some(file) => match inspect(&file).await {
            Ok(contents) => {
                writeln!(out, "Integrity: every page of {} is sound. {}", file.display(), words(&contents))?;
                writeln!(out, "References: each leads to a row that is there.")?;
                let odd = values_of_another_kind(&file, &contents).await.map_err(OpenError::Sql)?;
                readable = odd.is_empty();
                if readable {
                    writeln!(out, "Values: each is of its column’s kind.")?;
                } else {
                    let odd = odd.join(", ");
                    writeln!(
                        out,
                        "Values: some rows hold what is not of its column’s kind, and can’t be read: {odd}."
                    )?;
                }
            }
            Err(unsound) => return say_unsound(unsound, out),
        },
        None => writeln!(out, "Integrity and references: PostgreSQL’s own work.")?,
    }
    let db = Db::open_existing(&config.database_url()).await?;
    let done = records(&db, out).await;
    db.close().await;
    done.map(|sound| sound && readable)
}

fn say_unsound(unsound: Unsound, out: &mut impl Write) -> anyhow::Result<bool> {
    match unsound {
        Unsound::Damaged(..) | Unsound::OtherKind(_) | Unsound::Unlike(..) => {
            writeln!(out, "Integrity: {unsound}. Stop the app and restore the last backup.")?;
        }
        Unsound::Strange(..) => {
            writeln!(out, "Integrity: {unsound}. Take it out, or stop the app and restore the last backup.")?;
        }
        Unsound::Loose(..) => {
            writeln!(out, "Integrity: every page is sound.")?;
            writeln!(out, "References: {unsound}.")?;
        }
        other => return Err(other.into()),
    }
    writeln!(out, "The rest was not looked at.")?;
    Ok(false)
}

/// What only this program knows: tallies, local words, stored scenarios.
async fn records(db: &Db, out: &mut impl Write) -> anyhow::Result<bool> {
    let (step, newest) = (db.step().await?, Db::steps().last().copied().unwrap_or_default());
    if step < newest {
        writeln!(
            out,
            "The tables are at step {step} of {newest}: this version brings them up to date when it starts. The rest is \
             looked at after that."
        )?;
        return Ok(true);
    }
    let found = tallies::compare(db).await.context("the tallies can’t be compared")?;
    write!(out, "Tallies: ")?;
    let tallies_fine = tallies::say(&found, out)?;
    if !tallies_fine {
        writeln!(out, "`warmly check --tallies --mend` counts them anew.")?;
    }
    let mut conn = db.read().await?;
    let revisions = revisions(&mut conn).await?;
    match spoken::reminder(revisions.current.iter(), &local_words(&mut conn).await?) {
        Some(reminder) => writeln!(out, "{reminder}")?,
        None => writeln!(out, "Local words: every slot that scenarios speak is filled in.")?,
    }
    let (faults, count) = (revisions.faults.len(), revisions.count);
    match faults {
        0 => writeln!(out, "Scenarios: all {count} stored revisions can be read and pass the check.")?,
        _ => writeln!(out, "Scenarios: of {count} stored revisions not all can be read and pass the check:")?,
    }
    for fault in revisions.faults {
        writeln!(out, "  {fault}")?;
    }
    Ok(tallies_fine && faults == 0)
}

/// Every stored revision, looked at.
#[derive(Debug, Default)]
struct Revisions {
    count: usize,
    /// The scenarios of the catalogue.
    current: Vec<Scenario>,
    /// What is wrong, in words.
    faults: Vec<String>,
}

async fn revisions(conn: &mut Conn) -> anyhow::Result<Revisions> {
    let in_force = ruling(conn).await?.map(|ruling| ruling.revisions).unwrap_or_default();
    let (mut found, mut after) = (Revisions::default(), String::new());
    loop {
        let some = stored_after(conn, &after, TOGETHER).await?;
        let Some(last) = some.last() else { return Ok(found) };
        after.clone_from(&last.id);
        for stored in some {
            found.count += 1;
            match read(&stored) {
                Ok(scenario) if in_force.contains(&stored.id) => found.current.push(scenario),
                Ok(_) => {}
                Err(mut faults) => found.faults.append(&mut faults),
            }
        }
    }
}

/// The scenario of a stored revision, or what is wrong with it.
fn read(stored: &Stored) -> Result<Scenario, Vec<String>> {
    let name = format!("{}, revision {}", stored.slug, stored.number);
    if crate::hex(&Sha256::digest(&stored.content)) != stored.hash {
        return Err(vec![format!("{name} ({}) is not what was published: its hash differs", stored.id)]);
    }
    let scenario: Scenario = serde_json::from_str(&stored.content)
        .map_err(|cause| vec![format!("{name} ({}) can’t be read: {cause}", stored.id)])?;
    let parsed = Parsed::of(name.clone(), scenario);
    let findings = errors(&parsed, portrait::NAMES);
    if findings.is_empty() {
        return Ok(parsed.scenario);
    }
    Err(findings.into_iter().map(|finding| format!("{name}: {}", finding.message)).collect())
}
