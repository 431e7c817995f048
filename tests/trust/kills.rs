//! A process that is killed while eight nurses answer at once.

use std::time::{Duration, Instant};

use crate::Run;
use crate::class::{Class, Found};
use crate::driver::{Client, load};

const WRITERS: usize = 8;

/// How often everything is counted anew.
const RECOUNT_EVERY: usize = 25;

/// After so many kills a new file is begun: the whole file is looked over after each of them, and it grows.
const NEW_EVERY: usize = 250;

pub(crate) async fn kills(run: &mut Run) -> anyhow::Result<()> {
    let kills = run.times(200, 10_000);
    let mut class = Class::make(&run.folder.join("kills"), 1).await?;
    let (mut all, mut wrong, mut back) = (Found::default(), 0, Vec::new());
    for kill in 0..kills {
        if kill > 0 && kill % NEW_EVERY == 0 {
            println!(
                "  {kill} of {kills} kills: {} said to be stored, {} missing",
                all.acknowledged, all.missing
            );
            let folder = run.folder.join(format!("kills-{kill}"));
            class = Class::make(&folder, u64::try_from(kill)?).await?;
        }
        class.refill(500).await?;
        let began = Instant::now();
        let server = crate::tools::start(&class.world.url, &[], &run.folder.join("kills.log"))?;
        let mut first = class.queue.connections(1);
        let answered = match first.first_mut().and_then(|steps| steps()) {
            Some(step) => {
                (Client::connect(server.address).await?.send(&step.wire).await? == 303).then_some(step.tag)
            }
            None => None,
        };
        back.push(began.elapsed());
        let lasting = class.moment(10, 120);
        let address = server.address;
        let ending = async {
            tokio::time::sleep(lasting).await;
            server.kill()
        };
        let (sent, ended) =
            tokio::join!(load(address, Duration::from_secs(5), class.queue.connections(WRITERS)), ending);
        ended?;
        let mut sent = sent?;
        wrong += sent.wrong + usize::from(answered.is_none());
        sent.done.extend(answered);
        all.add(class.look(&sent.done, kill % RECOUNT_EVERY == 0 || kill + 1 == kills).await?);
    }
    back.sort();
    let slowest = back.last().copied().unwrap_or_default();
    let report = &mut run.report;
    let what = format!("answers said to be stored before {kills} kills, {WRITERS} writers");
    report.must("kills", what, all.acknowledged.to_string(), "many", all.acknowledged > kills);
    report.none("kills", "of these missing afterwards", all.missing);
    report.none("kills", "of these stored twice", all.doubled);
    report.none("kills", "files that are not whole", all.broken);
    report.none(
        "kills",
        format!("recounts (one in {RECOUNT_EVERY} kills) that differ from the tallies"),
        all.miscounted,
    );
    report.none("kills", "answers refused", wrong);
    let half = back.get(back.len() / 2).copied().unwrap_or_default();
    let told = format!("median {} ms, slowest {} ms", half.as_millis(), slowest.as_millis());
    if run.long {
        run.report.must(
            "kills",
            "from the start after a kill to the first answer stored",
            told,
            "≤ 500 ms",
            slowest.as_millis() <= 500,
        );
    } else {
        run.report.told("kills", "from the start after a kill to the first answer stored", told);
    }
    Ok(())
}
