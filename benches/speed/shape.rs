//! What the program takes on a machine: its size, its memory, how soon it is there.

use std::cell::Cell;
use std::path::Path;
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::attempts::prepare;
use crate::driver::{Steps, Wire, get, load, number, once, pages};
use crate::large::cohorts;
use crate::options::Run;
use crate::product::{APP, Cores, Server};
use crate::report::{Row, Target, short};

const MB: f64 = 1024.0 * 1024.0;

pub(crate) fn size(run: &mut Run) -> anyhow::Result<()> {
    let bytes = usize::try_from(std::fs::metadata(APP)?.len())?;
    let row = Row::new("size", "the binary, everything embedded", "MB", &[number(bytes) / MB]);
    // A build with debug information says nothing about the size of a release.
    run.report.add(if run.options.short { row } else { row.target(Target::AtMost(12.0)) });
    Ok(())
}

/// The same connections until so many requests have been sent by all of them.
fn at_most(connections: Vec<Steps>, most: usize) -> Vec<Steps> {
    let left = Rc::new(Cell::new(most));
    let one = |mut steps: Steps| -> Steps {
        let left = Rc::clone(&left);
        Box::new(move || {
            left.set(left.get().checked_sub(1)?);
            steps()
        })
    };
    connections.into_iter().map(one).collect()
}

pub(crate) async fn memory(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let jobs = prepare(&world, 2_000, 4).await?;
    let turns = jobs.iter().filter_map(|job| Some(get(&job.page()?, job.token(), "")));
    let mut wires: Vec<Wire> = turns.collect();
    // One page in twenty is a cohort's.
    for (wire, at) in cohorts(&world, 0, 100).iter().zip(1..) {
        wires.insert((at * 20).min(wires.len()), Rc::clone(wire));
    }
    let wires = Rc::new(wires);
    let app = Server::app(&world.url, Cores::First)?;
    once(app.address, &get("/practice", "", ""), 200).await?;
    let start = app.resident()?;
    let lasting = run.options.lasting() * 2;
    let looking = async {
        tokio::time::sleep(lasting * 9 / 10).await;
        app.resident()
    };
    let (many, at_once) = tokio::join!(load(app.address, lasting, pages(256, &wires)), looking);
    many?.clean("memory")?;
    let most = if run.options.rows >= 1_000_000 { 1_000_000 } else { 20_000 };
    let mut after = [0.0; 2];
    for (at, share) in [(0, most / 5), (1, most - most / 5)] {
        let connections = at_most(pages(64, &wires), share);
        load(app.address, Duration::from_mins(10), connections).await?.clean("memory")?;
        after[at] = app.resident()?;
    }
    let row = |what: String, mb: f64| Row::new("memory", what, "MB", &[mb]);
    run.report.add(row("at start".to_owned(), start).target(Target::AtMost(20.0)));
    run.report.add(row("with 256 connections".to_owned(), at_once?).target(Target::AtMost(64.0)));
    let (fifth, all) = (short(number(most / 5)), short(number(most)));
    let row = row(format!("after {all} requests"), after[1]);
    let beside: &'static str = "after a fifth of them";
    run.report.add(
        row.beside(beside, &[after[0]]).target(Target::RatioAtMost(1.02)).note(format!("a fifth: {fifth}")),
    );
    app.stop()
}

/// Takes what was read of these files out of memory. False where this system doesn't let us.
fn forget(files: &[&Path]) -> bool {
    let _ = Command::new("sync").status();
    if std::fs::write("/proc/sys/vm/drop_caches", "3").is_ok() {
        return true;
    }
    files.iter().all(|file| {
        let input = format!("if={}", file.display());
        let dd = Command::new("dd").args([&input, "iflag=nocache", "count=0"]).stderr(Stdio::null()).status();
        dd.is_ok_and(|status| status.success())
    })
}

pub(crate) async fn start(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let file = world.file()?;
    let (mut warm, mut cold) = (Vec::new(), Vec::new());
    for round in 0..=run.options.rounds() {
        for (times, is_cold) in [(&mut cold, true), (&mut warm, false)] {
            // Whoever shares the machine keeps what is in memory.
            if is_cold && (run.options.short || !forget(&[&file, Path::new(APP)])) {
                continue;
            }
            let began = Instant::now();
            let app = Server::app(&world.url, Cores::First)?;
            once(app.address, &get("/practice", "", ""), 200).await?;
            if round > 0 {
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
            app.stop()?;
        }
    }
    let row = |what: &str, times: &[f64]| Row::new("start", what, "ms", times);
    run.report.add(row("spawn to first page, warm", &warm).target(Target::AtMost(25.0)));
    if cold.is_empty() {
        println!("  cold: this system keeps its caches");
    } else {
        run.report.add(row("spawn to first page, cold", &cold).target(Target::AtMost(50.0)));
    }
    Ok(())
}
