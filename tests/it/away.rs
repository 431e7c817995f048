//! The database goes away and comes back: what is safe is done once more, everything else is a calm page.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use warmly::db::Work;

use crate::app::{TestApp, begin, server, until};
use crate::cast::answer;
use crate::page::Page;

const RESPONSES: &str = "SELECT COUNT(*) FROM responses";

/// Ends every connection of the app, as a restart of the server does.
const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'warmly'";

/// Ends the connections that wait for a lock.
const END_WAITING: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'warmly' AND wait_event_type = 'Lock'";

/// Says aloud, also where the output of tests is kept back, that something was not tested.
fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    writeln!(std::io::stderr(), "SKIPPED {test}: {why}").expect("said");
}

/// A connection past the app to its database; None, said aloud, where this is not PostgreSQL.
async fn past(app: &TestApp) -> Option<PgConnection> {
    if server().is_none() {
        skipped("this needs PostgreSQL (TEST_DATABASE_URL)");
        return None;
    }
    Some(PgConnection::connect(app.url()).await.expect("the server"))
}

/// Ends connections until some were found.
async fn end(admin: &mut PgConnection, which: &'static str) -> usize {
    for _ in 0..3000 {
        let ended: Vec<bool> = sqlx::query_scalar(which).fetch_all(&mut *admin).await.expect("ended");
        if !ended.is_empty() {
            return ended.len();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("nothing to end");
}

async fn run(admin: &mut PgConnection, statements: &'static str) {
    sqlx::raw_sql(statements).execute(admin).await.expect(statements);
}

fn is_calm(page: &Page) {
    assert_eq!(page.status, 503, "{}", page.words());
    assert_eq!(page.heading(), "Try again in a moment");
    assert_eq!(page.header("retry-after"), Some("30"));
    assert!(page.words().contains("Everything you saw a reaction to is stored"), "{}", page.words());
}

#[tokio::test]
async fn when_the_database_is_gone_a_calm_page_gives_back_what_was_typed() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    assert_eq!(nurse.get("/readyz").await.status, 200);
    app.app.db.close().await;
    let sent = nurse.press(&turn, "Continue", &[("own", "No, I’m sorry.")]).await;
    is_calm(&sent);
    assert_eq!(sent.all("textarea"), ["No, I’m sorry."]);
    let read = nurse.get(&turn.path).await;
    is_calm(&read);
    assert_eq!(read.link("Try again"), turn.path);
    assert!(read.all("textarea").is_empty());
    let fields = [("email", "ada@ward.example"), ("password", "violet harbor sings")];
    let staff = app.browser().post("/sign-in", &fields).await;
    is_calm(&staff);
    assert!(!staff.text().contains("violet"), "a password is never given back");
    assert_eq!(nurse.get("/readyz").await.status, 503);
    assert_eq!(nurse.get("/healthz").await.status, 200, "the process itself is well");
}

#[test]
fn every_field_for_words_is_given_back() {
    let templates = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("templates");
    let (mut folders, mut seen) = (vec![templates], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a template");
            for field in text.split("<textarea").skip(1) {
                let tag = field.split('>').next().expect("a tag");
                let Some((_, name)) = tag.split_once(" name=\"") else { continue };
                let name = name.split('"').next().expect("a name");
                if matches!(name, "do" | "{{ id }}") {
                    continue;
                }
                seen += 1;
                assert!(warmly::web::again::WORDS.contains(&name), "{name} in {}", path.display());
            }
        }
    }
    assert!(seen > 5, "{seen}");
}

#[tokio::test]
async fn connections_that_were_ended_between_requests_are_not_noticed() {
    let app = TestApp::new().await;
    let Some(mut admin) = past(&app).await else { return };
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    for reply in ["replytext one", "replytext four", "replytext eight"] {
        end(&mut admin, END_ALL).await;
        answer(&nurse, &id, "No, I’m sorry.", reply).await;
    }
    assert_eq!(app.number(RESPONSES).await, 3);
    let address = format!("/attempts/{id}");
    for _ in 0..3 {
        let many: Vec<_> = (0..12).map(|_| nurse.open(&address)).collect();
        for page in futures_util::future::join_all(many).await {
            assert_eq!(page.status, 200, "{}", page.words());
        }
        assert!(end(&mut admin, END_ALL).await > 1, "many connections at once");
    }
}

