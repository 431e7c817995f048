//! The power goes while eight nurses answer at once: what never reached the disk is gone.

use std::cell::{Cell, RefCell};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;

use crate::Run;
use crate::class::{Class, Found};
use crate::driver::{Client, Steps};
use crate::tools::{Mounted, is_root, there};

const WRITERS: usize = 8;

/// In which nothing is ever asked to reach the disk: the control, which must lose something.
const CARELESS: [(&str, &str); 1] = [("LD_PRELOAD", "libeatmydata.so")];

pub(crate) async fn cuts(run: &mut Run) -> anyhow::Result<()> {
    if !is_root() {
        run.report.skipped("power_cut", "mounting needs root");
        return Ok(());
    }
    for tool in ["xfs_io", "mkfs.ext4", "mount"] {
        if !there(tool) {
            run.report
                .skipped("power_cut", &format!("there is no {tool} (Debian: xfsprogs, e2fsprogs, mount)"));
            return Ok(());
        }
    }
    let (image, at) = (run.folder.join("cut.img"), run.folder.join("cut"));
    let Ok(disk) = Mounted::make(&image, &at, 256) else {
        run.report.skipped("power_cut", "this machine mounts no file as a disk");
        return Ok(());
    };
    if let Err(cause) = disk.cut() {
        run.report.skipped("power_cut", &format!("this machine cuts nothing off: {cause:#}"));
        return Ok(());
    }
    drop(disk);
    let cuts = run.times(10, 1_000);
    let found = many(&image, &at, cuts, &[]).await?;
    let report = &mut run.report;
    let what = format!("answers said to be stored before {cuts} cuts on ext4");
    report.must("power_cut", what, found.acknowledged.to_string(), "many", found.acknowledged > cuts);
    report.none("power_cut", "of these missing afterwards", found.missing);
    report.none("power_cut", "of these stored twice", found.doubled);
    report.none("power_cut", "files that are not whole", found.broken);
    report.none("power_cut", "recounts that differ from the tallies", found.miscounted);
    if !there("eatmydata") {
        report.skipped("power_cut", "the control: there is no eatmydata (Debian: eatmydata)");
        return Ok(());
    }
    let control = many(&image, &at, run.times(3, 20), &CARELESS).await?;
    let told = format!("{} of {}", control.missing, control.acknowledged);
    run.report.must(
        "power_cut",
        "the control, which never asks the disk: missing",
        told,
        "> 0",
        control.missing > 0,
    );
    Ok(())
}

async fn many(image: &Path, at: &Path, cuts: usize, environment: &[(&str, &str)]) -> anyhow::Result<Found> {
    let mut all = Found::default();
    let mut left = cuts;
    let mut seed = 2;
    while left > 0 {
        let disk = Mounted::make(image, at, 256)?;
        let mut class = Class::make(&at.join("data"), seed).await?;
        crate::tools::run("sync", &[])?;
        seed += 1;
        // A disk that a careless program was cut off from is not used again.
        let here = if environment.is_empty() { left.min(50) } else { 1 };
        for _ in 0..here {
            class.refill(500).await?;
            let found = cut(&disk, &mut class, environment, &image.with_extension("log")).await?;
            all.add(found);
        }
        left -= here;
    }
    Ok(all)
}

async fn cut(
    disk: &Mounted<'_>,
    class: &mut Class,
    environment: &[(&str, &str)],
    log: &Path,
) -> anyhow::Result<Found> {
    let server = crate::tools::start(&class.world.url, environment, log)?;
    let address = server.address;
    let (done, dark) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(false)));
    let writer = |mut steps: Steps| {
        let (done, dark) = (Rc::clone(&done), Rc::clone(&dark));
        async move {
            let Ok(mut client) = Client::connect(address).await else { return };
            while let Some(step) = steps() {
                match client.send(&step.wire).await {
                    Ok(303) if !dark.get() => done.borrow_mut().push(step.tag),
                    _ => return,
                }
            }
        }
    };
    let lasting = class.moment(80, 400);
    let ending = async {
        tokio::time::sleep(lasting).await;
        // Nothing is heard while this thread waits for the cut: only what was acknowledged before counts.
        let cut = disk.cut();
        dark.set(true);
        cut.and_then(|()| server.kill())
    };
    let writers = class.queue.connections(WRITERS).into_iter().map(writer);
    let (_, ended) = tokio::join!(join_all(writers), ending);
    ended?;
    tokio::time::sleep(Duration::from_millis(20)).await;
    disk.again()?;
    let done = done.borrow().clone();
    class.look(&done, environment.is_empty()).await
}
