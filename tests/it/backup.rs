//! Backups, by hand and by themselves, and going back to one, as whoever runs the app does it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use clap::Parser as _;
use warmly::app::App;
use warmly::clock::Clock;
use warmly::config::{Cli, Config};
use warmly::db::Db;
use warmly::db::copy::{Contents, Unsound, file_of, inspect};
use warmly::operate::backup::make;
use warmly::operate::retention::name;
use warmly::operate::tallies::compare;
use warmly::operate::timed::{Turn, turn};

use crate::app::{NOON, TestApp, begin, fixtures, server};
use crate::assigned::STRAIGHT;
use crate::cast::answer;
use crate::start_up::{get, said, serving, warmly};

const RESPONSES: &str = "SELECT attempt_id || ' ' || turn_number FROM responses ORDER BY 1";

pub(crate) fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
}

/// A file with so many nurses, made by the app, and the folder it is in.
pub(crate) async fn data(folder: &Path, nurses: usize) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    let file = folder.join("warmly.sqlite");
    let app = TestApp::on(format!("sqlite:{}", file.display())).await;
    for _ in 0..nurses {
        begin(&app, "garden-gate").await;
    }
    app.app.db.close().await;
    file
}

pub(crate) async fn nurses(file: &Path) -> i64 {
    inspect(file).await.expect("a sound file").rows_of("nurses")
}

/// What is in a copy, by the app's own reading of it.
async fn responses(file: &Path) -> BTreeSet<String> {
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("the copy");
    let found = compare(&db).await.expect("compared");
    assert!(found.different.is_empty(), "every tally of the copy says what its records say");
    let mut conn = db.read().await.expect("a connection");
    let rows = warmly::sql!(&mut conn, fetch_all as (String,), RESPONSES).expect("the responses");
    drop(conn);
    db.close().await;
    rows.into_iter().map(|(row,)| row).collect()
}

/// Of each attempt the first turns, and none left out between them.
fn is_complete(responses: &BTreeSet<String>) -> bool {
    let mut turns: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for response in responses {
        let (attempt, turn) = response.split_once(' ').expect("an attempt and a turn");
        turns.entry(attempt).or_default().push(turn.parse().expect("a number"));
    }
    turns.into_values().all(|turns| turns.iter().copied().eq(1..=turns.len()))
}