#[tokio::test]
async fn an_answer_whose_connection_is_ended_before_the_commit_is_stored_once() {
    let app = TestApp::new().await;
    let Some(mut admin) = past(&app).await else { return };
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let replies = nurse.press(&turn, "Skip to the replies", &[]).await;
    let reply = replies.position("replytext one");
    let action = replies.form("Say this").action;
    let mut holder = PgConnection::connect(app.url()).await.expect("the server");
    run(&mut holder, "BEGIN; LOCK TABLE responses IN EXCLUSIVE MODE").await;
    let fields = [("reply", reply.as_str())];
    let cutting = async {
        end(&mut admin, END_WAITING).await;
        run(&mut holder, "ROLLBACK").await;
    };
    let (sent, ()) = tokio::join!(nurse.post(&action, &fields), cutting);
    assert_eq!(sent.status, 303, "{}", sent.words());
    assert_eq!(app.number(RESPONSES).await, 1);
}

#[tokio::test]
async fn an_answer_whose_commit_was_lost_is_not_sent_again_by_itself() {
    let app = TestApp::new().await;
    let Some(mut admin) = past(&app).await else { return };
    let (nurse, turn) = begin(&app, "garden-gate").await;
    // From now on a commit waits for whoever holds lock 42.
    let slow = "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON openings DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow()";
    run(&mut admin, slow).await;
    let mut holder = PgConnection::connect(app.url()).await.expect("the server");
    run(&mut holder, "SELECT pg_advisory_lock(42)").await;
    let action = turn.form("Continue").action;
    let fields = [("own", "No, I’m sorry.")];
    let (sent, ended) = tokio::join!(nurse.post(&action, &fields), end(&mut admin, END_WAITING));
    assert_eq!(ended, 1);
    is_calm(&sent);
    assert!(sent.words().contains("may or may not have arrived"), "{}", sent.words());
    assert_eq!(sent.all("textarea"), ["No, I’m sorry."]);
    run(&mut holder, "SELECT pg_advisory_unlock(42)").await;
    assert_eq!(nurse.post(&action, &fields).await.status, 303, "sent again by her");
    assert_eq!(app.number("SELECT COUNT(*) FROM openings").await, 1);
}

#[tokio::test]
async fn a_connection_has_a_name_and_limits_which_the_address_may_change() {
    let app = TestApp::new().await;
    let Some(_) = past(&app).await else { return };
    let query =
        "SELECT current_setting('application_name') || ' ' || current_setting('statement_timeout') || ' ' ||
        current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout')";
    assert_eq!(app.column(query).await, ["warmly 1min 10s 1min"]);
    let address = format!("{}?application_name=ward&options=-c%20statement_timeout%3D5s", app.url());
    let other = TestApp::on(address).await;
    assert_eq!(other.column(query).await, ["ward 5s 10s 1min"]);
}

