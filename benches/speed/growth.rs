//! The same pages and the same answers while the data grows a thousandfold.

use std::rc::Rc;

use warmly::db::Db;
use warmly::sql;

use crate::attempts::{Queue, prepare};
use crate::driver::{Wire, get, number};
use crate::large::{cohorts, everything, own};
use crate::options::Run;
use crate::pages::read;
use crate::product::{Cores, Server};
use crate::record::send;
use crate::report::{Row, Target, short};
use crate::world::{World, nurses_for};

/// Connections that answer at once.
const ANSWERING: usize = 16;

/// The pages that are read, by name.
const PAGES: [&str; 4] = ["a turn", "a cohort of 36", "her own practice", "every cohort"];

/// One size of data, with a server on it.
struct Stage {
    world: Rc<World>,
    server: Server,
    queue: Queue,
    wires: [Rc<Vec<Wire>>; 4],
    /// Medians of each page in microseconds, round by round.
    medians: [Vec<f64>; 4],
    /// Processor time of an answer in microseconds, round by round.
    cpu: Vec<f64>,
    /// Bytes on disk a response, before anything was added to be measured with.
    each: f64,
}

impl Stage {
    async fn new(world: Rc<World>, attempts: usize) -> anyhow::Result<Self> {
        let each = bytes_each(&world).await?;
        let jobs = Rc::new(prepare(&world, attempts, 2).await?);
        let turns = jobs.iter().take(1_000).filter_map(|job| Some(get(&job.page()?, job.token(), "")));
        let last = world.cohorts.len() - 1;
        let wires =
            [Rc::new(turns.collect()), cohorts(&world, last, 1), own(&world, 1_000), everything(&world)];
        let server = Server::app(&world.url, Cores::First)?;
        let queue = Queue::new(&jobs);
        Ok(Self { world, server, queue, wires, medians: [const { Vec::new() }; 4], cpu: Vec::new(), each })
    }

    async fn round(&mut self, run: &Run, counts: bool) -> anyhow::Result<()> {
        for (wires, medians) in self.wires.iter().zip(&mut self.medians) {
            let mut load = read(self.server.address, wires, 1, run.options.lasting() / 4).await?;
            if counts {
                medians.push(load.quantile(0.5));
            }
        }
        let before = self.server.cpu()?;
        let load = send(self.server.address, &self.queue, ANSWERING, run.options.lasting()).await?;
        let took = self.server.cpu()? - before;
        if counts {
            self.cpu.push(took * 1e6 / number(load.count()));
        }
        Ok(())
    }
}

pub(crate) async fn growth(run: &mut Run) -> anyhow::Result<()> {
    let rows = run.options.rows;
    let attempts = if rows >= 1_000_000 { 30_000 } else { 5_000 };
    let mut stages = Vec::new();
    for size in [10_000, 100_000, 1_000_000, 10_000_000] {
        if size < rows {
            let folder = run.options.folder.join(format!("growth-{size}"));
            let world = World::in_folder(&folder, nurses_for(size), size, run.options.keep).await?;
            stages.push(Stage::new(Rc::new(world), attempts).await?);
        }
    }
    let large = run.large().await?;
    if let Some(took) = large.made_in {
        let row = Row::new("growth", format!("making {rows} responses"), "s", &[took.as_secs_f64()]);
        run.report.add(row.target(Target::AtMost(600.0)));
    }
    stages.push(Stage::new(large, attempts).await?);
    for round in 0..=run.options.rounds() {
        for stage in &mut stages {
            stage.round(run, round > 0).await?;
        }
    }
    let Some((first, more)) = stages.split_first() else { return Ok(()) };
    for stage in more {
        let from = short(number(first.world.responses));
        let to = short(number(stage.world.responses));
        for (at, page) in PAGES.into_iter().enumerate() {
            let row = Row::new("growth", format!("{page}, p50 at {to}"), "µs", &stage.medians[at]);
            let row = row.beside("at 10,000", &first.medians[at]);
            let lists =
                format!("lists {} cohorts, not {}", stage.world.cohorts.len(), first.world.cohorts.len());
            // The list of every cohort is longer where there are more of them.
            run.report.add(if at < 3 { row.target(Target::RatioAtMost(1.3)) } else { row.note(lists) });
        }
        let row = Row::new("growth", format!("CPU of an answer at {to}"), "µs", &stage.cpu);
        run.report.add(row.beside("at 10,000", &first.cpu).target(Target::RatioAtMost(2.0)));
        println!("  {from} → {to}");
    }
    for stage in stages {
        let responses = short(number(stage.world.responses));
        stage.server.stop()?;
        let row = Row::new("growth", format!("bytes on disk a response at {responses}"), "B", &[stage.each]);
        run.report.add(row.target(Target::AtMost(400.0)).note("indexes in, own words out"));
    }
    Ok(())
}

async fn bytes_each(world: &World) -> anyhow::Result<f64> {
    let db = Db::open(&world.url).await?;
    db.forget().await;
    let mut conn = db.read().await?;
    let (responses,) =
        sql!(&mut conn, fetch_one as (i64,), "SELECT CAST(COUNT(*) AS BIGINT) FROM responses")?;
    let (words,) = sql!(
        &mut conn,
        fetch_one as (i64,),
        "SELECT CAST(COALESCE(SUM(LENGTH(own_words)), 0) AS BIGINT) FROM openings"
    )?;
    drop(conn);
    db.close().await;
    let file = std::fs::metadata(world.file()?)?.len();
    let file = i64::try_from(file)? - words;
    Ok(number(usize::try_from(file)?) / number(usize::try_from(responses)?))
}
