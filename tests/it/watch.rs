//! The file is taken away, the disk fills up, another program starts: nothing is called stored that is not, and what
//! is there can be read.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use warmly::db::copy::file_of;
use warmly::db::{Away, away};

use crate::app::{Browser, TestApp, begin, fixtures, server, until};
use crate::page::Page;
use crate::start_up::{get, header, limited, post, said, serving, started, warmly};

/// The file of the app's database; None where the tests run on a server.
fn file(app: &TestApp) -> Option<PathBuf> {
    app.url().strip_prefix("sqlite:").map(PathBuf::from)
}

/// Nothing is stored, and that is said calmly, with what was typed.
fn is_kept_back(page: &Page, typed: &str) {
    assert_eq!(page.status, 503, "{}", page.words());
    assert_eq!(page.heading(), "Nothing can be stored right now");
    assert!(page.words().contains("nothing is lost, and pages can still be read"), "{}", page.words());
    assert_eq!(page.all("textarea"), [typed]);
    assert_eq!(page.header("retry-after"), Some("30"));
}

async fn is_not_ready(browser: &Browser<'_>, why: &str) {
    let ready = browser.get("/readyz").await;
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains(why), "{}", ready.text());
}

#[tokio::test]
async fn without_its_file_the_app_only_reads_and_goes_on_when_it_is_back() {
    let app = TestApp::new().await;
    let Some(file) = file(&app) else { return };
    let (nurse, turn) = begin(&app, "garden-gate").await;
    assert_eq!(nurse.get("/readyz").await.status, 200);
    let aside = file.with_extension("aside");
    std::fs::rename(&file, &aside).expect("taken away");
    for _ in 0..3 {
        is_kept_back(&nurse.post(&turn.path, &[("own", "Not today.")]).await, "Not today.");
    }
    is_not_ready(&nurse, "the database file was removed").await;
    assert_eq!(nurse.get(&turn.path).await.status, 200, "what is there can be read");
    assert_eq!(nurse.get("/me").await.status, 200);
    assert_eq!(nurse.get("/healthz").await.status, 200);
    assert!(!file.exists(), "nothing is put in its place");
    std::fs::rename(&aside, &file).expect("put back");
    assert_eq!(nurse.get("/readyz").await.status, 200);
    assert_eq!(nurse.post(&turn.path, &[("own", "Not today.")]).await.status, 303);
    assert_eq!(app.number("SELECT COUNT(*) FROM openings WHERE own_words = 'Not today.'").await, 1);
}

#[tokio::test]
async fn another_file_in_its_place_is_never_written_to() {
    let app = TestApp::new().await;
    let Some(file) = file(&app) else { return };
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let (other, ours) = (file.with_extension("other"), file.with_extension("ours"));
    std::fs::copy(&file, &other).expect("a copy");
    let before = std::fs::read(&other).expect("read");
    std::fs::rename(&file, &ours).expect("taken away");
    std::fs::rename(&other, &file).expect("replaced");
    let all = (0..20).map(|_| nurse.get(&turn.path));
    for page in futures_util::future::join_all(all).await {
        assert_eq!(page.status, 200, "many read at once what is there");
    }
    is_kept_back(&nurse.post(&turn.path, &[("own", "Not today.")]).await, "Not today.");
    is_not_ready(&nurse, "the database file was replaced").await;
    assert!(std::fs::read(&file).expect("read") == before, "the other file is as it was");
    std::fs::rename(&ours, &file).expect("put back");
    assert_eq!(nurse.post(&turn.path, &[("own", "Not today.")]).await.status, 303);
}

#[tokio::test]
async fn a_file_that_goes_while_something_is_stored_in_it_is_not_called_stored() {
    let app = TestApp::new().await;
    let Some(file) = file(&app) else { return };
    let aside = file.with_extension("aside");
    let gone = Arc::new(AtomicBool::new(false));
    let (seen, from, to) = (Arc::clone(&gone), file.clone(), aside.clone());
    let storing = app.app.db.write(move |_| {
        let (seen, from, to) = (Arc::clone(&seen), from.clone(), to.clone());
        Box::pin(async move {
            std::fs::rename(from, to).map_err(sqlx::Error::Io)?;
            seen.store(true, Ordering::SeqCst);
            Ok::<_, sqlx::Error>(())
        })
    });
    let refused = storing.await.expect_err("nobody knows");
    assert!(gone.load(Ordering::SeqCst));
    assert_eq!(away(&refused), Some(Away::Unsure));
}