/// `warmly backup`, while others are at work.
async fn by_hand(app: &TestApp, file: &Path) {
    let (folder, place) = (file.parent().expect("a folder"), file.to_str().expect("a path"));
    let mut child = warmly(folder, &["--database-url", app.url(), "backup", place]).spawn().expect("started");
    let ended = loop {
        match child.try_wait().expect("asked") {
            Some(ended) => break ended,
            None => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    };
    assert!(ended.success());
}

#[tokio::test]
async fn a_backup_made_while_nurses_answer_is_one_committed_state_and_can_be_restored() {
    if server().is_some() {
        return; // PostgreSQL has its own backups.
    }
    let app = TestApp::new().await;
    let ruth = app.educator("Ruth Reyes").await;
    let cohort = app.cohort(&ruth, "Spring residency").await;
    let gate = app.assign(&cohort, &ruth, "garden-gate").await;
    let mut members = Vec::new();
    for number in 0..6 {
        members.push(app.member(&cohort, &format!("Nurse {number}")).await);
    }
    let (answered, begun) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    let enough = Cell::new(false);
    let at_work = async |member: &crate::cast::Member<'_>| {
        while !enough.get() {
            let id = app.started(member, &gate, "garden-gate").await;
            for (number, (own, reply)) in (1..).zip(STRAIGHT) {
                begun.borrow_mut().insert(format!("{id} {number}"));
                answer(&member.browser, &id, own, reply).await;
                answered.borrow_mut().insert(format!("{id} {number}"));
            }
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let own = file_of(app.url()).expect("a file");
    let backing_up = async {
        let mut made = Vec::new();
        crate::app::until(|| answered.borrow().len() >= 20).await;
        for number in 0..4 {
            let file = folder.path().join(format!("{number}.sqlite"));
            let before = answered.borrow().clone();
            if number % 2 == 0 {
                // As the app itself does it: nothing has time to be brought into the file in between.
                make(&own, &file).await.expect("a backup");
            } else {
                by_hand(&app, &file).await;
            }
            made.push((file, before, begun.borrow().clone()));
        }
        enough.set(true);
        made
    };
    let (made, _) = tokio::join!(backing_up, futures_util::future::join_all(members.iter().map(at_work)));
    let mut meanwhile = 0;
    for (file, before, after) in &made {
        let copied = responses(file).await;
        assert!(copied.is_superset(before), "what was answered before the backup began is in it");
        assert!(copied.is_subset(after), "and nothing that nobody had sent");
        assert!(is_complete(&copied));
        meanwhile += after.len() - before.len();
    }
    assert!(meanwhile > 0, "answers were recorded while the backups were made");
    let (file, before, _) = made.last().expect("a backup");
    let copied = responses(file).await;
    let (went_well, words) = said(warmly(folder.path(), &["restore", file.to_str().expect("a path")]));
    assert!(went_well, "{words}");
    let restored = responses(&folder.path().join("data/warmly.sqlite")).await;
    assert!(restored == copied && restored.is_superset(before));
    let (mut child, address, _) = serving(folder.path(), &[]);
    assert!(get(&address, "/readyz").contains("\"ready\":true"));
    child.kill().expect("stopped");
    child.wait().expect("ended");
}

#[tokio::test]
async fn a_backup_says_what_is_in_it_belongs_to_whoever_made_it_and_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    data(&folder.path().join("data"), 2).await;
    let (went_well, words) = said(warmly(folder.path(), &["backup", "copy.sqlite"]));
    assert!(went_well && words.contains("Backup made: copy.sqlite"), "{words}");
    assert!(words.contains("2 nurses") && words.contains("2 attempts"), "{words}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let about = std::fs::metadata(folder.path().join("copy.sqlite")).expect("the backup");
        assert_eq!(about.mode() & 0o777, 0o600);
    }
    let before = std::fs::read(folder.path().join("copy.sqlite")).expect("the backup");
    let (went_well, words) = said(warmly(folder.path(), &["backup", "copy.sqlite"]));
    assert!(!went_well && words.contains("is there already"), "{words}");
    assert_eq!(before, std::fs::read(folder.path().join("copy.sqlite")).expect("the backup"));
    std::fs::write(folder.path().join("in-the-way"), "a file").expect("written");
    for (place, why) in [
        ("nowhere/copy.sqlite", "there is no folder nowhere"),
        ("in-the-way/copy.sqlite", "nothing can be written in the folder in-the-way"),
        ("/proc/copy.sqlite", "folder /proc"),
    ] {
        let (went_well, words) = said(warmly(folder.path(), &["backup", place]));
        assert!(!went_well && words.starts_with("No backup was made: ") && words.contains(why), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
    let (went_well, words) =
        said(warmly(folder.path(), &["--data-dir", "elsewhere", "backup", "other.sqlite"]));
    assert!(!went_well && words.contains("there is no database at elsewhere"), "{words}");
    assert_eq!(names(folder.path()), ["copy.sqlite", "data", "in-the-way"].map(str::to_owned).into());
}

#[test]
fn postgresql_is_left_to_its_own_programs_and_no_password_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    for (command, program) in
        [("backup", "pg_dump --format=custom --file='a b'"), ("restore", "pg_restore --clean")]
    {
        let url = "postgres://warmly:hidden@localhost/warmly";
        let (went_well, words) = said(warmly(folder.path(), &["--database-url", url, command, "a b"]));
        assert!(!went_well && words.contains(program) && !words.contains("hidden"), "{words}");
        assert_eq!(words.lines().count(), 1, "{words}");
    }
}

#[tokio::test]
async fn what_is_no_sound_database_of_ours_is_not_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = data(&at("data"), 1).await;
    data(&at("other"), 3).await;
    let (went_well, words) = said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"]));
    assert!(went_well, "{words}");
    let good = std::fs::read(at("good")).expect("the backup");
    std::fs::write(at("half"), &good[..good.len() / 2]).expect("written");
    let mut spoiled = good.clone();
    for page in spoiled.chunks_mut(4096).skip(5).step_by(3) {
        page[..64].fill(0x5a);
    }
    std::fs::write(at("spoiled"), spoiled).expect("written");
    std::fs::write(at("letter"), "Dear all, the backup is attached.").expect("written");
    std::fs::write(at("empty"), "").expect("written");
    std::fs::write(at("newer"), &good).expect("written");
    sql(
        &at("newer"),
        "INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, success, checksum, 0
        FROM _sqlx_migrations WHERE version = 1",
    )
    .await;
    std::fs::write(at("loose"), &good).expect("written");
    sql(
        &at("loose"),
        "PRAGMA foreign_keys = OFF; DELETE FROM nurses WHERE id = (SELECT MIN(id) FROM nurses)",
    )
    .await;
    sql(&at("foreign"), "CREATE TABLE invoices (id INTEGER)").await;
    for (name, statements) in [
        ("view", "CREATE VIEW seen AS SELECT * FROM nurses"),
        ("trigger", "CREATE TRIGGER sneaks AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END"),
        (
            "rule",
            "ALTER TABLE settings ADD COLUMN x INTEGER DEFAULT 1 CHECK (x < length(\"hex\" /* */ (zeroblob(9))))",
        ),
        ("index", "CREATE INDEX nurses_by ON nurses (LENGTH(zeroblob (length(id))) )"),
        (
            "moved",
            "DROP TRIGGER audit_stays;
            CREATE TRIGGER audit_stays AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END",
        ),
    ] {
        std::fs::write(at(name), &good).expect("written");
        sql(&at(name), statements).await;
    }
    for (backup, why) in [
        ("missing", "there is no file missing"),
        ("half", "half is damaged"),
        ("spoiled", "spoiled is damaged"),
        ("letter", "letter is no SQLite database"),
        ("empty", "empty is a database, but not one of Warmly, no"),
        ("foreign", "foreign is a database, but not one of Warmly, no"),
        ("newer", "newer belongs to a newer version of Warmly, no (it has step 9999"),
        (
            "loose",
            "loose is damaged: 2 of its rows name others that are not there, the first in the table attempts",
        ),
        ("view", "view holds what Warmly, no never makes (\"view seen\")"),
        ("trigger", "trigger holds what Warmly, no never makes (\"trigger sneaks\")"),
        ("rule", "rule holds what Warmly, no never makes (\"table settings\")"),
        ("index", "index holds what Warmly, no never makes (\"index nurses_by\")"),
        ("moved", "moved holds what Warmly, no never makes (\"trigger audit_stays\")"),
        ("data/warmly.sqlite", "is the database itself"),
        (".", "there is no file ."),
    ] {
        let (went_well, words) = said(warmly(folder.path(), &["restore", backup]));
        assert!(
            !went_well && words.starts_with("Nothing was restored: ") && words.contains(why),
            "{backup}: {words}"
        );
        assert_eq!(words.lines().count(), 1, "{words}");
        assert_eq!(nurses(&file).await, 1, "{backup}");
        let left = names(&at("data"));
        assert!(left.iter().all(|name| !name.contains("restored") && !name.contains("part")), "{left:?}");
    }
    // What somebody added by hand to find rows sooner stays.
    sql(&at("good"), "CREATE INDEX by_hand ON nurses (created_at)").await;
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well, "{words}");
    assert_eq!(nurses(&file).await, 3);
}

