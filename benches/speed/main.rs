//! How quick the app is, beside what is possible and beside what would be written first. `cargo bench` runs everything
//! at ten million responses; `cargo bench -- NAME…` chooses; `docs/speed.md` says what each benchmark does.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a command that prints what it found, and stops where something is not as it must be"
)]

mod attempts;
mod counts;
#[expect(dead_code, reason = "the trials use more of it")]
mod driver;
mod growth;
mod kill;
mod large;
mod limits;
mod mixed;
mod options;
mod pages;
mod postgres;
#[expect(dead_code, reason = "the trials use more of it")]
mod product;
mod record;
mod references;
mod report;
mod shape;
mod world;

use std::process::ExitCode;

use anyhow::Context as _;
use options::{Options, Run};

/// Every benchmark, in the order in which they run.
const NAMES: [&str; 15] = [
    "size",
    "page_turn",
    "record_one",
    "record_many",
    "record_kill",
    "cohort_10m",
    "organisation_10m",
    "nurse_10m",
    "growth",
    "mixed",
    "memory",
    "start",
    "tally_check",
    "postgres",
    "counts",
];

fn main() -> anyhow::Result<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(reference) = options::Reference::read(&words)? {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(reference.serve())?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&words, &NAMES)?;
    product::keep_to_the_last_core();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let well = runtime.block_on(all(options))?;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// False where a count is not as it must be, or a benchmark could not go on.
async fn all(options: Options) -> anyhow::Result<bool> {
    let began = std::time::Instant::now();
    println!("{}", product::machine());
    let mut run = Run::new(options)?;
    for name in NAMES {
        if !run.options.runs(name) {
            continue;
        }
        println!("{name}");
        if let Err(error) = one(&mut run, name).await {
            println!("  FAILED: {error:#}");
            run.report.failures.push(format!("{name}: {error:#}"));
        }
    }
    run.report.print();
    let table = run.report.save(&run.options.json(), run.options.rows, run.options.short)?;
    if let Some(page) = &run.options.markdown {
        report::into_page(page, &table)?;
    }
    println!("\n{} s. All of it is in {}", began.elapsed().as_secs(), run.options.json().display());
    if !run.options.keep {
        std::fs::remove_dir_all(&run.options.folder).context("removing the data")?;
    }
    for failure in &run.report.failures {
        println!("NOT AS IT MUST BE: {failure}");
    }
    Ok(run.report.failures.is_empty())
}

async fn one(run: &mut Run, name: &str) -> anyhow::Result<()> {
    match name {
        "size" => shape::size(run),
        "page_turn" => pages::page_turn(run).await,
        "record_one" => record::record_one(run).await,
        "record_many" => record::record_many(run).await,
        "record_kill" => kill::record_kill(run).await,
        "cohort_10m" => large::cohort(run).await,
        "organisation_10m" => large::organisation(run).await,
        "nurse_10m" => large::nurse(run).await,
        "growth" => growth::growth(run).await,
        "mixed" => mixed::mixed(run).await,
        "memory" => shape::memory(run).await,
        "start" => shape::start(run).await,
        "tally_check" => kill::tally_check(run).await,
        "postgres" => postgres::postgres(run).await,
        _ => counts::counts(run).await,
    }
}
