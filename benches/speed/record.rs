//! Answers: how quickly one is durably recorded, and how many a second from many nurses at once.

use std::net::SocketAddr;
use std::time::Duration;

use crate::attempts::Queue;
use crate::driver::{Load, load, number};
use crate::limits::durable_write;
use crate::options::Run;
use crate::product::{Cores, Server};
use crate::report::{Row, Target, short};

/// One load of answers; each must be recorded.
pub(crate) async fn send(
    address: SocketAddr,
    queue: &Queue,
    connections: usize,
    lasting: Duration,
) -> anyhow::Result<Load> {
    anyhow::ensure!(queue.left() > connections, "every prepared attempt is answered");
    let load = load(address, lasting, queue.connections(connections)).await?;
    load.clean("answers")?;
    Ok(load)
}

pub(crate) async fn record_one(run: &mut Run) -> anyhow::Result<()> {
    let class = run.class().await?;
    let app = Server::app(&class.world.url, Cores::First)?;
    let naive = Server::reference("naive", &class.naive.0, 0, 0)?;
    let folder = run.options.folder.clone();
    let lasting = run.options.lasting();
    let (mut ours, mut disk, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=run.options.rounds() {
        let mut one = send(app.address, &class.ours, 1, lasting).await?;
        let written = durable_write(&folder, lasting / 2)?;
        let mut other = send(naive.address, &class.naive.1, 1, lasting).await?;
        if round > 0 {
            ours.push(one.quantile(0.5));
            disk.push(written);
            theirs.push(other.quantile(0.5));
        }
    }
    let row = || Row::new("record_one", "1 conn., p50", "µs", &ours);
    run.report.add(row().beside("R2", &disk).target(Target::RatioAtMost(4.0)));
    run.report.add(row().beside("R3", &theirs));
    app.stop()
}

/// Writes and commits so far, where the app counts them.
pub(crate) async fn commits(server: &Server) -> anyhow::Result<Option<(f64, f64)>> {
    let writes = server.metric("warmly_writes_total").await?;
    Ok(writes.zip(server.metric("warmly_commits_total").await?))
}

/// Rates, p50s and p99s of one server, round by round.
#[derive(Default)]
pub(crate) struct Rounds {
    pub(crate) rates: Vec<f64>,
    pub(crate) medians: Vec<f64>,
    pub(crate) tails: Vec<f64>,
}

impl Rounds {
    pub(crate) fn add(&mut self, mut load: Load) {
        self.rates.push(load.each_second());
        self.medians.push(load.quantile(0.5) / 1000.0);
        self.tails.push(load.quantile(0.99) / 1000.0);
    }
}

pub(crate) async fn record_many(run: &mut Run) -> anyhow::Result<()> {
    let class = run.class().await?;
    let app = Server::app(&class.world.url, Cores::First)?;
    let naive = Server::reference("naive", &class.naive.0, 0, 0)?;
    let minimal = Server::reference("minimal", &class.minimal.0, 0, 0)?;
    let (rounds, lasting) = (run.options.rounds(), run.options.lasting());
    let words: usize = class.jobs.iter().map(|job| job.sent() - job.answers()).sum();
    let sent: usize = class.jobs.iter().map(crate::attempts::Job::sent).sum();
    for connections in [16, 64, 256] {
        let mut ours = Rounds::default();
        let mut theirs = [Rounds::default(), Rounds::default()];
        let (mut answers, mut syncs) = (0.0, 0.0);
        for round in 0..=rounds {
            let before = commits(&app).await?;
            let load = send(app.address, &class.ours, connections, lasting).await?;
            let after = commits(&app).await?;
            if round > 0 {
                ours.add(load);
                if let Some(((writes, commits), (writes_after, commits_after))) = before.zip(after) {
                    answers += writes_after - writes;
                    syncs += commits_after - commits;
                }
            }
            for (server, queue, rounds) in [(&naive, &class.naive.1, 0), (&minimal, &class.minimal.1, 1)] {
                // A writer that waits too long for the lock may fail, and that is the reference's own.
                let load = load_any(server.address, queue, connections, lasting).await?;
                if round > 0 {
                    theirs[rounds].add(load);
                }
            }
        }
        let many = connections == 64;
        let (least, most) = if many {
            (Target::RatioAtLeast(8.0), Target::RatioAtMost(0.2))
        } else {
            (Target::None, Target::None)
        };
        let [naive, minimal] = &theirs;
        let what = format!("{connections} conn., answers/s");
        let note = format!(
            "{:.0} % own words; {} writes a sync",
            100.0 * number(words) / number(sent),
            if syncs > 0.0 { short(answers / syncs) } else { "?".to_owned() }
        );
        let row = Row::new("record_many", &what, "/s", &ours.rates);
        run.report.add(row.beside("R3", &naive.rates).target(least).note(note));
        run.report
            .add(Row::new("record_many", &what, "/s", &ours.rates).beside("R3 minimal", &minimal.rates));
        let what = format!("{connections} conn., p99");
        run.report
            .add(Row::new("record_many", &what, "ms", &ours.tails).beside("R3", &naive.tails).target(most));
        let what = format!("{connections} conn., p50");
        run.report.add(Row::new("record_many", what, "ms", &ours.medians).beside("R3", &naive.medians));
    }
    app.stop()
}

/// A load on a reference, whose answers may fail.
pub(crate) async fn load_any(
    address: SocketAddr,
    queue: &Queue,
    connections: usize,
    lasting: Duration,
) -> anyhow::Result<Load> {
    anyhow::ensure!(queue.left() > connections, "every prepared attempt is answered");
    load(address, lasting, queue.connections(connections)).await
}