#[tokio::test]
async fn the_guards_of_the_audit_log_are_put_up_anew_whatever_a_file_brings() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = data(&folder.path().join("data"), 1).await;
    sql(
        &file,
        "DROP TRIGGER audit_stays;
        CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT 1; END;
        INSERT INTO audit (id, at, what, actor_kind) VALUES ('u', 1, 'signed-in', 'staff')",
    )
    .await;
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
    db.migrate().await.expect("up to date");
    let done: Result<u64, sqlx::Error> = db
        .write(|conn| {
            Box::pin(async move { warmly::sql!(conn, execute, "UPDATE audit SET at = 2 WHERE id = 'u'") })
        })
        .await;
    let cause = done.expect_err("refused").to_string();
    assert!(cause.contains("the audit log is never changed"), "{cause}");
    db.close().await;
}

/// Changes a file as another program would.
pub(crate) async fn sql(file: &Path, statements: &'static str) {
    use sqlx::{ConnectOptions as _, Connection as _};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).create_if_missing(true);
    let mut conn = options.connect().await.expect("the file");
    sqlx::raw_sql(statements).execute(&mut conn).await.expect(statements);
    conn.close().await.expect("closed");
}

#[tokio::test]
async fn restoring_waits_until_the_app_is_stopped_and_keeps_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let file = data(&at("data"), 1).await;
    let (mut child, address, _) = serving(folder.path(), &[]);
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(
        !went_well && words.contains("Warmly, no is running on ./data/warmly.sqlite. Stop it first"),
        "{words}"
    );
    assert!(get(&address, "/readyz").contains("\"ready\":true"));
    assert_eq!(nurses(&file).await, 1);
    // Killed, it leaves its journal beside the file; what is in it belongs to what is kept.
    child.kill().expect("stopped");
    child.wait().expect("ended");
    assert!(names(&at("data")).contains("warmly.sqlite-wal"));
    // What an earlier one left that was killed while it copied goes with it; what is not ours stays.
    let left = [".warmly.sqlite.a1B2c3.part", ".warmly.sqlite.a1B2c3.part-journal", ".warmly.sqlite.mine"];
    for left in left {
        std::fs::write(at("data").join(left), "half").expect("written");
    }
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well, "{words}");
    let stays: Vec<bool> = left.iter().map(|left| at("data").join(left).exists()).collect();
    assert_eq!(stays, [false, false, true]);
    let kept = words.lines().find_map(|line| line.strip_prefix("What was there before is kept: "));
    let kept = folder.path().join(kept.unwrap_or_else(|| panic!("{words}")));
    assert_eq!((nurses(&file).await, nurses(&kept).await), (3, 1));
    // The command it names leads back.
    let back = words.lines().find_map(|line| line.strip_prefix("To go back to it: ")).expect("a command");
    assert!(shell(folder.path(), back).contains("Restored: "));
    assert_eq!(nurses(&file).await, 1);
}

