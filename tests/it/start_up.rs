//! Starting the program: what it says when something stands in the way, and that it stops politely.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::app::{TestApp, fixtures, server};

pub(crate) fn warmly(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_warmly"));
    command.args(arguments);
    alone_in(folder, command)
}

/// The program under a limit of the shell, such as `-n 40`.
pub(crate) fn limited(folder: &Path, limit: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(format!("ulimit {limit} && exec \"$0\" \"$@\""));
    command.arg(env!("CARGO_BIN_EXE_warmly")).args(arguments);
    alone_in(folder, command)
}

fn alone_in(folder: &Path, mut command: Command) -> Command {
    command
        .env_clear()
        .env("TMPDIR", folder)
        .current_dir(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The program serving on a port of its own, its address, and what it said before that.
pub(crate) fn serving(folder: &Path, more: &[&str]) -> (Child, String, Vec<String>) {
    started(warmly(folder, &[&["--address", "127.0.0.1:0"], more].concat()))
}

/// The same for any command that serves.
pub(crate) fn started(mut command: Command) -> (Child, String, Vec<String>) {
    let mut child = command.spawn().expect("started");
    let lines = child.stdout.take().map(BufReader::new).expect("its output").lines();
    let mut said = Vec::new();
    for line in lines.map_while(Result::ok) {
        if let Some(rest) = line.strip_prefix("Open http://") {
            let place = rest.split(' ').next().expect("an address").to_owned();
            return (child, place, said);
        }
        said.push(line);
    }
    child.kill().expect("stopped");
    child.wait().expect("ended");
    panic!("it does not say where to go: {said:?}");
}

pub(crate) fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn post(address: &str, path: &str, cookie: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Cookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

pub(crate) fn header(answer: &str, name: &str) -> String {
    let found = answer.lines().find_map(|line| line.strip_prefix(name).map(str::to_owned));
    found.unwrap_or_else(|| panic!("no {name} in {answer}"))
}

#[test]
fn the_first_start_makes_everything_it_needs() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = serving(folder.path(), &["--data-dir", "deep/down/data"]);
    assert!(get(&address, "/practice").starts_with("HTTP/1.1 200"));
    assert!(folder.path().join("deep/down/data/warmly.sqlite").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let mode = |name: &str| std::fs::metadata(folder.path().join(name)).expect(name).mode() & 0o777;
        assert_eq!(mode("deep/down/data"), 0o700, "nobody else may look into it");
        for name in ["warmly.sqlite", "warmly.sqlite-wal", "warmly.sqlite.lock"] {
            assert_eq!(mode(&format!("deep/down/data/{name}")), 0o600, "{name}");
        }
    }
    child.kill().expect("stopped");
    child.wait().expect("ended");
    let (mut child, address, _) = serving(folder.path(), &["--data-dir", "deep/down/data"]);
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"), "and again after being killed");
    child.kill().expect("stopped");
    child.wait().expect("ended");
}

#[cfg(unix)]
#[test]
fn what_an_older_version_left_open_to_others_is_closed_where_it_is_ours_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    if server().is_some() {
        return; // About the file.
    }
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let served = || {
        let (mut child, ..) = serving(folder.path(), &[]);
        child.kill().expect("stopped");
        String::from_utf8_lossy(&child.wait_with_output().expect("ended").stderr).into_owned()
    };
    served();
    let ours = ["warmly.sqlite", "warmly.sqlite.lock", "warmly.sqlite.before-2-20260101T000000Z"];
    std::fs::write(data.join(ours[2]), "a copy").expect("written");
    let open = |folder_too: u32| {
        let set = |path: &Path, mode| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(path, mode).expect("set");
        };
        set(&data, folder_too);
        for name in ours {
            set(&data.join(name), 0o644);
        }
    };
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    open(0o755);
    let logs = served();
    assert_eq!(mode(&data), 0o700);
    assert!(ours.iter().all(|name| mode(&data.join(name)) == 0o600), "{logs}");
    assert!(logs.contains("others could open it") && logs.contains("warmly.sqlite.before-2"), "{logs}");
    assert!(!served().contains("others could"), "once is enough");
    let other = data.join("notes.txt");
    std::fs::write(&other, "mine").expect("written");
    let others = mode(&other);
    open(0o755);
    let quiet = served();
    assert!(!quiet.contains("others can put files"), "nobody else can write into it: {quiet}");
    open(0o777);
    let logs = served();
    assert!(logs.contains("others can put files beside the database"), "{logs}");
    assert!(ours.iter().all(|name| mode(&data.join(name)) == 0o600), "{logs}");
    assert_eq!(
        (mode(&data), mode(&other)),
        (0o777, others),
        "a folder with other things in it stays as it is"
    );
    assert!(logs.contains("chmod go-w"), "{logs}");
}

