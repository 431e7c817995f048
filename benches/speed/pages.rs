//! Pages: how many a second, how quickly one, beside a bare page of the same bytes.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use crate::driver::{Load, Wire, get, load, number, once, pages};
use crate::options::Run;
use crate::product::{Cores, Server};
use crate::report::{Row, Target};

/// The most statements that a turn's page needs: who asks, the attempt, and what was opened, answered and placed.
const NEEDED: usize = 5;

/// One load of pages; every answer must be 200.
pub(crate) async fn read(
    address: SocketAddr,
    wires: &Rc<Vec<Wire>>,
    connections: usize,
    lasting: Duration,
) -> anyhow::Result<Load> {
    let load = load(address, lasting, pages(connections, wires)).await?;
    load.clean("pages")?;
    Ok(load)
}

/// How many statements a page takes, over many of them; none where the app doesn't count.
pub(crate) async fn statements(server: &Server, wires: &[Wire]) -> anyhow::Result<Option<f64>> {
    const PAGES: usize = 50;
    let Some(before) = settled(server).await? else { return Ok(None) };
    for wire in wires.iter().cycle().take(PAGES) {
        once(server.address, wire, 200).await?;
    }
    let after = server.metric("warmly_statements_total").await?;
    Ok(after.map(|after| (after - before) / number(PAGES)))
}

/// The statements so far, once what a start brings with it is over.
async fn settled(server: &Server) -> anyhow::Result<Option<f64>> {
    let mut before = server.metric("warmly_statements_total").await?;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(40)).await;
        let now = server.metric("warmly_statements_total").await?;
        if now == before {
            break;
        }
        before = now;
    }
    Ok(before)
}

pub(crate) async fn page_turn(run: &mut Run) -> anyhow::Result<()> {
    let class = run.class().await?;
    let wires = |accept: &str| -> Rc<Vec<Wire>> {
        let first = class.jobs.iter().take(class.world.nurses.len());
        Rc::new(first.filter_map(|job| Some(get(&job.page()?, job.token(), accept))).collect())
    };
    let plain = wires("");
    let app = Server::app(&class.world.url, Cores::First)?;
    let mut bytes = 0;
    for wire in plain.iter().take(50) {
        bytes += once(app.address, wire, 200).await?.body().len();
    }
    let bytes = bytes / plain.len().min(50);
    let asked = statements(&app, &plain).await?;
    let selects = asked.map_or(NEEDED, |asked| whole(asked).min(NEEDED));
    let note = format!(
        "{bytes} bytes, {} statements; R1b asks {selects} times",
        asked.map_or_else(|| "?".to_owned(), |asked| format!("{asked:.1}"))
    );
    let bare = Server::reference("page", "sqlite:", bytes, 0)?;
    let asking = Server::reference("page", &class.naive.0, bytes, selects)?;
    let (rounds, lasting) = (run.options.rounds(), run.options.lasting());
    for connections in [1, 16, 64] {
        let mut rates = [const { Vec::new() }; 3];
        let mut medians = [const { Vec::new() }; 3];
        for round in 0..=rounds {
            for (at, server) in [&app, &bare, &asking].into_iter().enumerate() {
                let mut load = read(server.address, &plain, connections, lasting).await?;
                // The first round only warms up.
                if round > 0 {
                    rates[at].push(load.each_second());
                    medians[at].push(load.quantile(0.5));
                }
            }
        }
        let what = format!("{connections} conn., pages/s");
        let row = |name, at: usize| Row::new("page_turn", &what, "/s", &rates[0]).beside(name, &rates[at]);
        run.report.add(row("R1b", 2).target(Target::RatioAtLeast(0.5)).note(&note));
        run.report.add(row("R1", 1));
        let what = format!("{connections} conn., p50");
        let row =
            |name, at: usize| Row::new("page_turn", &what, "µs", &medians[0]).beside(name, &medians[at]);
        run.report.add(row("R1b", 2).target(Target::RatioAtMost(2.0)));
        run.report.add(row("R1", 1));
    }
    for accept in ["gzip", "br"] {
        let wires = wires(accept);
        let sent = once(app.address, &wires[0], 200).await?.body().len();
        let load = read(app.address, &wires, 16, lasting).await?;
        let row = Row::new("page_turn", format!("16 conn., {accept}"), "/s", &[load.each_second()]);
        run.report.add(row.note(format!("{sent} bytes sent")));
    }
    app.stop()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a handful")]
fn whole(number: f64) -> usize {
    number.round().max(1.0) as usize
}