#[tokio::test]
#[cfg(unix)]
async fn what_is_restored_belongs_to_whoever_has_the_folder_and_nothing_else_is_given_away() {
    use std::os::unix::fs::{MetadataExt as _, chown, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let owner = |name: &str| std::fs::metadata(at(name)).expect("its owner").uid();
    data(&at("other"), 2).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    std::fs::create_dir(at("data")).expect("a folder");
    let user = owner("data");
    if user == 0 {
        chown(at("data"), Some(65_534), Some(65_534)).expect("given away");
    }
    std::fs::write(at("foreign"), "of somebody else").expect("written");
    symlink(at("foreign"), at("data/warmly.sqlite.lock")).expect("a link");
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(!went_well && words.starts_with("Nothing was restored: "), "{words}");
    assert_eq!(owner("foreign"), user, "what the link leads to is not given away");
    std::fs::remove_file(at("data/warmly.sqlite.lock")).expect("removed");
    if user == 0 {
        std::fs::hard_link(at("foreign"), at("data/warmly.sqlite.lock")).expect("another name");
        let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
        assert!(!went_well && words.contains("it has another name besides"), "{words}");
        assert_eq!(owner("foreign"), user, "nor what has another name");
        std::fs::remove_file(at("data/warmly.sqlite.lock")).expect("removed");
    }
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well, "{words}");
    for name in ["data/warmly.sqlite", "data/warmly.sqlite.lock"] {
        assert_eq!(owner(name), owner("data"), "{name}");
    }
}

#[tokio::test]
async fn after_a_restore_the_staff_sign_in_again_and_nurses_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let from = data(&at("other"), 2).await;
    sql(
        &from,
        "INSERT INTO staff (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)
            VALUES ('f', 'ruth@ward.example', 'Ruth', 'x', TRUE, TRUE, 1, 2);
        INSERT INTO sessions (token_hash, kind, staff_id, own_device, created_at, last_seen_at)
            VALUES ('t', 'staff', 'f', FALSE, 1, 2), ('u', 'staff', 'f', FALSE, 1, 2);
        INSERT INTO half_sessions (token_hash, staff_id, begun_at) VALUES ('h', 'f', 3);
        INSERT INTO known_devices (token_hash, staff_id, known_at) VALUES ('d', 'f', 3)",
    )
    .await;
    let before = inspect(&from).await.expect("a sound file");
    assert_eq!(before.rows_of("sessions"), 4, "two of nurses, two of the staff");
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well && words.contains("sessions ended: 2"), "{words}");
    assert!(words.contains("What was done after the backup is undone"), "{words}");
    let after = inspect(&at("data/warmly.sqlite")).await.expect("a sound file");
    for (table, rows) in [
        ("sessions", 2),
        ("half_sessions", 0),
        ("known_devices", 0),
        ("staff", 1),
        ("nurses", 2),
        ("attempts", 2),
    ] {
        assert_eq!(after.rows_of(table), rows, "{table}");
    }
    assert_eq!(names(&at("data")), ["warmly.sqlite", "warmly.sqlite.lock"].map(str::to_owned).into());
    assert_eq!(inspect(&at("good")).await.expect("the backup"), before, "the backup itself is as it was");
}