#[test]
fn the_first_start_prints_a_link_to_set_up_the_first_administrator() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = warmly(folder.path(), &["--address", "127.0.0.1:0"]).spawn().expect("started");
    let mut said = child.stdout.take().map(BufReader::new).expect("its output").lines();
    let link = said.find_map(|line| {
        let line = line.ok()?;
        let rest = line.strip_prefix("Set up the first administrator: http://")?;
        rest.strip_suffix(" (once, within 7 days)").map(str::to_owned)
    });
    let opens = said.any(|line| line.is_ok_and(|line| line.starts_with("Open http://")));
    let (address, path) = link.as_deref().and_then(|link| link.split_once('/')).expect("a link");
    let page = get(address, &format!("/{path}"));
    child.kill().expect("stopped");
    child.wait().expect("ended");
    assert!(opens && page.starts_with("HTTP/1.1 200"), "{page}");
}

pub(crate) fn said(mut command: Command) -> (bool, String) {
    let output = command.output().expect("ended");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn a_taken_port_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let (fine, said) = said(warmly(folder.path(), &["--address", &address]));
    assert!(!fine);
    assert!(said.contains("is taken by another program"), "{said}");
}

#[test]
fn a_data_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("data"), "a file is in the way").expect("written");
    let (fine, said) = said(warmly(folder.path(), &["--address", "127.0.0.1:0"]));
    assert!(!fine);
    assert!(said.contains("the data folder ./data can't be written"), "{said}");
}

#[test]
fn local_words_that_nobody_filled_in_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = warmly(folder.path(), &["--address", "127.0.0.1:0"]).spawn().expect("started");
    let said = child.stdout.take().map(BufReader::new).expect("its output").lines();
    let said: Vec<String> =
        said.map_while(Result::ok).take_while(|line| !line.starts_with("Open http://")).collect();
    child.kill().expect("stopped");
    child.wait().expect("ended");
    let named = said.iter().filter(|line| {
        line.starts_with(
            "Local words: 8 of the 8 slots that scenarios speak still have neutral words (emergency_number, ",
        ) && line.ends_with("under Administration, Local words.")
    });
    assert_eq!(named.count(), 1, "{said:?}");
}

#[test]
fn a_broken_setting_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    for (arguments, words) in [
        (vec!["--address", "nowhere"], "--address"),
        (vec!["--log-level", "shout!!"], "--log-level"),
        (vec!["--no-such-flag"], "--no-such-flag"),
        (vec!["--public-url", "practice.example.org"], "write it with https:// or http://"),
        (vec!["--public-url", "ftp://x"], "must begin with https://"),
        (vec!["--public-url", "https://x/path"], "name only the host"),
    ] {
        let (fine, said) = said(warmly(folder.path(), &arguments));
        assert!(!fine && said.contains(words), "{said}");
    }
    let (fine, help) = said(warmly(folder.path(), &["--help"]));
    assert!(fine);
    for variable in ["WARMLY_ADDRESS", "WARMLY_DATA_DIR", "DATABASE_URL", "WARMLY_PUBLIC_URL"] {
        assert!(help.contains(variable), "{help}");
    }
}

#[test]
fn check_says_what_is_wrong_and_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let fixture = fixtures().join("garden-gate.toml");
    let (fine, words) = said(warmly(folder.path(), &["check", fixture.to_str().expect("a path")]));
    assert!(fine, "{words}");
    let text = std::fs::read_to_string(&fixture)
        .expect("the fixture")
        .replace("next = \"dizzy\"", "next = \"dizy\"");
    std::fs::write(folder.path().join("broken.toml"), text).expect("written");
    let (fine, words) = said(warmly(folder.path(), &["check", "broken.toml"]));
    assert!(!fine);
    assert!(words.contains("broken.toml:") && words.contains("dizy"), "{words}");
}

