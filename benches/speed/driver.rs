//! The load driver: plain HTTP/1.1 over TCP, connections kept alive, one request at a time on each.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use futures_util::future::join_all;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A request as it goes over the wire.
pub(crate) type Wire = Rc<[u8]>;

/// Reading a page, as somebody who is signed in.
pub(crate) fn get(path: &str, token: &str, accept: &str) -> Wire {
    let accept = if accept.is_empty() { String::new() } else { format!("accept-encoding: {accept}\r\n") };
    format!("GET {path} HTTP/1.1\r\nhost: warmly\r\ncookie: warmly={token}\r\n{accept}\r\n")
        .into_bytes()
        .into()
}

/// Sending a form, as a browser on the same site sends it.
pub(crate) fn post(path: &str, token: &str, body: &str) -> Wire {
    format!(
        "POST {path} HTTP/1.1\r\nhost: warmly\r\norigin: http://warmly\r\nsec-fetch-site: same-origin\r\n\
         cookie: warmly={token}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
    .into()
}

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    head: usize,
    end: usize,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(64 * 1024), head: 0, end: 0 })
    }

    /// Sends a request and reads the whole answer. Gives its status.
    pub(crate) async fn send(&mut self, wire: &[u8]) -> anyhow::Result<u16> {
        self.buffer.clear();
        self.stream.write_all(wire).await?;
        self.head = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        match self.header("content-length").and_then(|length| length.trim().parse::<usize>().ok()) {
            Some(length) => {
                self.end = self.head + length;
                while self.buffer.len() < self.end {
                    self.more().await?;
                }
            }
            None if self.header("transfer-encoding").is_some() => {
                while !self.buffer.ends_with(b"0\r\n\r\n") {
                    self.more().await?;
                }
                self.end = self.buffer.len();
            }
            None => self.end = self.head,
        }
        let status = self.buffer.get(9..12).context("no status")?;
        Ok(std::str::from_utf8(status)?.parse()?)
    }

    async fn more(&mut self) -> anyhow::Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(())
    }

    /// A header of the last answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = std::str::from_utf8(self.buffer.get(..self.head)?).ok()?;
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The head of the last answer, as it came.
    pub(crate) fn heads(&self) -> &str {
        self.buffer.get(..self.head).and_then(|head| std::str::from_utf8(head).ok()).unwrap_or_default()
    }

    /// The body of the last answer, as it came.
    pub(crate) fn body(&self) -> &[u8] {
        self.buffer.get(self.head..self.end).unwrap_or_default()
    }

    /// How many bytes the last answer took, head and body.
    pub(crate) fn bytes(&self) -> usize {
        self.end
    }
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// One thing to send, the status that must come back, and a number to know it by.
#[derive(Clone)]
pub(crate) struct Step {
    pub(crate) wire: Wire,
    pub(crate) expect: u16,
    pub(crate) tag: u64,
    /// How long to think before it is sent.
    pub(crate) wait: Duration,
}

/// What a connection sends next; nothing when there is no more to do.
pub(crate) type Steps = Box<dyn FnMut() -> Option<Step>>;

/// How a load went.
#[derive(Default)]
pub(crate) struct Load {
    /// In microseconds, unsorted until asked.
    latencies: Vec<f64>,
    pub(crate) elapsed: Duration,
    /// Answers with another status than expected, with the first of them.
    pub(crate) wrong: usize,
    pub(crate) wrong_status: Option<u16>,
    /// Connections that broke.
    pub(crate) broken: usize,
    /// The numbers of everything that was answered as expected.
    pub(crate) done: Vec<u64>,
}

impl Load {
    pub(crate) fn count(&self) -> usize {
        self.latencies.len()
    }

    /// Answers as expected.
    pub(crate) fn each_second(&self) -> f64 {
        number(self.done.len()) / self.elapsed.as_secs_f64().max(1e-9)
    }

    /// Microseconds that `part` of the requests stayed within.
    pub(crate) fn quantile(&mut self, part: f64) -> f64 {
        self.latencies.sort_by(f64::total_cmp);
        quantile(&self.latencies, part)
    }

    fn add(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
        self.wrong += other.wrong;
        self.wrong_status = self.wrong_status.or(other.wrong_status);
        self.broken += other.broken;
        self.done.extend(other.done);
    }

    /// Fails where anything was answered in another way than expected.
    pub(crate) fn clean(&self, what: &str) -> anyhow::Result<()> {
        ensure!(
            self.wrong == 0 && self.broken == 0 && self.count() > 0,
            "{what}: {} answers, {} of them wrong (such as {:?}), {} connections broken",
            self.count(),
            self.wrong,
            self.wrong_status,
            self.broken
        );
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) fn number(count: usize) -> f64 {
    count as f64
}

/// Of sorted numbers.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a position in a list, from 0 to its length"
)]
pub(crate) fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = (number(sorted.len().saturating_sub(1)) * part).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

/// Sends on every connection for so long, or until nothing is left to send.
pub(crate) async fn load(
    address: SocketAddr,
    lasting: Duration,
    connections: Vec<Steps>,
) -> anyhow::Result<Load> {
    let mut clients = Vec::new();
    for steps in connections {
        clients.push((Client::connect(address).await?, steps));
    }
    let began = Instant::now();
    let until = began + lasting;
    let runs = clients.into_iter().map(|(client, steps)| run(client, steps, until));
    let mut all = Load::default();
    for one in join_all(runs).await {
        all.add(one);
    }
    all.elapsed = began.elapsed();
    Ok(all)
}

async fn run(mut client: Client, mut steps: Steps, until: Instant) -> Load {
    let mut load = Load::default();
    while Instant::now() < until {
        let Some(step) = steps() else { break };
        if !step.wait.is_zero() {
            tokio::time::sleep(step.wait).await;
        }
        let sent = Instant::now();
        let Ok(status) = client.send(&step.wire).await else {
            load.broken += 1;
            break;
        };
        load.latencies.push(sent.elapsed().as_secs_f64() * 1e6);
        if status == step.expect {
            load.done.push(step.tag);
        } else {
            load.wrong += 1;
            load.wrong_status = load.wrong_status.or(Some(status));
        }
    }
    load
}

/// The same pages over and over, each connection beginning elsewhere in the list.
pub(crate) fn pages(connections: usize, wires: &Rc<Vec<Wire>>) -> Vec<Steps> {
    let steps = |connection: usize| -> Steps {
        let wires = Rc::clone(wires);
        let mut at = connection * wires.len() / connections.max(1);
        Box::new(move || {
            at = (at + 1) % wires.len().max(1);
            let wire = Rc::clone(wires.get(at)?);
            Some(Step { wire, expect: 200, tag: 0, wait: Duration::ZERO })
        })
    };
    (0..connections).map(steps).collect()
}

/// One request on a connection of its own; its status must be as expected. Gives the connection, with the answer.
pub(crate) async fn once(address: SocketAddr, wire: &[u8], expect: u16) -> anyhow::Result<Client> {
    let mut client = Client::connect(address).await?;
    let status = client.send(wire).await?;
    ensure!(status == expect, "{status} instead of {expect} for {}", String::from_utf8_lossy(wire));
    Ok(client)
}
