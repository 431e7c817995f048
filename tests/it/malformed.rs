//! Thousands of requests that no page of ours sends, to every address, as everybody, and bytes that are hardly a
//! request: never a 500, never a panic. `WARMLY_MALFORMED=1000000` asks for that many of the first kind and a tenth as
//! many of the second (`tests/trust/malformed.sh`).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, header};
use clap::Parser as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use warmly::accounts::Role;
use warmly::app::{Ports, routes, serve_on};
use warmly::config::Cli;

use crate::app::{Browser, TestApp};
use crate::map::ward;

/// How many requests are sent where nobody asks for more.
const COUNT: usize = 5_000;

/// How many were asked for.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the app's")]
fn asked_for() -> Option<usize> {
    std::env::var("WARMLY_MALFORMED").ok().and_then(|count| count.parse().ok())
}

/// The memory this process holds for itself, without what it reads from files, in MB; 0 where the system doesn't say.
fn held() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(0) / 1024
}

/// How often something panicked in these tests, where their requests are answered too. Others may mean to.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn count_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let thread = std::thread::current();
            if thread.name().is_some_and(|name| name.starts_with("malformed::")) {
                PANICS.fetch_add(1, Ordering::SeqCst);
            }
            shown(panic);
        }));
    });
}

/// Names that forms of ours have, and some that none has.
const NAMES: &str = "token name email password present username to role cohort note change session code own_device \
    own skip reply sure place feeling aim readiness if_asked then_say wants_talk text do attempt number seat into \
    external_id slug due list file practice_months words_months completion_years nurse_id";

/// Names that stand after a question mark.
const ASKED: &str = "before event all since until assignment q n said saved show names to";

/// A chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).expect("small")
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// Values of every kind, right ones among them so that what comes after the first check is reached too.
fn values(ids: &[String]) -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "0",
        "1",
        "2",
        "-1",
        "4294967296",
        "9223372036854775807",
        "9223372036854775808",
        "99999999999999999999999",
        "1e9",
        "NaN",
        "2026-03-02",
        "9999-12-31",
        "-009999-01-01",
        "0000-00-00",
        "2026-02-30",
        "2026-03-02T10:00",
        "all",
        "save",
        "release",
        "delete",
        "resolve",
        "reopen",
        "leave",
        "educator",
        "manager",
        "administrator",
        "disable",
        "latest",
        "keeps",
        "blurs",
        "garden-gate",
        "nothing",
        "K7M 2QD",
        "O0I1O0",
        "ruth@ward.example",
        "a@b",
        "@",
        "/cohorts",
        "//evil.example",
        "<script>alert(1)</script>",
        "'; DROP TABLE seats; --",
        "%00",
        "{{ 7*7 }}",
        "{who_to_tell}",
        "\u{202E}\u{200B}",
        "a\0b",
        "\0",
        "=cmd|' /C calc'!A0",
        "..",
        "../../etc/passwd",
        "amber amber amber amber 123",
        "signed-in",
    ];
    let mut values: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    values.extend(ids.iter().map(|id| id.as_bytes().to_vec()));
    values.extend([vec![0xff, 0xfe, 0x00], b"caf\xE9".to_vec(), "0af9".repeat(16).into_bytes()]);
    values.extend(["ä".repeat(2_000), "x".repeat(20_000), "[".repeat(3_000)].map(String::into_bytes));
    values
}