#[tokio::test]
async fn with_little_room_files_stop_first_and_with_none_nothing_is_stored() {
    let app = TestApp::new().await;
    if file(&app).is_none() {
        return;
    }
    let (nurse, turn) = begin(&app, "garden-gate").await;
    app.app.db.keep_free(u64::MAX, 0);
    let export = nurse.get("/me/practice.csv").await;
    assert_eq!((export.status.as_u16(), export.heading().as_str()), (503, "No files for the moment"));
    assert!(export.words().contains("Nothing is lost, and practice goes on"), "{}", export.words());
    let fields = [("names", "Ana")];
    assert_eq!(nurse.post("/cohorts/0/people/import", &fields).await.heading(), "No files for the moment");
    let ready = nurse.get("/readyz").await;
    assert_eq!(ready.status, 200, "it can do what it is for");
    assert!(ready.text().contains("exports and imports have stopped"), "{}", ready.text());
    assert_eq!(nurse.post(&turn.path, &[("own", "Not today.")]).await.status, 303);
    let (nurse, turn) = begin(&app, "garden-gate").await;
    app.app.db.keep_free(u64::MAX, u64::MAX);
    is_kept_back(&nurse.post(&turn.path, &[("own", "Still not.")]).await, "Still not.");
    is_not_ready(&nurse, "the disk is full").await;
    assert_eq!(nurse.get(&turn.path).await.status, 200);
    app.app.db.keep_free(0, 0);
    assert_eq!(nurse.get("/readyz").await.status, 200);
    assert_eq!(nurse.get("/me/practice.csv").await.status, 200);
    assert_eq!(nurse.post(&turn.path, &[("own", "Still not.")]).await.status, 303);
}

