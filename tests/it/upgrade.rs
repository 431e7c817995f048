//! Upgrading a file that is in use: a copy first, then every step or none, and the way back.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use warmly::db::copy::inspect;
use warmly::db::{Db, OpenError};

use crate::backup::shell;
use crate::migrations::run;
use crate::start_up::{get, said, serving, warmly};

fn last() -> i64 {
    Db::steps().last().copied().expect("a step")
}

/// A file as a version that knew the first steps alone has left it, with the sample rows of those steps and `more`.
async fn of_step(folder: &Path, step: i64, more: &str) -> PathBuf {
    std::fs::create_dir_all(folder).expect("a folder");
    let file = folder.join("warmly.sqlite");
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/samples");
    let scenario = std::fs::read_to_string(samples.join("garden-gate.json")).expect("a scenario");
    for each in Db::steps().into_iter().filter(|each| *each <= step) {
        db.migrate_to(each).await.expect("a step");
        if let Ok(rows) = std::fs::read_to_string(samples.join(format!("{each:04}.sql"))) {
            run(&db, rows.replace("GARDEN-GATE", &scenario.trim().replace('\'', "''"))).await;
        }
    }
    if !more.is_empty() {
        run(&db, more.to_owned()).await;
    }
    db.close().await;
    file
}

/// The copies from before an upgrade.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let beginning = format!("warmly.sqlite.before-{}-", last());
    let mut copies: Vec<PathBuf> = entries
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&beginning)))
        .collect();
    copies.sort();
    copies
}

#[tokio::test]
async fn from_every_earlier_step_a_copy_is_made_and_named_before_the_tables_change() {
    for step in Db::steps().into_iter().filter(|step| *step < last()) {
        let folder = tempfile::tempdir().expect("a folder");
        let file = of_step(&folder.path().join("data"), step, "").await;
        let original = inspect(&file).await.expect("a sound file");
        let (mut child, address, lines) = serving(folder.path(), &[]);
        assert!(get(&address, "/readyz").contains("\"ready\":true"));
        child.kill().expect("stopped");
        child.wait().expect("ended");
        let copies = copies(&folder.path().join("data"));
        let [copy] = copies.as_slice() else { panic!("{copies:?}") };
        let name = copy.file_name().expect("a name").to_string_lossy().into_owned();
        let said =
            format!("Upgrading the database from step {step} to step {}. A copy from before: ", last());
        assert!(lines.iter().any(|line| line.starts_with(&said) && line.ends_with(&name)), "{lines:?}");
        let before = inspect(copy).await.expect("a sound copy");
        let after = inspect(&file).await.expect("a sound file");
        assert_eq!((before.step, after.step), (step, last()));
        assert_eq!(before, original, "the copy holds every row");
    }
}

#[test]
fn a_new_file_and_one_that_is_up_to_date_are_not_copied() {
    let folder = tempfile::tempdir().expect("a folder");
    for _ in 0..2 {
        let (mut child, _, lines) = serving(folder.path(), &[]);
        child.kill().expect("stopped");
        child.wait().expect("ended");
        assert!(!lines.iter().any(|line| line.contains("Upgrading")), "{lines:?}");
    }
    assert!(copies(&folder.path().join("data")).is_empty());
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_file_as_it_was_and_says_how_to_go_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    // A table of that name is made by a later step than the next one: those before it must be undone as well.
    let file = of_step(&data, 1, "CREATE TABLE catalogue (mine TEXT)").await;
    let before = inspect(&file).await.expect("a sound file");
    for tries in 1..=5 {
        let (went_well, words) = said(warmly(folder.path(), &["--address", "127.0.0.1:0"]));
        assert!(!went_well && words.contains("can't be brought up to date"), "{words}");
        assert_eq!(inspect(&file).await.expect("a sound file"), before, "not one step was kept");
        let (_, back) = words.split_once("go back to the copy: ").expect("a command");
        let copies = copies(&data);
        assert!(
            back.contains(copies.last().and_then(|copy| copy.file_name()?.to_str()).expect("a copy")),
            "{words}"
        );
        assert!(copies.len() <= 3.min(tries), "a service that is started again and again fills no disk");
        if tries == 5 {
            run_on(&file, "DROP TABLE catalogue; DELETE FROM reflections").await;
            let restored = shell(folder.path(), back.trim());
            assert!(restored.contains("Restored: "), "{restored}");
            assert_eq!(inspect(&file).await.expect("a sound file"), before);
        }
    }
}

