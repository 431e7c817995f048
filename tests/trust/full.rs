//! A disk that is full in the middle of practice.

use std::net::SocketAddr;
use std::process::Stdio;

use anyhow::Context as _;

use crate::Run;
use crate::class::Class;
use crate::driver::{Client, Step, get, once};
use crate::product::{Cores, Server};
use crate::tools::{Mounted, is_root, there};

/// How large the disk is, in MiB.
const SIZE: u32 = 64;

pub(crate) async fn full(run: &mut Run) -> anyhow::Result<()> {
    if !is_root() || !there("mkfs.ext4") {
        run.report.skipped("full", "mounting a small disk needs root and mkfs.ext4");
        return Ok(());
    }
    let (image, at) = (run.folder.join("full.img"), run.folder.join("full"));
    let Ok(disk) = Mounted::make(&image, &at, SIZE) else {
        run.report.skipped("full", "this machine mounts no file as a disk");
        return Ok(());
    };
    let class = Class::make(&at.join("data"), 4).await?;
    let log = std::fs::File::create(run.folder.join("full.log"))?;
    let server = Server::app_with(&class.world.url, Cores::All, &[], Stdio::from(log))?;
    let own = own_words(&class, server.address).await?;
    let ballast = at.join("ballast");
    let filled = std::process::Command::new("dd")
        .args(["if=/dev/zero", &format!("of={}", ballast.display()), "bs=64k"])
        .stderr(Stdio::null())
        .status()?;
    let said = |found: bool, good: &str| if found { good.to_owned() } else { format!("not {good}") };
    let (done, step) = until_refused(&class, server.address).await?;
    let refused = once(server.address, &step.wire, 503).await;
    let words =
        refused.is_ok_and(|page| String::from_utf8_lossy(page.body()).to_lowercase().contains("nothing"));
    // The app looks how much room there is once a second; until then something small may still find a place.
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let ready = once(server.address, &get("/readyz", "", ""), 503).await.is_ok();
    let read = once(server.address, &get("/practice", "", ""), 200).await.is_ok();
    // What a nurse typed is on the page that says it was not stored.
    let kept = once(server.address, &own.wire, 503).await;
    let kept =
        kept.is_ok_and(|page| String::from_utf8_lossy(page.body()).contains("I like working with you"));
    std::fs::remove_file(&ballast)?;
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let again = once(server.address, &step.wire, 303).await.is_ok();
    let ready_again = once(server.address, &get("/readyz", "", ""), 200).await.is_ok();
    server.stop()?;
    let found = class.look(&done, true).await?;
    drop(disk);
    let report = &mut run.report;
    report.must("full", "the disk was filled", said(!filled.success(), "full"), "full", !filled.success());
    report.must("full", "an answer meanwhile", said(words, "a calm page, 503"), "a calm page, 503", words);
    report.must("full", "own words meanwhile", said(kept, "on the page"), "on the page", kept);
    report.must("full", "a page meanwhile", said(read, "200"), "200", read);
    report.must("full", "/readyz meanwhile", said(ready, "503"), "503", ready);
    report.must("full", "the same form once there is room", said(again, "303"), "303", again);
    report.must("full", "/readyz then", said(ready_again, "200"), "200", ready_again);
    report.none("full", "said to be stored, and missing", found.missing);
    report.none("full", "files that are not whole, recounts that differ", found.broken + found.miscounted);
    Ok(())
}

/// Sends answers until one is not taken: what the disk gave away before can still be written. Gives those that were
/// stored, and the one that was not.
async fn until_refused(class: &Class, address: SocketAddr) -> anyhow::Result<(Vec<u64>, Step)> {
    let mut steps = class.queue.connections(1);
    let steps = steps.first_mut().context("a connection")?;
    let mut client = Client::connect(address).await?;
    let mut done = Vec::new();
    loop {
        let step = steps().context("the disk never filled up")?;
        if client.send(&step.wire).await? != 303 {
            return Ok((done, step));
        }
        if step.tag != u64::MAX {
            done.push(step.tag);
        }
    }
}

/// Goes on until own words are to be sent, which are left for later.
async fn own_words(class: &Class, address: SocketAddr) -> anyhow::Result<Step> {
    let mut steps = class.queue.connections(1);
    let steps = steps.first_mut().context("a connection")?;
    loop {
        let step = steps().context("nobody writes own words")?;
        if step.tag == u64::MAX {
            return Ok(step);
        }
        once(address, &step.wire, 303).await?;
    }
}
