//! Connections that begin and never end.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::Run;
use crate::class::Class;
use crate::driver::{get, load, pages};
use crate::product::{Cores, Server};

/// After so long a connection counts as one that is never closed.
const NEVER: Duration = Duration::from_secs(40);

/// How a connection is slow.
#[derive(Clone, Copy)]
enum Kind {
    /// It says nothing at all.
    Silent,
    /// A head that is never whole, a few bytes now and then.
    Head,
    /// A form that is promised and never sent whole.
    Body,
    /// It asks for pages and reads none of them.
    Reads,
}

pub(crate) async fn slow(run: &mut Run) -> anyhow::Result<()> {
    let many = if run.long { 1_000 } else { 40 };
    let class = Class::make(&run.folder.join("slow"), 5).await?;
    let server = Server::app(&class.world.url, Cores::First)?;
    let wires = Rc::new(vec![get("/practice", "", "")]);
    let mut quiet = load(server.address, Duration::from_secs(5), pages(4, &wires)).await?;
    let kinds = [Kind::Silent, Kind::Head, Kind::Body, Kind::Reads];
    let one = |nth: usize| lasting(server.address, kinds[nth % kinds.len()]);
    let (lasted, busy) = tokio::join!(
        join_all((0..many).map(one)),
        load(server.address, Duration::from_secs(12), pages(4, &wires))
    );
    let mut busy = busy?;
    let (quiet_tail, busy_tail) = (quiet.quantile(0.99) / 1000.0, busy.quantile(0.99) / 1000.0);
    server.stop()?;
    for (at, name) in ["silent", "slow head", "slow body", "slow to read"].into_iter().enumerate() {
        let mut of_kind: Vec<Duration> =
            lasted.iter().skip(at).step_by(kinds.len()).filter_map(|it| it.as_ref().ok().copied()).collect();
        of_kind.sort();
        let first = of_kind.first().copied().context("none")?.as_secs_f64();
        let last = of_kind.last().copied().unwrap_or(NEVER).as_secs_f64();
        let told = format!("{first:.1}–{last:.1} s");
        let what = format!("{} connections, {name}: closed after", of_kind.len());
        if run.long {
            run.report.must("slow", what, told, "5–11 s", first >= 4.9 && last <= 11.0);
        } else {
            run.report.must("slow", what, told, "at all", last < NEVER.as_secs_f64());
        }
    }
    let told = format!("{busy_tail:.1} ms beside {quiet_tail:.1} ms when quiet");
    if run.long {
        run.report.must("slow", "p99 of ordinary pages", told, "≤ 2 ×", busy_tail <= 2.0 * quiet_tail);
    } else {
        run.report.told("slow", "p99 of ordinary pages", told);
    }
    run.report.none("slow", "ordinary pages refused or broken", busy.wrong + busy.broken);
    Ok(())
}

/// How long such a connection is let be.
async fn lasting(address: SocketAddr, kind: Kind) -> anyhow::Result<Duration> {
    // Little room for what is not read: the other side notices soon, without making thousands of pages.
    let socket = TcpSocket::new_v4()?;
    if matches!(kind, Kind::Reads) {
        socket.set_recv_buffer_size(4_096)?;
    }
    let mut stream = socket.connect(address).await?;
    let began = Instant::now();
    let head = "POST /come-back HTTP/1.1\r\nhost: warmly\r\norigin: http://warmly\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\ncode=";
    match kind {
        Kind::Silent => {}
        Kind::Head => stream.write_all(b"GET /practice HTTP/1.1\r\nhost: wa").await?,
        Kind::Body => stream.write_all(head.as_bytes()).await?,
        Kind::Reads => {
            let pages = get("/practice", "", "").repeat(60);
            // It may be closed while it still asks.
            let _ = tokio::time::timeout(NEVER, stream.write_all(&pages)).await;
            return Ok(until_reset(&mut stream, began).await);
        }
    }
    let mut buffer = [0; 4096];
    let mut more = tokio::time::interval(Duration::from_secs(2));
    loop {
        tokio::select! {
            read = stream.read(&mut buffer) => match read {
                Ok(0) | Err(_) => return Ok(began.elapsed()),
                Ok(_) => {}
            },
            _ = more.tick() => {
                if !matches!(kind, Kind::Silent) && stream.write_all(b"a").await.is_err() {
                    return Ok(began.elapsed());
                }
            }
        }
        if began.elapsed() > NEVER {
            return Ok(NEVER);
        }
    }
}

/// A connection that nobody reads from is closed when writing to it fails.
async fn until_reset(stream: &mut TcpStream, began: Instant) -> Duration {
    while began.elapsed() < NEVER {
        if stream.write_all(b"\r\n").await.is_err() {
            return began.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    NEVER
}