#[tokio::test]
async fn ready_means_that_something_was_stored_and_a_flood_of_questions_stores_little() {
    let app = TestApp::new().await;
    let browser = app.browser();
    let before = app.app.db.counts().commits();
    assert_eq!(browser.get("/readyz").await.status, 200);
    assert!(app.app.db.counts().commits() > before);
    let first = app.column("SELECT value FROM settings WHERE name = 'trial'").await;
    for _ in 0..500 {
        assert_eq!(browser.get("/readyz").await.status, 200);
    }
    let stored = app.app.db.counts().commits() - before;
    assert!(stored < 100, "{stored} for 501 questions");
    let trial = || app.column("SELECT value FROM settings WHERE name = 'trial'");
    while trial().await == first {
        assert_eq!(browser.get("/readyz").await.status, 200, "some time later it is tried again");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn forty_who_wait_for_a_row_that_somebody_holds_keep_nobody_else_from_reading() {
    use sqlx::Connection as _;
    if server().is_none() {
        let mut out = std::io::stderr();
        writeln!(out, "SKIPPED forty_who_wait: this needs PostgreSQL (TEST_DATABASE_URL)").expect("said");
        return;
    }
    let app = TestApp::new().await;
    let (mut holds, mut looks) = (past(&app).await, past(&app).await);
    let browser = app.browser();
    assert_eq!(browser.get("/readyz").await.status, 200);
    sqlx::raw_sql("BEGIN; LOCK TABLE tries IN EXCLUSIVE MODE").execute(&mut holds).await.expect("held");
    let waiting = futures_util::future::join_all((0..40).map(async |number| {
        let email = format!("nobody{number}@ward.example");
        let wrong = [("email", email.as_str()), ("password", "violet harbor sings")];
        app.browser().post("/sign-in", &wrong).await.status
    }));
    let meanwhile = async {
        let stuck = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
            AND application_name = 'warmly' AND wait_event_type = 'Lock'";
        while sqlx::query_scalar::<_, i64>(stuck).fetch_one(&mut looks).await.expect("asked") < 12 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let statuses = [browser.get("/readyz").await.status, browser.get("/practice").await.status];
        sqlx::raw_sql("ROLLBACK").execute(&mut holds).await.expect("given back");
        statuses
    };
    let (answered, statuses) = tokio::join!(waiting, meanwhile);
    assert_eq!(statuses, [200, 200]);
    assert!(answered.iter().all(|status| [422, 429, 503].contains(&status.as_u16())), "{answered:?}");
    let _ = (holds.close().await, looks.close().await);
}

async fn past(app: &TestApp) -> sqlx::PgConnection {
    <sqlx::PgConnection as sqlx::Connection>::connect(app.url()).await.expect("the server")
}

/// Begins a conversation: the cookie and the first turn; or the answer, where that could not be stored.
fn begins(address: &str) -> Result<(String, String), String> {
    let prebrief = get(address, "/scenarios/garden-gate");
    let token = prebrief.split("name=\"token\" value=\"").nth(1).expect("a token");
    let token = token.split('"').next().expect("a token");
    let started = post(address, "/scenarios/garden-gate/attempts", "", &format!("token={token}"));
    if !started.starts_with("HTTP/1.1 303") {
        return Err(started);
    }
    let cookie = header(&started, "set-cookie: ").split(';').next().expect("a cookie").to_owned();
    Ok((cookie, header(&started, "location: ")))
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_grow_is_no_end_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenarios = fixtures();
    let arguments = ["--address", "127.0.0.1:0", "--scenarios", scenarios.to_str().expect("a path")];
    let (mut child, address, _) = started(warmly(folder.path(), &arguments));
    assert!(get(&address, "/healthz").starts_with("HTTP/1.1 200"));
    assert!(Command::new("kill").arg(child.id().to_string()).status().expect("asked").success());
    assert!(child.wait().expect("ended").success());
    // The journal may hold so much and no more; neither may anything be written to the file beyond that.
    let mut command = limited(folder.path(), "-f 256", &arguments);
    // Much is logged, and nobody reads it here.
    command.stderr(std::process::Stdio::null());
    let (mut child, address, _) = started(command);
    let mut stored = Vec::new();
    let refused = loop {
        match begins(&address) {
            Ok((cookie, turn)) => {
                let answer = post(&address, &turn, &cookie, "own=Not+today.");
                if !answer.starts_with("HTTP/1.1 303") {
                    break answer;
                }
                stored.push((cookie, turn));
            }
            Err(answer) => break answer,
        }
        assert!(stored.len() < 2_000, "the file grows all the same");
    };
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("Everything you saw a reaction to is stored"), "{refused}");
    // A smaller write may still have found room. When none does, it is not ready.
    let ready = (0..600).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        post(&address, "/come-back", "", "code=wrong");
        Some(get(&address, "/readyz")).filter(|ready| ready.starts_with("HTTP/1.1 503"))
    });
    let ready = ready.expect("red in the end");
    assert!(ready.contains("the disk refuses"), "{ready}");
    assert!(get(&address, "/practice").starts_with("HTTP/1.1 200"), "pages can be read");
    child.kill().expect("stopped");
    child.wait().expect("ended");
    let (mut child, address, _) = started(warmly(folder.path(), &arguments));
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"));
    assert!(!stored.is_empty(), "something was stored before");
    for (cookie, turn) in stored {
        let mut stream = TcpStream::connect(&address).expect("a connection");
        let head = format!("Host: {address}\r\nConnection: close\r\nCookie: {cookie}");
        write!(stream, "GET {turn}/replies HTTP/1.1\r\n{head}\r\n\r\n").expect("sent");
        let mut page = String::new();
        stream.read_to_string(&mut page).expect("an answer");
        assert!(page.contains("Not today."), "{page}");
    }
    child.kill().expect("stopped");
    child.wait().expect("ended");
}

#[test]
fn a_second_server_on_one_file_is_refused_and_a_look_beside_it_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = serving(folder.path(), &[]);
    let (fine, words) = said(warmly(folder.path(), &["--address", "127.0.0.1:0"]));
    assert!(!fine);
    assert!(words.contains("another Warmly, no is using the file ./data/warmly.sqlite"), "{words}");
    assert!(words.contains("Stop the other one, or name another folder with --data-dir"), "{words}");
    let (fine, words) = said(warmly(folder.path(), &["check", "--tallies"]));
    assert!(fine, "{words}");
    assert!(get(&address, "/readyz").starts_with("HTTP/1.1 200"), "the first goes on");
    child.kill().expect("stopped");
    child.wait().expect("ended");
    let (mut child, ..) = serving(folder.path(), &[]);
    child.kill().expect("stopped");
    child.wait().expect("ended");
}

#[test]
fn of_two_first_starts_at_once_on_one_folder_one_serves() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || {
        let folder: &Path = folder.path();
        warmly(folder, &["--address", "127.0.0.1:0"]).spawn().expect("started")
    };
    let mut both = [start(), start()];
    let refused = loop {
        let ended = both.iter_mut().position(|child| child.try_wait().expect("asked").is_some());
        if let Some(refused) = ended {
            break refused;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    };
    let [first, second] = both;
    let (refused, mut serves) = if refused == 0 { (first, second) } else { (second, first) };
    let output = refused.wait_with_output().expect("ended");
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(words.contains("another Warmly, no is using the file"), "{words}");
    let mut lines =
        std::io::BufRead::lines(std::io::BufReader::new(serves.stdout.take().expect("its output")));
    assert!(lines.any(|line| line.is_ok_and(|line| line.starts_with("Open http://"))));
    serves.kill().expect("stopped");
    serves.wait().expect("ended");
}