/// Types a command that the program named, as it stands.
pub(crate) fn shell(folder: &Path, command: &str) -> String {
    let programs = Path::new(env!("CARGO_BIN_EXE_warmly")).parent().expect("a folder");
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", command]).env_clear().env("PATH", programs).current_dir(folder);
    let (went_well, words) = said(shell);
    assert!(went_well, "{command}: {words}");
    words
}

#[tokio::test]
async fn a_restore_that_was_interrupted_leaves_the_old_file_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let from = std::time::Instant::now();
    data(&at("whole"), 1).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "whole", "restore", "good"])).0);
    let longest = from.elapsed().as_micros();
    let (mut old, mut new) = (0, 0);
    for cut in 0..20 {
        let data_dir = format!("data-{cut}");
        let file = at(&data_dir).join("warmly.sqlite");
        std::fs::create_dir(at(&data_dir)).expect("a folder");
        std::fs::copy(at("other/warmly.sqlite"), &file).expect("copied");
        sql(&file, "PRAGMA foreign_keys = ON; DELETE FROM nurses WHERE id > (SELECT MIN(id) FROM nurses)")
            .await;
        let mut child = warmly(folder.path(), &["--data-dir", &data_dir, "restore", "good"]);
        let mut child = child.spawn().expect("started");
        let wait = u64::try_from(longest * cut / 20).expect("a short time");
        std::thread::sleep(Duration::from_micros(wait));
        child.kill().expect("killed");
        child.wait().expect("ended");
        // As at the next start.
        let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
        db.migrate().await.expect("up to date");
        db.close().await;
        match nurses(&file).await {
            1 => old += 1,
            3 => new += 1,
            other => panic!("neither the old nor the new one: {other} nurses after cut {cut}"),
        }
    }
    assert!(old > 0, "none was cut short: {old} old, {new} new");
    // Cut short in the very moment: the new file is beside the old one, under the name that says what is to be done.
    let file = data(&at("moment"), 1).await;
    std::fs::copy(at("good"), at("moment/warmly.sqlite.restored-20260302T120000Z")).expect("copied");
    let (mut child, _, _) = serving(folder.path(), &["--data-dir", "moment"]);
    child.kill().expect("stopped");
    child.wait().expect("ended");
    assert_eq!(nurses(&file).await, 3);
    assert_eq!(nurses(&at("moment/warmly.sqlite.replaced-20260302T120000Z")).await, 1);
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_half_made() {
    let folder = tempfile::tempdir().expect("a folder");
    data(&folder.path().join("data"), 1).await;
    let small = Small::new(folder.path());
    let Some(small) = small else {
        eprintln!("SKIPPED: a_full_disk_leaves_nothing_half_made (this user may not mount a small disk)");
        return;
    };
    let (went_well, words) = said(warmly(folder.path(), &["backup", "small/copy.sqlite"]));
    assert!(!went_well && words.contains("the disk that holds the folder small is full"), "{words}");
    assert!(names(&small.0).is_empty());
    assert!(said(warmly(folder.path(), &["backup", "good"])).0);
    let (went_well, words) = said(warmly(folder.path(), &["--data-dir", "small", "restore", "good"]));
    assert!(!went_well && words.contains("is full"), "{words}");
    assert_eq!(names(&small.0), ["warmly.sqlite.lock".to_owned()].into());
    let app = with_backups(folder.path(), &small.0).await;
    assert!(matches!(turn(&app, &small.0).await, Turn::NoRoom));
    assert_eq!(app.backups.trouble(), Some("no backup was made: the disk is nearly full"));
    app.db.close().await;
}

/// A disk with room for half a database; gone when dropped.
struct Small(PathBuf);