/// A PostgreSQL server of its own, which can be stopped and started.
struct Cluster {
    tools: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Cluster {
    /// None, said aloud, where PostgreSQL's programs are not installed.
    fn new() -> Option<Self> {
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
            .filter(|bin| bin.join("pg_ctl").exists())
            .collect();
        versions.sort();
        let Some(tools) = versions.pop() else {
            skipped("PostgreSQL's programs (initdb, pg_ctl) are not installed");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder");
        // Below those that the system gives to outgoing connections, so that it is still free at the second start.
        let first = 20_000 + u16::try_from(std::process::id() % 12_000).expect("small");
        let is_free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
        let port = (first..=u16::MAX).find(is_free).expect("a port");
        let cluster = Self { tools, folder, port };
        if is_root() {
            let owned = Command::new("chown").arg("postgres").arg(cluster.folder.path()).status();
            assert!(owned.expect("chown").success());
        }
        let made =
            ["-U", "warmly", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"].as_slice();
        cluster.tool("initdb", made);
        cluster.start();
        Some(cluster)
    }

    fn tool(&self, name: &str, arguments: &[&str]) {
        let program = self.tools.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let data = self.folder.path().join("data");
        command.current_dir(self.folder.path()).arg("-D").arg(data).args(arguments);
        let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        let log = || std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(done.expect(name).success(), "{name} {arguments:?}: {}", log());
    }

    fn start(&self) {
        let (port, place) = (self.port, self.folder.path().display());
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -k {place} -F");
        let log = self.folder.path().join("log").display().to_string();
        self.tool("pg_ctl", &["-l", &log, "-w", "-o", &options, "start"]);
    }

    fn stop(&self) {
        self.tool("pg_ctl", &["-m", "immediate", "-w", "stop"]);
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.stop();
        }
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|said| said.stdout.starts_with(b"0\n"))
}

#[tokio::test]
async fn a_server_that_is_stopped_and_started_again_is_found_without_a_restart() {
    if server().is_none() {
        skipped("this runs with the tests on PostgreSQL (TEST_DATABASE_URL)");
        return;
    }
    let Some(cluster) = Cluster::new() else { return };
    let app = TestApp::on(format!("postgres://warmly@127.0.0.1:{}/postgres", cluster.port)).await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    cluster.stop();
    cluster.start();
    assert_eq!(nurse.get(&turn.path).await.status, 200, "it was away for a moment");
    cluster.stop();
    assert_eq!(nurse.get("/readyz").await.status, 503);
    let fields = [("own", "Still no.")];
    let (sent, read) = tokio::join!(nurse.post(&turn.path, &fields), nurse.get(&turn.path));
    is_calm(&sent);
    is_calm(&read);
    assert_eq!(sent.all("textarea"), ["Still no."]);
    let look = warmly::scenario::refresh::look(&app.app.db, &app.app.library);
    assert_eq!(look.await.expect_err("away").turn, None);
    cluster.start();
    assert_eq!(nurse.get("/readyz").await.status, 200);
    assert_eq!(nurse.post(&turn.path, &fields).await.status, 303);
    answer(&nurse, &id, "", "replytext one").await;
    assert_eq!(app.column("SELECT own_words FROM openings WHERE turn_number = 1").await, ["Still no."]);
    app.app.db.close().await;
}

#[tokio::test]
async fn whether_a_server_answers_is_found_out_also_while_every_connection_is_taken() {
    if server().is_none() {
        skipped("this needs PostgreSQL (TEST_DATABASE_URL)");
        return;
    }
    let app = TestApp::new().await;
    let db = &app.app.db;
    let mut taken = Vec::new();
    for _ in 0..16 {
        taken.push(db.read().await.expect("a connection"));
    }
    db.aside().ping().await.expect("it answers");
    drop(taken);
    let door = Arc::new(tokio::sync::Semaphore::new(0));
    let stand = || {
        let (db, door) = (db.clone(), Arc::clone(&door));
        tokio::spawn(async move {
            db.write(move |conn| {
                let door = Arc::clone(&door);
                let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
                    warmly::sql!(conn, fetch_one as (i64,), "SELECT CAST(1 AS BIGINT)")?;
                    door.acquire().await.map(drop).map_err(|_| sqlx::Error::PoolClosed)
                });
                work
            })
            .await
        })
    };
    let writing: Vec<_> = (0..12).map(|_| stand()).collect();
    until(|| app.app.db.counts().waiting() >= 12 || writing.iter().any(tokio::task::JoinHandle::is_finished))
        .await;
    let aside = db.aside();
    let past_them = aside.write(|_| Box::pin(async { Ok::<(), sqlx::Error>(()) }));
    past_them.await.expect("it can be written past those who wait");
    door.add_permits(12);
    for written in writing {
        written.await.expect("ended").expect("stored");
    }
}