#[test]
#[cfg(unix)]
fn a_file_that_can_only_be_read_is_named() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    std::fs::create_dir(&data).expect("made");
    let file = data.join("warmly.sqlite");
    std::fs::write(&file, b"").expect("written");
    let may = |place: &Path, mode: u32| {
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode)).expect("set");
    };
    may(folder.path(), 0o755);
    may(&data, 0o777);
    may(&file, 0o444);
    let mut command = warmly(folder.path(), &["--address", "127.0.0.1:0"]);
    if std::fs::metadata(&file).expect("its owner").uid() == 0 {
        command.uid(65_534).gid(65_534);
    }
    let (well, words) = said(command);
    assert!(!well);
    assert!(
        words.contains("./data/warmly.sqlite can't be written") && words.contains("ermission"),
        "{words}"
    );
}

#[test]
fn the_numbers_tell_of_the_journal_the_disk_and_what_should_not_be() {
    if server().is_some() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, said) = serving(folder.path(), &["--metrics-address", "127.0.0.1:0"]);
    let place = said.iter().find_map(|line| line.strip_prefix("Metrics at http://")).expect("said");
    let place = place.strip_suffix("/metrics").expect("an address");
    let refused = post(&address, "/sign-in", "", "email=nobody%40ward.example&password=violet+harbor+sings");
    assert!(refused.starts_with("HTTP/1.1 422"), "{refused}");
    let numbers = get(place, "/metrics");
    let number = |name: &str| -> f64 {
        let line = numbers.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in {numbers}")).trim().parse().expect("a number")
    };
    assert!(number("warmly_journal_bytes") > 0.0);
    assert!(number("warmly_disk_free_bytes") > 0.0);
    assert!(number("warmly_connections") >= 1.0, "this one at least");
    assert!((number("warmly_sign_in_failures_total") - 1.0).abs() < 0.1);
    assert!(number("warmly_panics_total").abs() < 0.1);
    child.kill().expect("stopped");
    child.wait().expect("ended");
}

#[tokio::test]
async fn how_full_the_disk_is_is_looked_at_without_anybody_asking() {
    let app = TestApp::new().await;
    let Some(file) = file_of(app.url()) else {
        assert_eq!((app.app.db.free(), app.app.db.journal()), (None, None), "a server looks after its own");
        return;
    };
    begin(&app, "garden-gate").await;
    let stands = std::fs::metadata(format!("{}-wal", file.display())).map_or(0, |about| about.len());
    assert!(app.app.db.journal().is_some_and(|journal| journal > 4096), "{stands}");
    let before = app.app.db.free();
    let more = tempfile::NamedTempFile::new_in(file.parent().expect("a folder")).expect("a file");
    std::fs::write(more.path(), vec![7; 8 << 20]).expect("written");
    more.as_file().sync_all().expect("stored");
    until(|| app.app.db.free() != before).await;
}

#[test]
#[cfg(unix)]
fn that_the_file_went_and_came_back_is_logged_once_each_in_its_own_words() {
    if server().is_some() {
        return; // About the file.
    }
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (mut child, address, _) = serving(folder.path(), &[]);
    let look = || (0..3).for_each(|_| drop(get(&address, "/readyz")));
    for (from, to) in [("data/warmly.sqlite", "data/away"), ("data", "elsewhere")] {
        std::fs::rename(at(from), at(to)).expect("moved");
        // Where a folder was there is a file: it is not known whether anything is behind it.
        let hidden = from == "data";
        if hidden {
            std::fs::write(at("data"), "in the way").expect("written");
        }
        look();
        if hidden {
            std::fs::remove_file(at("data")).expect("removed");
        }
        std::fs::rename(at(to), at(from)).expect("moved back");
        look();
    }
    child.kill().expect("stopped");
    let logs = child.wait_with_output().expect("ended").stderr;
    let logs = String::from_utf8_lossy(&logs);
    let count = |words: &str| logs.matches(words).count();
    // It may be looked at between the folder going and the file in its place.
    assert!((1..=2).contains(&count("any more: the database file was removed")), "{logs}");
    assert_eq!(count("any more: the database file can’t be looked at"), 1, "{logs}");
    assert_eq!(count("the file is there again"), 2, "{logs}");
    assert_eq!(count("room on the disk"), 0, "the disk stayed as it was: {logs}");
}
