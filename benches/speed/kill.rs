//! What stays when the power goes, and whether every tally is what a recount says.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use warmly::db::Db;
use warmly::sql;

use crate::attempts::named;
use crate::driver::{load, number, once};
use crate::options::Run;
use crate::product::{Cores, Server, knows, run as app};
use crate::report::{Row, Target};

/// Recounts everything in this database; an error where a tally is not what the recount says. None where the app has
/// no such command.
fn recount(url: &str) -> anyhow::Result<Option<(String, Duration)>> {
    if !knows("--tallies", Some("check")) {
        return Ok(None);
    }
    app(&["check", "--tallies"], url).map(Some)
}

pub(crate) async fn record_kill(run: &mut Run) -> anyhow::Result<()> {
    let class = run.class().await?;
    let (mut acknowledged, mut missing, mut doubled, mut wrong) = (0, 0, 0, 0);
    let mut recounted = true;
    let mut back = Vec::new();
    for round in 0..run.options.rounds() {
        let server = Server::app(&class.world.url, Cores::First)?;
        let address = server.address;
        anyhow::ensure!(class.ours.left() > 64, "every prepared attempt is answered");
        let lasting = Duration::from_millis(300 + 170 * u64::try_from(round)?);
        let ending = async {
            tokio::time::sleep(lasting).await;
            server.kill()
        };
        let (sent, ended) = tokio::join!(load(address, lasting * 4, class.ours.connections(64)), ending);
        ended?;
        let sent = sent?;
        let began = Instant::now();
        let again = Server::app(&class.world.url, Cores::First)?;
        once(again.address, &crate::driver::get("/practice", "", ""), 200).await?;
        back.push(began.elapsed().as_secs_f64() * 1000.0);
        again.stop()?;
        let db = Db::open(&class.world.url).await?;
        let mut conn = db.read().await?;
        let rows = sql!(
            &mut conn,
            fetch_all as (String, i64, i64),
            "SELECT attempt_id, turn_number, COUNT(*) FROM responses GROUP BY attempt_id, turn_number"
        )?;
        drop(conn);
        db.close().await;
        doubled += rows.iter().filter(|(.., times)| *times > 1).count();
        let there: HashSet<(&str, i64)> = rows.iter().map(|(id, turn, _)| (id.as_str(), *turn)).collect();
        let answers = sent.done.iter().filter_map(|tag| named(&class.jobs, *tag));
        for answer in answers {
            acknowledged += 1;
            missing += usize::from(!there.contains(&answer));
        }
        match recount(&class.world.url) {
            Ok(Some(_)) => {}
            Ok(None) => recounted = false,
            Err(error) => {
                println!("  {error:#}");
                wrong += 1;
            }
        }
    }
    let rounds = run.options.rounds();
    let row = |what: &str, rounds: &[f64]| Row::new("record_kill", what, "", rounds);
    run.report
        .add(row("acknowledged before the kills", &[number(acknowledged)]).note(format!("{rounds} kills")));
    run.report.count("record_kill", "acknowledged and missing", number(missing), 0.0);
    run.report.count("record_kill", "doubled", number(doubled), 0.0);
    if recounted {
        run.report.count("record_kill", "kills after which a tally is not its recount", number(wrong), 0.0);
    } else {
        run.report.add(row("tallies: the app can’t recount them yet", &[f64::NAN]));
    }
    run.report.add(Row::new("record_kill", "from the start after a kill to the first page", "ms", &back));
    Ok(())
}

pub(crate) async fn tally_check(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let mut took = Vec::new();
    for _ in 0..run.options.rounds().min(3) {
        let Some((said, lasted)) = recount(&world.url)? else {
            println!("  the app can’t recount its tallies yet");
            return Ok(());
        };
        println!("  {}", said.trim());
        took.push(lasted.as_secs_f64());
    }
    let row = Row::new("tally_check", "everything recounted and compared, equal", "s", &took);
    run.report.add(row.target(Target::AtMost(20.0)));
    Ok(())
}
