//! Every call to the disk that one answer makes fails, once or from then on, or ends the process.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};

use crate::Run;
use crate::class::{Class, Found};
use crate::driver::{Client, Step, get, once};
use crate::product::{Cores, Server};
use crate::tools::there;

/// The calls, and how many of each one answer and the journal after it make at the most.
const CALLS: [(&str, usize); 5] =
    [("fsync", 4), ("fdatasync", 4), ("pwrite64", 8), ("ftruncate", 1), ("openat", 2)];

const ENDS: [&str; 3] = ["error=EIO", "error=ENOSPC", "signal=KILL"];

/// What came of the answers.
#[derive(Default)]
struct All {
    found: Found,
    tried: usize,
    acknowledged: usize,
    /// By call, how often it failed, or ended the process, because it was made to.
    failed: BTreeMap<String, usize>,
    unread: usize,
    refused_again: usize,
}

pub(crate) async fn faults(run: &mut Run) -> anyhow::Result<()> {
    if !there("strace") {
        run.report.skipped("faults", "there is no strace (Debian: strace)");
        return Ok(());
    }
    let mut class = Class::make(&run.folder.join("faults"), 3).await?;
    let log = run.folder.join("faults.log");
    let mut all = All::default();
    for (call, most) in CALLS {
        for end in ENDS {
            for forever in ["", "+"] {
                let last = if run.long { most } else { 1 };
                for nth in 1..=last {
                    let fault = format!("{call}:{end}:when={nth}{forever}");
                    class.refill(500).await?;
                    match one(&class, &fault, &log, &mut all).await {
                        Ok(()) => {}
                        Err(cause) if all.tried == 0 => {
                            run.report
                                .skipped("faults", &format!("this machine lets nobody trace: {cause:#}"));
                            return Ok(());
                        }
                        Err(cause) => return Err(cause.context(fault)),
                    }
                }
            }
        }
    }
    all.found.add(class.look(&[], true).await?);
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    let report = &mut run.report;
    let calls: Vec<&str> = CALLS.iter().map(|(call, _)| *call).collect();
    let what = format!("answers sent while a call failed ({})", calls.join(", "));
    report.told("faults", what, format!("{}, {} of them said to be stored", all.tried, all.acknowledged));
    let failed: Vec<String> = all.failed.iter().map(|(call, times)| format!("{call} {times}")).collect();
    let syncs = ["fsync", "fdatasync"].iter().filter_map(|call| all.failed.get(*call)).sum::<usize>();
    let enough = syncs > 0 && all.failed.get("pwrite64").is_some_and(|times| *times > 0);
    let must = "syncs and writes among them";
    report.must("faults", "calls that failed because they were made to", failed.join(", "), must, enough);
    report.none("faults", "said to be stored, and missing", all.found.missing);
    report.none("faults", "stored twice", all.found.doubled);
    report.none("faults", "files that are not whole", all.found.broken);
    report.none("faults", "recounts that differ from the tallies", all.found.miscounted);
    report.none("faults", "pages that could not be read meanwhile", all.unread);
    report.none("faults", "the same form, sent again afterwards, refused", all.refused_again);
    report.none("faults", "panics", said.matches("panicked").count());
    Ok(())
}

async fn one(class: &Class, fault: &str, log: &Path, all: &mut All) -> anyhow::Result<()> {
    let url = &class.world.url;
    let written = std::fs::OpenOptions::new().create(true).append(true).open(log)?;
    let mut server = Server::app_with(url, Cores::All, &[], Stdio::from(written.try_clone()?))?;
    let step = answer(class, &server).await?;
    let tags = [step.tag];
    let written_down = log.with_extension("trace");
    let tracer = trace(server.pid(), fault, &written_down)?;
    all.tried += 1;
    let status = send(&server, &step).await;
    let acknowledged = status == Some(303);
    all.acknowledged += usize::from(acknowledged);
    if status.is_none() {
        // A process that was ended is not gone at once while somebody traces it.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let alive = server.is_running()?;
    if alive {
        all.unread += usize::from(once(server.address, &get("/practice", "", ""), 200).await.is_err());
    }
    end(tracer)?;
    let seen = std::fs::read_to_string(&written_down)?;
    let failed = seen.matches("INJECTED").count() + usize::from(seen.contains("killed by SIGKILL"));
    let call = fault.split(':').next().unwrap_or_default().to_owned();
    *all.failed.entry(call).or_default() += failed;
    if !alive {
        server = Server::app_with(url, Cores::All, &[], Stdio::from(written))?;
    }
    let again = send(&server, &step).await;
    if again != Some(303) {
        println!("  {fault}: {status:?}, and again {again:?}");
        all.refused_again += 1;
    }
    server.stop()?;
    let said = acknowledged || again == Some(303);
    all.found.add(class.look(if said { &tags } else { &[] }, false).await?);
    Ok(())
}

/// The next answer that can be sent; own words on the way to it are sent at once.
async fn answer(class: &Class, server: &Server) -> anyhow::Result<Step> {
    let mut steps = class.queue.connections(1);
    let steps = steps.first_mut().context("a connection")?;
    loop {
        let step = steps().context("every attempt is answered")?;
        if step.tag != u64::MAX {
            return Ok(step);
        }
        once(server.address, &step.wire, 303).await?;
    }
}

async fn send(server: &Server, step: &Step) -> Option<u16> {
    let sent = async { Client::connect(server.address).await?.send(&step.wire).await };
    tokio::time::timeout(Duration::from_secs(20), sent).await.ok()?.ok()
}

/// Lets calls of a process fail from now on.
fn trace(pid: u32, fault: &str, into: &Path) -> anyhow::Result<Tracer> {
    let call = fault.split(':').next().unwrap_or_default();
    let mut tracer = Command::new("strace")
        .args([
            "-f",
            "-o",
            &into.display().to_string(),
            "-p",
            &pid.to_string(),
            "-e",
            &format!("trace={call}"),
        ])
        .args(["-e", &format!("inject={fault}")])
        .stderr(Stdio::piped())
        .spawn()?;
    let mut said = String::new();
    let mut out = BufReader::new(tracer.stderr.take().context("no output")?);
    out.read_line(&mut said)?;
    ensure!(said.contains("attached"), "{said}");
    Ok(Tracer { child: tracer, _out: out })
}

/// Whoever lets calls fail. Whatever it still says has somewhere to go, or it would end.
struct Tracer {
    child: Child,
    _out: BufReader<ChildStderr>,
}

fn end(mut tracer: Tracer) -> anyhow::Result<()> {
    Command::new("kill").args(["-INT", &tracer.child.id().to_string()]).stderr(Stdio::null()).status()?;
    tracer.child.wait()?;
    Ok(())
}
