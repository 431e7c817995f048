//! Connections on real sockets: whoever is slow or silent is let go, and there is room for everybody else.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::routing::get;
use tokio::sync::oneshot;
use warmly::app::router;
use warmly::web::serve::{Limits, until};

use crate::app::TestApp;
use crate::start_up;

/// Long enough that nothing of a test ends by it.
const LONG: Duration = Duration::from_mins(10);

/// Short enough to wait for.
const SHORT: Duration = Duration::from_millis(300);

/// Nobody is let go.
const PATIENT: Limits = Limits { head: LONG, body: LONG, unread: LONG, connections: None, patience: LONG };

/// Something that listens on real sockets until this is dropped.
struct Served {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    ended: tokio::task::JoinHandle<()>,
}

impl Served {
    async fn of(router: Router, limits: Limits) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(until(listener, router, limits, async { drop(stopped.await) }));
        Self { address, stop: Some(stop), ended }
    }

    /// A new connection; whatever is read from it must come before the app itself would end a request.
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
        stream
    }

    fn ask(&self) -> TcpStream {
        let mut stream = self.connect();
        write!(stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
        stream
    }

    async fn stop(mut self) {
        self.stop.take().expect("not yet").send(()).expect("asked");
        self.ended.await.expect("ended");
    }
}

/// What is answered, as far as it comes at once.
fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = [0; 4096];
    let read = stream.read(&mut bytes).expect("an answer");
    String::from_utf8_lossy(&bytes[..read]).into_owned()
}