fn percent(bytes: &[u8]) -> String {
    let written = |byte: &u8| {
        if byte.is_ascii_alphanumeric() || *byte == b'-' {
            char::from(*byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    bytes.iter().map(written).collect()
}

fn fields(chance: &mut Chance, names: &str, values: &[Vec<u8>]) -> String {
    let names: Vec<&str> = names.split_whitespace().collect();
    let count = chance.below(6);
    let pair = |_| {
        let name = *chance.one(&names);
        let deep = if chance.below(20) == 0 { "[a]".repeat(500) } else { String::new() };
        format!("{}={}", percent(format!("{name}{deep}").as_bytes()), percent(chance.one::<Vec<u8>>(values)))
    };
    (0..count).map(pair).collect::<Vec<String>>().join("&")
}

/// The address with something in the place of every parameter: the right thing half of the time.
fn address(chance: &mut Chance, path: &str, right: &[(&str, String)], values: &[Vec<u8>]) -> String {
    let mut address = String::new();
    for (at, piece) in path.split('/').enumerate() {
        if at > 0 {
            address.push('/');
        }
        let known = right.iter().find(|(name, _)| *name == piece);
        match known {
            Some((_, id)) if chance.below(4) > 0 => address.push_str(id),
            _ if piece.contains('{') => {
                let filled = percent(chance.one::<Vec<u8>>(values));
                address.push_str(filled.get(..900.min(filled.len())).unwrap_or_default());
            }
            _ => address.push_str(piece),
        }
    }
    address
}

fn multipart(chance: &mut Chance, values: &[Vec<u8>]) -> (String, Vec<u8>) {
    let boundary = *chance.one(&["X", "", "a b", "XX"]);
    let mut body = Vec::new();
    for _ in 0..chance.below(4) {
        let head = *chance.one(&[
            "Content-Disposition: form-data; name=\"list\"",
            "Content-Disposition: form-data; name=\"file\"; filename=\"../a.csv\"",
            "Content-Disposition: form-data; name=\"file\"",
            "Content-Disposition: form-data; name=\"other\"",
            "Content-Disposition: form-data",
            "Content-Type: text/csv",
            "",
        ]);
        body.extend_from_slice(format!("--X\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(chance.one::<Vec<u8>>(values));
        body.extend_from_slice(b"\r\n");
    }
    if chance.below(3) > 0 {
        body.extend_from_slice(b"--X--\r\n");
    }
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// Headers that browsers send, with values that none sends; and some that only proxies send.
const HEADERS: [(&str, &[&str]); 14] = [
    ("host", &["", "warmly.test:99999", "[::1", "a b", "evil.example"]),
    ("origin", &["null", "http://warmly.test", "http://evil.example", "x"]),
    ("sec-fetch-site", &["cross-site", "same-site", "none", "", "same-origin, none"]),
    ("accept-encoding", &["gzip;q=0", "br, gzip", "*", "gzip;q=9999", ","]),
    ("accept", &["application/json", "*/*;q=x", ""]),
    ("accept-language", &["de", "x-klingon", "*", "-"]),
    ("range", &["bytes=0-0", "bytes=-1", "bytes=9-1", "x"]),
    ("if-none-match", &["*", "\"x\"", "W/", "\""]),
    ("if-modified-since", &["yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"]),
    ("x-forwarded-for", &["1.2.3.4", ", ,", "::1, x", "999.1.1.1"]),
    ("x-forwarded-proto", &["https", "ftp"]),
    ("x-request-id", &["1", "", "{}"]),
    ("transfer-encoding", &["chunked", "identity", "chunked, chunked"]),
    ("expect", &["100-continue", "x"]),
];

/// Cookies of nobody, twice over, too long, or hardly cookies.
fn cookies(chance: &mut Chance, own: &BTreeMap<String, String>, values: &[Vec<u8>]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|(name, value)| format!("{name}={value}")).collect();
    match chance.below(12) {
        0 => vec![],
        1 => vec![format!("warmly={}", percent(chance.one::<Vec<u8>>(values)))],
        2 => vec!["warmly=".to_owned(), ";;;=;".to_owned(), own.concat()],
        3 => vec![own.concat(), format!("warmly={}", "a".repeat(64))],
        4 => vec![format!("__Host-{}", own.concat()), "warmly".to_owned()],
        5 => vec![format!("{}; {}", "x=y; ".repeat(500), own.concat())],
        _ => own,
    }
}

fn request(chance: &mut Chance, method: &Method, address: &str, values: &[Vec<u8>]) -> Option<Request<Body>> {
    let query = if chance.below(2) == 0 { fields(chance, ASKED, values) } else { String::new() };
    let address = if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") };
    let address = address.get(..8_000.min(address.len()))?;
    let method = match chance.below(30) {
        0 => Method::HEAD,
        1 => Method::PUT,
        2 => {
            let odd = chance.one::<&str>(&["OPTIONS", "TRACE", "CONNECT", "DELETE", "x"]);
            Method::from_bytes(odd.as_bytes()).ok()?
        }
        _ => method.clone(),
    };
    let (kind, body) = match chance.below(9) {
        0 | 1 => multipart(chance, values),
        2 => ("application/json".to_owned(), b"{\"token\":[[[[".to_vec()),
        3 => ("application/x-www-form-urlencoded".to_owned(), chance.one(values).clone()),
        4 => {
            let kind =
                *chance.one(&["", "text/plain", "text/xml; charset=\"", "multipart/form-data", ";", "*/*"]);
            (kind.to_owned(), chance.one(values).clone())
        }
        _ => {
            let body = fields(chance, NAMES, values).into_bytes();
            ("application/x-www-form-urlencoded".to_owned(), body)
        }
    };
    let mut request = Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
    request = request.header(header::CONTENT_TYPE, kind);
    if chance.below(25) == 0 {
        request = request
            .header(header::CONTENT_LENGTH, *chance.one(&["2147483648", "-1", "x", "18446744073709551616"]));
    }
    let mut request = request.body(Body::from(body)).ok()?;
    for _ in 0..chance.below(3).saturating_sub(1) {
        let (name, odd) = chance.one(&HEADERS);
        let value = HeaderValue::from_str(chance.one::<&str>(odd)).ok()?;
        request.headers_mut().append(HeaderName::from_static(name), value);
    }
    Some(request)
}

#[tokio::test]
async fn no_request_to_any_address_breaks_anything() {
    let app = TestApp::new().await;
    let ward = ward(&app, 2).await;
    let (ada, omar, olga) =
        (app.administrator("Ada").await, app.staff("Omar", false, false).await, app.educator("Olga").await);
    app.give_role(&ward.cohort, &omar, Role::Manager).await;
    let (nurse, attempt) = &ward.nurses[0];
    let token = app.clock.new_token();
    let comment = [("token", token.as_str()), ("text", "I noticed."), ("do", "release")];
    ward.ruth.browser.post(&format!("{}/1/comments", ward.transcript(0)), &comment).await;
    let comment = app.column("SELECT id FROM comments").await.concat();
    let right: Vec<(&str, String)> = vec![
        ("{cohort}", ward.cohort.as_str().to_owned()),
        ("{seat}", nurse.seat.as_str().to_owned()),
        ("{attempt}", attempt.clone()),
        ("{id}", attempt.clone()),
        ("{assignment}", ward.gate.as_str().to_owned()),
        ("{comment}", comment),
        ("{staff}", olga.id.as_str().to_owned()),
        ("{slug}", "garden-gate".to_owned()),
        ("{turn}", "lift".to_owned()),
        ("{number}", "1".to_owned()),
        ("{trail}", "1-2".to_owned()),
    ];
    let ids: Vec<String> = right.iter().map(|(_, id)| id.clone()).collect();
    let values = values(&ids);
    let stranger = app.browser();
    let everybody: [(&str, &Browser<'_>); 6] = [
        ("a stranger", &stranger),
        ("a nurse", &nurse.browser),
        ("her educator", &ward.ruth.browser),
        ("her manager", &omar.browser),
        ("another educator", &olga.browser),
        ("an administrator", &ada.browser),
    ];
    let leaving = ["/me/delete", "/sign-out", "/account/sessions/all", "/account/sessions"];
    let (mut chance, mut sent) = (Chance(0x5eed_5eed_5eed), 0_usize);
    let wanted = asked_for().unwrap_or(COUNT);
    count_panics();
    // The memory of the slow hash is kept once it was needed; two are made at a time.
    let known = [("email", "nobody@ward.example"), ("password", "amber lantern river 42")];
    let (one, two) = tokio::join!(stranger.post("/sign-in", &known), stranger.post("/sign-in", &known));
    assert!(one.status == 422 && two.status == 422);
    let routes: Vec<_> = routes()
        .into_iter()
        .filter(|route| route.method == Method::GET || !leaving.contains(&route.path))
        .collect();
    let (mut early, mut half, mut told) = (0, 0, 1);
    for round in 0.. {
        if sent >= wanted {
            break;
        }
        for route in &routes {
            for (who, browser) in &everybody {
                let address = address(&mut chance, route.path, &right, &values);
                let Some(mut request) = request(&mut chance, &route.method, &address, &values) else {
                    continue;
                };
                for cookie in cookies(&mut chance, &browser.cookies.borrow(), &values) {
                    let cookie = cookie.parse().expect("a cookie");
                    request.headers_mut().append(header::COOKIE, cookie);
                }
                let line = format!("{who}, round {round}: {} {}", request.method(), request.uri());
                let page = app.send(request).await;
                sent += 1;
                assert!(page.status.as_u16() != 500, "{line}: {}", page.status);
            }
        }
        if early == 0 && sent >= wanted / 20 {
            early = held();
        }
        if half == 0 && sent >= wanted / 2 {
            half = held();
        }
        if asked_for().is_some() && sent >= told * wanted / 10 {
            println!("{sent} sent: {} MB", held());
            told += 1;
        }
    }
    let now = held();
    println!("{sent} malformed requests: no 500; {early} MB early, {half} MB half-way, {now} MB at the end");
    assert!(sent >= wanted, "{sent} requests were sent");
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "panics");
    if asked_for().is_some() {
        assert!(now.saturating_sub(half) <= 20, "memory grew from {half} to {now} MB");
    }
    for (who, browser) in everybody.iter().skip(1) {
        let home = if *who == "a nurse" { "/me" } else { "/account" };
        assert_eq!(browser.get(home).await.status, 200, "{who} was here to the end");
    }
}

/// Bytes that are hardly a request: a whole one, spoiled, or something else altogether.
fn raw(chance: &mut Chance, session: &str, values: &[Vec<u8>]) -> Vec<u8> {
    let routes = routes();
    let route = chance.one(&routes);
    let path = route.path.replace(['{', '}'], "");
    let host = *chance.one(&["Host: warmly.test\r\n", "", "Host: a\r\nHost: b\r\n", "Host:\r\n"]);
    let length = *chance.one(&[
        "",
        "Content-Length: 7\r\n",
        "Content-Length: 7\r\nContent-Length: 8\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: -1\r\n",
        "Expect: 100-continue\r\n",
        "Connection: upgrade\r\nUpgrade: h2c\r\n",
    ]);
    let body = *chance.one(&[
        "",
        "own=a&b",
        "7\r\nown=a&b\r\n0\r\n\r\n",
        "ffffffffffffffff1\r\nx",
        "0\r\nX: y\r\n\r\n",
    ]);
    let version = *chance.one(&["HTTP/1.1", "HTTP/1.0", "HTTP/9.9", "http/1.1", ""]);
    let method = route.method.as_str();
    let kind = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
    let mut bytes = match chance.below(10) {
        0 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec(),
        1 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(),
        2 => (0..chance.below(400)).map(|_| u8::try_from(chance.below(256)).unwrap_or(0)).collect(),
        3 => {
            format!("{method} {path} {version}\r\n{}\r\n", "X: y\r\n".repeat(chance.below(300))).into_bytes()
        }
        4 => format!("{method} {path} {version}\r\nX: {}\r\n\r\n", "y".repeat(chance.below(900_000)))
            .into_bytes(),
        5 => format!("{method} http://evil.example{path} {version}\r\n{host}\r\n").into_bytes(),
        _ => {
            format!("{method} {path} {version}\r\n{host}Cookie: warmly={session}\r\n{kind}{length}\r\n{body}")
                .into_bytes()
        }
    };
    for _ in 0..chance.below(3) {
        let at = chance.below(bytes.len());
        match chance.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.splice(at..at, chance.one::<Vec<u8>>(values).iter().copied().take(200)).for_each(drop),
            2 if at < bytes.len() => bytes[at] = u8::try_from(chance.below(256)).unwrap_or(0),
            _ => {
                let again = bytes.clone();
                bytes.extend_from_slice(&again[..again.len().min(2_000)]);
            }
        }
    }
    bytes
}

#[tokio::test]
async fn no_bytes_on_the_line_break_anything() {
    let app = TestApp::new().await;
    let ward = ward(&app, 1).await;
    let session = ward.nurses[0].0.browser.cookies.borrow().values().next().cloned().expect("a session");
    let mut config = Cli::parse_from(["warmly", "--address", "127.0.0.1:0"]).config;
    config.metrics_address = None;
    let ports = Ports::take(&config).expect("a port");
    let (address, serving) = (ports.listening, tokio::spawn(serve_on(ports, app.app.clone())));
    let (values, mut chance) = (values(std::slice::from_ref(&session)), Chance(0x00c0_ffee));
    let count = asked_for().map_or(400, |count| count / 10);
    count_panics();
    let mut answers: BTreeMap<String, usize> = BTreeMap::new();
    for number in 0..count {
        let bytes = raw(&mut chance, &session, &values);
        let mut line = TcpStream::connect(address).await.expect("somebody listens");
        // Whoever is refused early finds the line closed while she still speaks.
        let _ = line.write_all(&bytes).await;
        let _ = line.shutdown().await;
        let mut answer = Vec::new();
        let _ = line.read_to_end(&mut answer).await;
        let first = String::from_utf8_lossy(answer.get(..12).unwrap_or_default()).into_owned();
        let asked = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
        let all = String::from_utf8_lossy(&answer);
        assert!(!all.contains("HTTP/1.1 500") && !all.contains("HTTP/1.0 500"), "number {number}: {asked}");
        *answers.entry(first).or_default() += 1;
    }
    println!("{count} times bytes on the line: {answers:?}; {} MB of memory", held());
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "panics");
    assert!(answers.len() >= 3, "some are answered and some are not: {answers:?}");
    let mut line = TcpStream::connect(address).await.expect("it still listens");
    let ask = b"GET /healthz HTTP/1.1\r\nHost: warmly.test\r\nConnection: close\r\n\r\n";
    line.write_all(ask).await.expect("asked");
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    serving.abort();
}