async fn run_on(file: &Path, statements: &str) {
    let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
    run(&db, statements.to_owned()).await;
    db.close().await;
}

#[tokio::test]
async fn without_room_for_a_copy_nothing_is_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = of_step(&folder.path().join("data"), 1, "PRAGMA foreign_keys = OFF").await;
    // Damage stands for whatever keeps a copy from being made and sound.
    let mut bytes = std::fs::read(&file).expect("the file");
    let at = bytes.len() - 4096;
    bytes[at..at + 64].fill(0x5a);
    std::fs::write(&file, &bytes).expect("written");
    let (went_well, words) = said(warmly(folder.path(), &["--address", "127.0.0.1:0"]));
    assert!(
        !went_well && words.contains("no copy could be made before the upgrade, so nothing was changed"),
        "{words}"
    );
    assert!(copies(&folder.path().join("data")).is_empty());
}

#[tokio::test]
async fn an_older_version_refuses_a_newer_file_in_one_line_and_copies_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = of_step(&folder.path().join("data"), last(), "").await;
    let mark = "INSERT INTO _sqlx_migrations SELECT 9999, 'later', installed_on, success, checksum, 0
        FROM _sqlx_migrations WHERE version = 1";
    run_on(&file, mark).await;
    for command in [&["--address", "127.0.0.1:0"][..], &["check"], &["restore", "data/warmly.sqlite"]] {
        let (went_well, words) = said(warmly(folder.path(), command));
        assert!(!went_well, "{words}");
        if command[0] != "restore" {
            assert!(words.contains("newer version of Warmly, no") && words.lines().count() == 1, "{words}");
        }
    }
    assert!(copies(&folder.path().join("data")).is_empty());
}

#[tokio::test]
async fn a_file_of_any_earlier_step_is_looked_at_as_it_is_and_a_newer_one_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    for step in [1, last()] {
        let file = of_step(&folder.path().join(step.to_string()), step, "").await;
        let db = Db::open_existing(&format!("sqlite:{}", file.display())).await.expect("it can be read");
        assert_eq!(db.step().await.expect("its step"), step);
        db.close().await;
    }
    let file = folder.path().join(last().to_string()).join("warmly.sqlite");
    run_on(&file, "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1").await;
    let newer = Db::open_existing(&format!("sqlite:{}", file.display())).await;
    assert!(matches!(newer, Err(OpenError::Newer(9999))), "{newer:?}");
}

#[tokio::test]
async fn either_name_of_a_server_is_understood_and_no_other() {
    for url in ["postgres://127.0.0.1:1/none", "postgresql://127.0.0.1:1/none"] {
        let opened = Db::open(url).await;
        assert!(!matches!(opened, Err(OpenError::Scheme)), "{url}: {opened:?}");
    }
    assert!(matches!(Db::open("mysql://127.0.0.1:1/none").await, Err(OpenError::Scheme)));
}

/// Thousands of answers, so that the steps take a while.
const MANY: &str = "
    UPDATE nurses SET last_seen_at = 4102444800000;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO attempts (id, nurse_id, revision_id, policy_version, purpose, start_token_hash, started_at)
    SELECT 'many-' || i, 'n', 'r', 1, 'practice', 'many-' || i, 1 FROM n;
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000), t (j) AS (VALUES (1), (2), (3))
    INSERT INTO openings (attempt_id, turn_number, turn_id, own_words, reply_order, opened_at)
    SELECT 'many-' || i, j, 'lift', 'Not today.', 'one two three', 2 FROM n, t;
    INSERT INTO responses (attempt_id, turn_number, turn_id, reply_id, answered_at)
    SELECT attempt_id, turn_number, turn_id, 'one', 3 FROM openings WHERE attempt_id LIKE 'many-%'";

