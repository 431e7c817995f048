//! Nurses who think, educators who look, each alone and all together.

use std::rc::Rc;
use std::time::Duration;

use crate::attempts::{Queue, prepare};
use crate::driver::{Load, Step, Steps, load};
use crate::large::cohorts;
use crate::options::Run;
use crate::product::{Cores, Server};
use crate::report::{Row, Target};

const NURSES: usize = 200;
const EDUCATORS: usize = 5;
const THINKING: Duration = Duration::from_secs(1);
const REFRESHING: Duration = Duration::from_secs(2);

/// The same steps, each after a while; the first of each connection at its own moment.
fn slowly(connections: Vec<Steps>, pause: Duration) -> Vec<Steps> {
    let count = u32::try_from(connections.len()).unwrap_or(1).max(1);
    let one = |(mut steps, nth): (Steps, u32)| -> Steps {
        let mut wait = pause * nth / count;
        Box::new(move || {
            let step = steps()?;
            Some(Step { wait: std::mem::replace(&mut wait, pause), ..step })
        })
    };
    connections.into_iter().zip(0..).map(one).collect()
}

pub(crate) async fn mixed(run: &mut Run) -> anyhow::Result<()> {
    let world = run.large().await?;
    let lasting = if run.options.rows >= 1_000_000 { Duration::from_secs(6) } else { Duration::from_secs(3) };
    let jobs = Rc::new(prepare(&world, NURSES * 60, 3).await?);
    let queue = Queue::new(&jobs);
    let app = Server::app(&world.url, Cores::First)?;
    let pages = cohorts(&world, 0, EDUCATORS);
    let nurses = || load(app.address, lasting, slowly(queue.connections(NURSES), THINKING));
    let educators =
        || load(app.address, lasting, slowly(crate::driver::pages(EDUCATORS, &pages), REFRESHING));
    let mut tails = [const { Vec::new() }; 4];
    let mut add = |at: usize, load: anyhow::Result<Load>, counts: bool| -> anyhow::Result<()> {
        let mut load = load?;
        load.clean("mixed")?;
        if counts {
            tails[at].push(load.quantile(0.99) / 1000.0);
        }
        Ok(())
    };
    for round in 0..=run.options.rounds() {
        add(0, nurses().await, round > 0)?;
        add(1, educators().await, round > 0)?;
        let (one, other) = tokio::join!(nurses(), educators());
        add(2, one, round > 0)?;
        add(3, other, round > 0)?;
    }
    let row = |what: &str, at: usize| {
        let row = Row::new("mixed", what, "ms", &tails[at + 2]).beside("alone", &tails[at]);
        row.target(Target::RatioAtMost(2.0))
    };
    run.report.add(row("200 nurses who answer, p99", 0));
    run.report.add(row("5 educators who refresh, p99", 1));
    app.stop()
}