impl Small {
    fn new(folder: &Path) -> Option<Self> {
        let place = folder.join("small");
        std::fs::create_dir(&place).expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=400k", "tmpfs"]).arg(&place);
        mount.status().is_ok_and(|ended| ended.success()).then_some(Self(place))
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

/// The app on the file of a folder, with timed backups in another.
pub(crate) async fn with_backups(folder: &Path, backups: &Path) -> App {
    let (data, backups) = (folder.join("data"), backups.to_str().expect("a path"));
    let settings = ["warmly", "--data-dir", data.to_str().expect("a path"), "--backup-dir", backups];
    let mut config: Config = Cli::parse_from(settings).config;
    config.database_url = None;
    config.scenarios = Some(fixtures());
    let db = Db::open(&config.database_url()).await.expect("a database");
    db.migrate().await.expect("up to date");
    App::prepare(db, Clock::held(NOON, 7), config).await.expect("an app")
}

#[tokio::test]
async fn backups_by_themselves_come_every_hour_and_go_by_the_rule() {
    let folder = tempfile::tempdir().expect("a folder");
    data(&folder.path().join("data"), 1).await;
    let backups = folder.path().join("backups");
    let app = with_backups(folder.path(), &backups).await;
    let (hour, day) = (60 * 60 * 1000, 24 * 60 * 60 * 1000);
    assert!(matches!(turn(&app, &backups).await, Turn::Made(0)), "the first one at once");
    assert!(matches!(turn(&app, &backups).await, Turn::NotDue));
    app.clock.advance(hour - 1);
    assert!(matches!(turn(&app, &backups).await, Turn::NotDue));
    app.clock.advance(1);
    assert!(matches!(turn(&app, &backups).await, Turn::Made(0)));
    assert_eq!(names(&backups), [name(NOON), name(NOON + hour)].into());
    let Contents { step, .. } = inspect(&backups.join(name(NOON))).await.expect("a sound copy");
    assert_eq!(Some(&step), Db::steps().last());
    // What is not ours stays, whatever it looks like; what a crash left goes after a day.
    let others = ["notes.txt", "warmly.sqlite", "warmly-20260302.sqlite", ".hidden.part"];
    for other in others {
        std::fs::write(backups.join(other), "mine").expect("written");
    }
    // Neither is a folder ever deleted, and it keeps nothing else from being.
    let odd = name(NOON + 1000);
    std::fs::create_dir(backups.join(&odd)).expect("a folder");
    let left = format!(".{}.a1B2c3.part", name(NOON - 3 * day));
    std::fs::write(backups.join(&left), "half").expect("written");
    for _ in 0..4 {
        app.clock.advance(day);
        assert!(matches!(turn(&app, &backups).await, Turn::Made(_)));
    }
    let found = names(&backups);
    assert!(others.iter().all(|other| found.contains(*other)) && !found.contains(&left), "{found:?}");
    assert!(found.contains(&odd), "{found:?}");
    assert!(
        !found.contains(&name(NOON)) && found.contains(&name(NOON + hour)),
        "the last of the day: {found:?}"
    );
    assert_eq!(found.len(), others.len() + 6, "{found:?}");
    app.db.close().await;
}

#[tokio::test]
async fn a_backup_that_fails_by_itself_is_said_and_ends_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    data(&folder.path().join("data"), 1).await;
    let backups = folder.path().join("backups");
    std::fs::write(&backups, "a file is in the way").expect("written");
    let app = with_backups(folder.path(), &backups).await;
    assert_eq!(app.backups.trouble(), None);
    assert!(matches!(turn(&app, &backups).await, Turn::Failed(_)));
    let says = app.backups.trouble().expect("words");
    assert_eq!(says, "the last backup could not be made");
    std::fs::remove_file(&backups).expect("removed");
    assert!(matches!(turn(&app, &backups).await, Turn::Made(0)));
    assert_eq!(app.backups.trouble(), None);
    app.db.close().await;
}

#[tokio::test]
async fn a_file_that_is_not_the_one_served_is_never_backed_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = data(&at("data"), 1).await;
    let app = with_backups(folder.path(), &at("backups")).await;
    std::fs::copy(&file, at("other")).expect("copied");
    std::fs::rename(&file, at("ours")).expect("taken away");
    std::fs::rename(at("other"), &file).expect("replaced");
    assert!(matches!(turn(&app, &at("backups")).await, Turn::Failed(_)));
    assert!(names(&at("backups")).is_empty());
    std::fs::rename(at("ours"), &file).expect("put back");
    assert!(matches!(turn(&app, &at("backups")).await, Turn::Made(0)));
    app.db.close().await;
}