/// Everything that comes until the other side ends the connection, which it must.
fn until_it_ends(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let mut bytes = [0; 4096];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => break,
            Ok(read) => all.extend_from_slice(&bytes[..read]),
            Err(cause) if matches!(cause.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => break,
            Err(cause) => panic!("it is not ended: {cause}"),
        }
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// Sends a byte now and then, for ever, until that fails.
fn drip(stream: &TcpStream) -> std::thread::JoinHandle<()> {
    let mut stream = stream.try_clone().expect("the same connection");
    std::thread::spawn(move || {
        while stream.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    })
}

fn small() -> Router {
    Router::new().route("/", get(async || "here"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_says_nothing_is_let_go() {
    let served = Served::of(small(), Limits { head: SHORT, ..PATIENT }).await;
    assert_eq!(until_it_ends(&mut served.connect()), "");
    let mut again = served.ask();
    let said = until_it_ends(&mut again);
    assert!(said.starts_with("HTTP/1.1 200") && said.ends_with("here"), "and after an answer: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_says_once_whom() {
    let served = Served::of(small(), PATIENT).await;
    for (head, answered) in [
        ("HTTP/1.1\r\nHost: x\r\n", true),
        ("HTTP/1.1\r\n", false),
        ("HTTP/1.1\r\nHost: x\r\nHost: y\r\n", false),
        ("HTTP/1.1\r\nHost: x\r\nhost: x\r\n", false),
        ("HTTP/1.0\r\nHost: x\r\n", true),
        ("HTTP/1.0\r\n", true),
        ("HTTP/1.0\r\nHost: x\r\nHost: y\r\n", false),
    ] {
        let mut stream = served.connect();
        write!(stream, "GET / {head}Connection: close\r\n\r\n").expect("sent");
        let said = until_it_ends(&mut stream);
        let status = if answered { " 200 " } else { " 400 " };
        assert!(said.contains(status) && said.ends_with("here") == answered, "{head}: {said}");
    }
    // What comes behind one that was refused is not read: who it is for can't be told.
    let mut stream = served.connect();
    write!(stream, "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").expect("sent");
    let said = until_it_ends(&mut stream);
    assert!(said.matches("HTTP/1.1").count() == 1 && said.contains("nosniff"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_that_drips_in_is_not_waited_for() {
    let served = Served::of(small(), Limits { head: SHORT, ..PATIENT }).await;
    let mut stream = served.connect();
    write!(stream, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").expect("sent");
    let dripping = drip(&stream);
    assert_eq!(until_it_ends(&mut stream), "");
    dripping.join().expect("ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_drips_in_is_not_waited_for() {
    let app = TestApp::new().await;
    let served = Served::of(router(&app.app).expect("a router"), Limits { body: SHORT, ..PATIENT }).await;
    for length in ["Content-Length: 100000", "Content-Length: 1000", "Transfer-Encoding: chunked"] {
        let mut stream = served.connect();
        write!(
            stream,
            "POST /come-back HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n{length}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        )
        .expect("sent");
        if length.starts_with("Transfer") {
            write!(stream, "500\r\ncode=").expect("sent");
        }
        let dripping = drip(&stream);
        let said = until_it_ends(&mut stream);
        assert!(said.starts_with("HTTP/1.1 4"), "{length}: {said}");
        dripping.join().expect("ended");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_does_not_arrive_is_told_so_and_may_be_sent_again() {
    let app = TestApp::new().await;
    let served = Served::of(router(&app.app).expect("a router"), Limits { body: SHORT, ..PATIENT }).await;
    let mut stream = served.connect();
    write!(
        stream,
        "POST /come-back HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 20\r\n\
         Content-Type: application/x-www-form-urlencoded\r\n\r\ncode="
    )
    .expect("sent");
    let said = until_it_ends(&mut stream);
    assert!(said.starts_with("HTTP/1.1 408") && said.contains("That took too long"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_read_is_let_go_and_makes_room() {
    let large = Router::new().route("/", get(async || vec![b'x'; 64 * 1024 * 1024]));
    let limits = Limits { unread: SHORT, connections: Some(1), ..PATIENT };
    let served = Served::of(large, limits).await;
    let mut first = served.ask();
    // There is one place: whoever comes next is answered once the first was let go.
    let mut second = served.ask();
    assert!(answer(&mut second).starts_with("HTTP/1.1 200"));
    drop(second);
    assert!(until_it_ends(&mut first).len() < 64 * 1024 * 1024, "it was cut");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_slowly_but_reads_gets_everything() {
    let large = Router::new().route("/", get(async || vec![b'x'; 16 * 1024 * 1024]));
    let served = Served::of(large, Limits { unread: Duration::from_secs(30), head: SHORT, ..PATIENT }).await;
    let mut stream = served.ask();
    std::thread::sleep(SHORT * 3);
    let said = until_it_ends(&mut stream);
    assert!(said.len() > 16 * 1024 * 1024, "{}", said.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_there_is_no_room_who_is_idle_goes_and_who_is_busy_stays() {
    let app = TestApp::new().await;
    let limits = Limits { connections: Some(3), ..PATIENT };
    let served = Served::of(router(&app.app).expect("a router"), limits).await;
    let mut idle: Vec<TcpStream> = (0..3).map(|_| served.ask()).collect();
    for stream in &mut idle {
        assert!(answer(stream).starts_with("HTTP/1.1 "));
    }
    let sending = || {
        let mut stream = served.connect();
        write!(
            stream,
            "POST /come-back HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 10\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\n\r\n"
        )
        .expect("sent");
        stream
    };
    let mut busy: Vec<TcpStream> = (0..3).map(|_| sending()).collect();
    for stream in &mut busy {
        assert!(answer(stream).starts_with("HTTP/1.1 100"), "let in, for an idle one went");
    }
    for stream in &mut idle {
        until_it_ends(stream);
    }
    let mut one_more = served.ask();
    one_more.set_read_timeout(Some(SHORT)).expect("set");
    let waits = one_more.read(&mut [0; 10]).expect_err("nobody is free").kind();
    assert!(matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");
    write!(busy[0], "code=wrong").expect("sent");
    assert!(answer(&mut busy[0]).starts_with("HTTP/1.1 422"), "it is answered all the same");
    one_more.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
    assert!(answer(&mut one_more).starts_with("HTTP/1.1 "), "and then the next is let in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_request_comes_from_is_known_and_stopping_waits_for_it() {
    let (inside, mut let_in) = tokio::sync::mpsc::unbounded_channel();
    let who = Router::new().route(
        "/",
        get(move |ConnectInfo(address): ConnectInfo<SocketAddr>| async move {
            inside.send(address).expect("heard");
            tokio::time::sleep(SHORT).await;
            address.to_string()
        }),
    );
    let served = Served::of(who, PATIENT).await;
    let (mut stream, mut idle) = (served.ask(), served.ask());
    let here = stream.local_addr().expect("an address").to_string();
    assert!(answer(&mut idle).starts_with("HTTP/1.1 200"));
    let mut late = served.ask();
    let latest = late.local_addr().expect("an address");
    while let_in.recv().await.expect("a request") != latest {}
    let address = served.address;
    served.stop().await;
    assert!(until_it_ends(&mut stream).ends_with(&here));
    assert!(until_it_ends(&mut late).starts_with("HTTP/1.1 200"), "what was under way is answered");
    assert_eq!(until_it_ends(&mut idle), "");
    assert!(TcpStream::connect(address).is_err(), "nobody new is let in");
}

#[test]
#[cfg(target_os = "linux")]
fn without_descriptors_whoever_comes_waits_and_that_is_said_once() {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = start_up::serving(folder.path(), &[]);
    assert!(start_up::get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    let pid = Pid::from_child(&child);
    // Whatever is open stays open; nothing more can be opened.
    let none = |before: Rlimit| Rlimit { current: Some(3), maximum: before.maximum };
    let before = rustix::process::getrlimit(Resource::Nofile);
    let before = prlimit(Some(pid), Resource::Nofile, none(before)).expect("taken away");
    let mut waiting = TcpStream::connect(&address).expect("a connection");
    write!(waiting, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("sent");
    waiting.set_read_timeout(Some(Duration::from_secs(1))).expect("set");
    assert!(waiting.read(&mut [0; 10]).is_err(), "there is nothing to let it in with");
    prlimit(Some(pid), Resource::Nofile, before).expect("given back");
    waiting.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
    assert!(until_it_ends(&mut waiting).starts_with("HTTP/1.1 200"), "it only had to wait");
    child.kill().expect("stopped");
    let output = child.wait_with_output().expect("ended");
    let logs = String::from_utf8_lossy(&output.stderr);
    assert_eq!(logs.lines().filter(|line| line.contains("nobody new can be let in")).count(), 1, "{logs}");
    assert!(!logs.contains("panicked"), "{logs}");
}
