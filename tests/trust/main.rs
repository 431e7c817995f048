//! Whether what was said to be stored is stored, whatever happens: processes killed, power cut, disks that fail or are
//! full, connections that never end, backups beside answers, clocks that leap, hostile files; and who can be told apart
//! by the time of a refusal.
//!
//! ```sh
//! cargo test --test trust                        # a few of each: some minutes
//! cargo test --release --test trust -- --long    # as often as docs/trust.md says, and its table with
//!                                                #   --markdown docs/trust.md
//! cargo test --test trust -- --long --share 10   # a tenth as often
//! cargo test --test trust -- kills faults        # only these
//! ```
//!
//! What a machine can't do is said, with the reason, and counts as nothing.

#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "a command that prints what it found")]

#[expect(dead_code, reason = "the benchmarks use more of it")]
#[path = "../../benches/speed/attempts.rs"]
mod attempts;
mod class;
mod clock;
mod cuts;
#[expect(dead_code, reason = "the benchmarks use more of it")]
#[path = "../../benches/speed/driver.rs"]
mod driver;
mod faults;
mod full;
mod imports;
mod kills;
mod pause;
mod people;
#[expect(dead_code, reason = "the benchmarks use more of it")]
#[path = "../../benches/speed/product.rs"]
mod product;
mod report;
mod sign_in;
mod slow;
mod tell;
mod tools;
#[expect(dead_code, reason = "the benchmarks use more of it")]
#[path = "../../benches/speed/world.rs"]
mod world;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use report::Report;

/// Every property, in the order in which they are looked at.
const NAMES: [&str; 9] =
    ["kills", "power_cut", "faults", "full", "slow", "sign_in", "pause", "clock", "imports"];

const HELP: &str = "cargo test --test trust -- [NAME…] [--long [--share PERCENT]] [--markdown PAGE]";

/// What is asked for, and what was found so far.
pub(crate) struct Run {
    /// As often as it takes to believe it; else a few times.
    long: bool,
    /// How much of that, in hundredths.
    share: usize,
    /// Where data is made; on a disk.
    folder: PathBuf,
    report: Report,
}

impl Run {
    /// How often something is done.
    pub(crate) const fn times(&self, short: usize, long: usize) -> usize {
        if self.long { (long * self.share).div_ceil(100) } else { short }
    }
}

fn main() -> anyhow::Result<ExitCode> {
    let (mut names, mut long, mut share, mut page) = (Vec::new(), false, 100, None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--long" => long = true,
            "--share" => share = words.next().context(HELP)?.parse()?,
            "--markdown" => page = Some(PathBuf::from(words.next().context(HELP)?)),
            name if NAMES.contains(&name) => names.push(name.to_owned()),
            // What cargo hands to every kind of test.
            "--nocapture" => {}
            other => bail!("{other}? {HELP}\nProperties: {}", NAMES.join(", ")),
        }
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trust");
    std::fs::create_dir_all(&folder)?;
    let mut run = Run { long, share, folder, report: Report::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    for name in NAMES.into_iter().filter(|name| names.is_empty() || names.iter().any(|asked| asked == name)) {
        println!("{name}");
        if let Err(cause) = runtime.block_on(one(&mut run, name)) {
            run.report.must(name, "it could be looked at", format!("no: {cause:#}"), "yes", false);
        }
    }
    std::fs::remove_dir_all(&run.folder).context("removing the data")?;
    run.report.print();
    if let Some(page) = page {
        run.report.write_into(&page)?;
    }
    Ok(if run.report.all_well() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn one(run: &mut Run, name: &str) -> anyhow::Result<()> {
    match name {
        "kills" => kills::kills(run).await,
        "power_cut" => cuts::cuts(run).await,
        "faults" => faults::faults(run).await,
        "full" => full::full(run).await,
        "slow" => slow::slow(run).await,
        "sign_in" => sign_in::sign_in(run).await,
        "pause" => pause::pause(run).await,
        "clock" => clock::clock(run).await,
        _ => imports::imports(run).await,
    }
}
