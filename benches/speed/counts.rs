//! What can be counted, and must hold on any machine: statements, commits, bytes, requests. Nothing here is timed.

use std::collections::BTreeSet;

use crate::driver::{get, once};
use crate::large::{cohorts, everything, own};
use crate::options::Run;
use crate::pages::statements;
use crate::product::{Cores, Server};
use crate::record::{commits, send};

/// The most statements that a page may ask, by page.
const TURN: f64 = 9.0;
const COHORT: f64 = 16.0;
const EVERYTHING: f64 = 6.0;
const OWN: f64 = 12.0;

/// The most commits for a thousand answers from 64 connections.
const COMMITS: f64 = 750.0;

/// The most bytes of a turn's page, as a browser gets them; and the most requests that its first view makes.
const BYTES: f64 = 6.0 * 1024.0;
const REQUESTS: f64 = 6.0;

pub(crate) async fn counts(run: &mut Run) -> anyhow::Result<()> {
    let (class, large) = (run.class().await?, run.large().await?);
    let app = Server::app(&class.world.url, Cores::First)?;
    let page = |accept: &str| {
        let job = class.jobs.iter().find_map(|job| Some((job.page()?, job.token())));
        job.map(|(path, token)| get(&path, token, accept))
    };
    let (Some(plain), Some(packed)) = (page(""), page("br, gzip")) else { return Ok(()) };
    let answer = once(app.address, &plain, 200).await?;
    let asked = requests(&String::from_utf8_lossy(answer.body()));
    let packed = once(app.address, &packed, 200).await?;
    run.report.count("counts", "requests of a turn’s first view", asked, REQUESTS);
    run.report.count("counts", "bytes of a turn, compressed", crate::driver::number(packed.bytes()), BYTES);
    let turns: Vec<_> =
        class.jobs.iter().filter_map(|job| Some(get(&job.page()?, job.token(), ""))).take(100).collect();
    if let Some(found) = statements(&app, &turns).await? {
        run.report.count("counts", "statements of a turn", found, TURN);
    }
    let before = commits(&app).await?;
    send(app.address, &class.ours, 64, run.options.lasting() * if run.options.short { 4 } else { 1 }).await?;
    if let Some(((writes, syncs), (writes_after, syncs_after))) = before.zip(commits(&app).await?) {
        let each = 1000.0 * (syncs_after - syncs) / (writes_after - writes).max(1.0);
        run.report.count("counts", "commits of a thousand answers, 64 conn.", each, COMMITS);
    }
    app.stop()?;
    let app = Server::app(&large.url, Cores::First)?;
    for (what, wires, most) in [
        ("statements of a cohort’s overview", cohorts(&large, 0, 10), COHORT),
        ("statements of the list of every cohort", everything(&large), EVERYTHING),
        ("statements of her own practice", own(&large, 50), OWN),
    ] {
        if let Some(found) = statements(&app, &wires).await? {
            run.report.count("counts", what, found, most);
        }
    }
    app.stop()
}

/// How many requests a page makes besides itself, and itself: what it links to, each once.
fn requests(page: &str) -> f64 {
    let mut found = BTreeSet::new();
    for tag in page.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let linked = tag.starts_with("link ") && !tag.contains("canonical") && !tag.contains("alternate");
        let name = if linked { "href=\"" } else { " src=\"" };
        let from = tag.split_once(name).map(|(_, rest)| rest);
        let address = from.and_then(|rest| rest.split('"').next()).filter(|address| address.starts_with('/'));
        found.extend(address);
    }
    crate::driver::number(found.len() + 1)
}