/// Starts the program on the file, and kills it so long after it has said that it begins to change the tables; None:
/// when it serves. Gives how long it took from there.
fn cut_short(folder: &Path, after: Option<Duration>) -> Duration {
    let mut child = warmly(folder, &["--address", "127.0.0.1:0"]).spawn().expect("started");
    let mut lines =
        child.stdout.take().map(BufReader::new).expect("its output").lines().map_while(Result::ok);
    assert!(lines.any(|line| line.starts_with("Upgrading ")), "an upgrade begins");
    let began = Instant::now();
    match after {
        Some(after) => std::thread::sleep(after),
        None => assert!(lines.any(|line| line.starts_with("Open http://")), "it serves"),
    }
    let took = began.elapsed();
    child.kill().expect("killed");
    child.wait().expect("ended");
    took
}

/// How often an upgrade is cut short: thirty times from the first step; as often as `WARMLY_CUTS` says from every
/// earlier step.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the app's")]
fn cuts() -> (std::ops::Range<i64>, u32) {
    match std::env::var("WARMLY_CUTS") {
        Ok(asked) => (1..last(), asked.parse().expect("a count")),
        Err(_) => (1..2, 30),
    }
}

#[tokio::test]
async fn killed_at_any_moment_of_an_upgrade_the_file_is_old_or_new_and_the_next_start_goes_on() {
    let (steps, cuts) = cuts();
    for step in steps {
        let met = cut_short_from(step, cuts).await;
        assert!(met.contains(&step), "none was cut short before the end: {met:?}");
        println!("{cuts} upgrades from step {step} were cut short, and left the file at {met:?}");
    }
}

/// Cuts so many upgrades from this step short, and gives the steps at which they left the file.
async fn cut_short_from(step: i64, cuts: u32) -> BTreeSet<i64> {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let original = of_step(&at("original"), step, MANY).await;
    let before = inspect(&original).await.expect("a sound file");
    let prepare = |name: &str| {
        let data = at(name).join("data");
        std::fs::create_dir_all(&data).expect("a folder");
        std::fs::copy(&original, data.join("warmly.sqlite")).expect("copied");
        data.join("warmly.sqlite")
    };
    prepare("whole");
    let longest = cut_short(&at("whole"), None);
    let mut met = BTreeSet::new();
    for cut in 0..cuts {
        let name = format!("cut-{cut}");
        let file = prepare(&name);
        // Early moments more often: most of the time until it serves is for other things than the tables.
        let part = f64::from(cut) / f64::from(cuts);
        let after = longest.mul_f64(part * part);
        cut_short(&at(&name), Some(after));
        let found = inspect(&file).await.expect("a sound file");
        assert!(found.step == step || found.step == last(), "between: step {} after {after:?}", found.step);
        met.insert(found.step);
        for table in ["nurses", "attempts", "openings", "responses", "placements", "reflections"] {
            assert_eq!(found.rows_of(table), before.rows_of(table), "{table}");
        }
        let [copy] = copies(&at(&name).join("data")).try_into().unwrap_or_else(|copies| panic!("{copies:?}"));
        assert_eq!(inspect(&copy).await.expect("a sound copy"), before);
        if cut % 10 == 9 {
            let (mut child, address, _) = serving(&at(&name), &[]);
            assert!(get(&address, "/readyz").contains("\"ready\":true"));
            child.kill().expect("stopped");
            child.wait().expect("ended");
            assert_eq!(inspect(&file).await.expect("a sound file").step, last());
        }
        std::fs::remove_dir_all(at(&name)).expect("removed");
    }
    met
}