#[test]
fn the_program_makes_the_first_backup_by_itself_and_says_where_it_could_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut child, address, _) = serving(folder.path(), &["--backup-dir", "kept/here"]);
    let kept = folder.path().join("kept/here");
    let is_there = || kept.is_dir() && names(&kept).iter().any(|name| name.starts_with("warmly-"));
    until(is_there);
    assert!(!get(&address, "/readyz").contains("backup"));
    child.kill().expect("stopped");
    child.wait().expect("ended");
    std::fs::write(folder.path().join("file"), "in the way").expect("written");
    let (mut child, address, _) = serving(folder.path(), &["--backup-dir", "file"]);
    until(|| get(&address, "/readyz").contains(r#""but":"the last backup could not be made""#));
    assert!(get(&address, "/practice").starts_with("HTTP/1.1 200"));
    child.kill().expect("stopped");
    let output = child.wait_with_output().expect("ended");
    let logs = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(logs.contains("no backup could be made"), "{logs}");
}

/// Waits for what must come.
pub(crate) fn until(is_so: impl Fn() -> bool) {
    for _ in 0..600 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("it does not come");
}

#[tokio::test]
async fn check_knows_either_database() {
    let app = TestApp::new().await;
    begin(&app, "garden-gate").await;
    let mut config: Config = Cli::parse_from(["warmly"]).config;
    config.database_url = Some(app.url().to_owned());
    let mut out = Vec::new();
    assert!(warmly::operate::check::run(&config, &mut out).await.expect("looked at"));
    let words = String::from_utf8(out).expect("text");
    for line in ["Integrity", "Tallies: Compared 0 seats", "Local words: 8 of the 8", "Scenarios: all"] {
        assert!(words.lines().any(|found| found.starts_with(line)), "{line}: {words}");
    }
}

#[tokio::test]
async fn check_looks_at_the_whole_database_beside_the_running_app() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = data(&folder.path().join("data"), 1).await;
    let (mut child, _, _) = serving(folder.path(), &[]);
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(went_well, "{words}");
    for line in [
        "Integrity: every page",
        "References: each",
        "Tallies: Compared",
        "Local words: 8 of the 8",
        "Scenarios: all",
    ] {
        assert!(words.lines().any(|found| found.starts_with(line)), "{line}: {words}");
    }
    child.kill().expect("stopped");
    child.wait().expect("ended");
    let copy = std::fs::read(&file).expect("the file");
    sql(&file, "UPDATE revisions SET content = replace(content, 'drive me to town', 'carry me') WHERE slug = 'garden-gate'").await;
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(
        !went_well
            && words.contains("garden-gate, revision 1")
            && words.contains("is not what was published"),
        "{words}"
    );
    std::fs::write(&file, &copy).expect("written");
    sql(&file, "CREATE VIEW seen AS SELECT * FROM nurses").await;
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(!went_well && words.contains("\"view seen\"") && words.contains("Take it out"), "{words}");
    std::fs::write(&file, &copy).expect("written");
    sql(&file, "PRAGMA foreign_keys = OFF; DELETE FROM nurses").await;
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(
        !went_well && words.contains("References: ") && words.contains("The rest was not looked at."),
        "{words}"
    );
    std::fs::write(&file, &copy[..copy.len() / 2]).expect("written");
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(
        !went_well && words.contains("Integrity: ") && words.contains("restore the last backup"),
        "{words}"
    );
    let (went_well, words) = said(warmly(folder.path(), &["--data-dir", "elsewhere", "check"]));
    assert!(!went_well && words.starts_with("The check can’t be made: there is no database"), "{words}");
    assert!(matches!(inspect(&file).await, Err(Unsound::Damaged(..))));
}

#[tokio::test]
async fn the_rows_of_every_table_are_counted() {
    if server().is_some() {
        return; // About the file.
    }
    let folder = tempfile::tempdir().expect("a folder");
    let file = data(folder.path(), 1).await;
    let found = inspect(&file).await.expect("a sound file").rows;
    let app = TestApp::on(format!("sqlite:{}", file.display())).await;
    let there =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name";
    let there = app.column(there).await;
    assert_eq!(found.into_iter().map(|(name, _)| name).collect::<Vec<_>>(), there);
}