#[tokio::test]
async fn a_broken_scenario_is_left_out_and_named_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(fixtures().join("garden-gate.toml"), folder.path().join("good.toml")).expect("copied");
    std::fs::write(folder.path().join("broken.toml"), "slug = \"broken\"\ntitle = \n").expect("written");
    std::fs::write(folder.path().join("bytes.toml"), [0xFF, 0xFE, 0x00]).expect("written");
    let app = TestApp::with(folder.path()).await;
    let problems = app.app.problems.join("\n");
    assert!(problems.contains("broken.toml:2:"), "{problems}");
    assert!(problems.contains("bytes.toml:1:"), "{problems}");
    assert_eq!(app.app.library.current().len(), 11, "the others are there");
    let double = folder.path().join("zz-again.toml");
    std::fs::copy(fixtures().join("garden-gate.toml"), double).expect("copied");
    let app = TestApp::with(folder.path()).await;
    assert!(app.app.problems.join("\n").contains("is called “garden-gate” already"));
}

#[test]
#[cfg(unix)]
fn asked_to_stop_it_finishes_and_ends_well() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = serving(folder.path(), &[]);
    assert!(get(&address, "/healthz").contains("ok"));
    let asked = Command::new("kill").arg(child.id().to_string()).status().expect("asked");
    assert!(asked.success());
    let ended = child.wait().expect("ended");
    assert!(ended.success(), "{ended:?}");
}

#[test]
#[cfg(unix)]
fn asked_to_stop_as_soon_as_it_says_where_to_go_it_ends_well() {
    for signal in ["-TERM", "-INT"] {
        for _ in 0..3 {
            let folder = tempfile::tempdir().expect("a folder");
            let (mut child, _, _) = serving(folder.path(), &[]);
            assert!(
                Command::new("kill")
                    .args([signal, &child.id().to_string()])
                    .status()
                    .expect("asked")
                    .success()
            );
            let ended = child.wait().expect("ended");
            assert!(ended.success(), "{signal}: {ended:?}");
        }
    }
}

#[test]
#[cfg(unix)]
fn asked_to_stop_it_first_answers_what_is_under_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = serving(folder.path(), &[]);
    let mut stream = TcpStream::connect(&address).expect("a connection");
    write!(
        stream,
        "POST /come-back HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\ncode="
    )
    .expect("sent");
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("asked").success());
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(TcpStream::connect(&address).is_err(), "nobody new is let in");
    write!(stream, "wrong").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("wrong"), "{answer}");
    assert!(child.wait().expect("ended").success());
}

#[test]
fn logs_are_objects_with_the_route_and_never_what_was_typed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) =
        serving(folder.path(), &["--log-format", "json", "--log-level", "warmly=trace,tower_http=trace"]);
    get(&address, "/scenarios/planted-secret-slug?q=planted-secret-query");
    child.kill().expect("stopped");
    let output = child.wait_with_output().expect("ended");
    let logs = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!logs.contains("planted-secret"), "{logs}");
    let lines: Vec<serde_json::Value> =
        logs.lines().map(|line| serde_json::from_str(line).expect("an object a line")).collect();
    let route = |line: &serde_json::Value| line["span"]["route"] == "/scenarios/{slug}";
    assert!(lines.iter().any(route), "{logs}");
}

#[test]
fn killed_in_the_middle_it_goes_on_where_it_was() {
    if server().is_some() {
        return; // The PostgreSQL suite restarts the app in `recording`; this one is about the file.
    }
    let folder = tempfile::tempdir().expect("a folder");
    let scenarios = fixtures();
    let scenarios = ["--scenarios", scenarios.to_str().expect("a path")];
    let (mut child, address, _) = serving(folder.path(), &scenarios);
    let prebrief = get(&address, "/scenarios/garden-gate");
    let token = prebrief
        .split("name=\"token\" value=\"")
        .nth(1)
        .expect("a token")
        .split('"')
        .next()
        .expect("a token");
    let started = post(&address, "/scenarios/garden-gate/attempts", "", &format!("token={token}"));
    let cookie = header(&started, "set-cookie: ").split(';').next().expect("a cookie").to_owned();
    let turn = header(&started, "location: ");
    let committed = post(&address, &turn, &cookie, "own=Not+today.");
    assert!(committed.starts_with("HTTP/1.1 303"), "{committed}");
    child.kill().expect("killed");
    child.wait().expect("ended");
    let (mut child, address, _) = serving(folder.path(), &scenarios);
    let mut stream = TcpStream::connect(&address).expect("a connection");
    write!(
        stream,
        "GET {turn}/replies HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nCookie: {cookie}\r\n\r\n"
    )
    .expect("sent");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("an answer");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("Not today."), "{page}");
    child.kill().expect("stopped");
    child.wait().expect("ended");
}
