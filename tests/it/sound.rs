//! What is called sound can be run, what is called done was done, and what is not ours is left alone.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Output, Stdio};

use warmly::operate::retention::name;
use warmly::operate::timed::{Turn, turn};

use crate::app::NOON;
use crate::backup::{data, names, nurses, sql, until, with_backups};
use crate::start_up::{get, said, serving, warmly};

/// Serves until it says where to go, and gives what it logged.
fn logged(folder: &Path, more: &[&str]) -> String {
    let (mut child, address, _) = serving(folder, more);
    assert!(get(&address, "/readyz").contains("\"ready\":true"));
    child.kill().expect("stopped");
    let output = child.wait_with_output().expect("ended");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn only_what_a_restore_began_takes_the_place_of_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let file = data(&at("data"), 1).await;
    let beside = |ending: &str| at("data").join(format!("warmly.sqlite.restored-{ending}"));
    std::fs::write(beside("notes.txt"), "mine").expect("written");
    std::fs::copy(at("good"), beside("before-class")).expect("copied");
    std::fs::create_dir(beside("20260302T120000Z")).expect("a folder");
    std::fs::write(beside("20260303T120000Z"), "a restore never made this").expect("written");
    for _ in 0..2 {
        let logs = logged(folder.path(), &[]);
        for ending in ["notes.txt", "before-class", "20260302T120000Z", "20260303T120000Z"] {
            assert!(logs.contains(&format!("restored-{ending}")), "{ending}: {logs}");
            assert!(beside(ending).exists(), "{ending}");
        }
        assert_eq!(nurses(&file).await, 1);
        assert!(names(&at("data")).iter().all(|name| !name.contains("replaced")));
    }
    // Without the database nobody knows what it was to become: nothing new is begun.
    std::fs::rename(&file, at("aside")).expect("taken away");
    let (went_well, words) = said(warmly(folder.path(), &["--address", "127.0.0.1:0"]));
    assert!(!went_well && words.contains("restored-20260303T120000Z is no SQLite database"), "{words}");
    assert!(!file.exists() && beside("20260303T120000Z").exists());
    // What a restore began and did not end is put there, and that is said.
    std::fs::rename(at("aside"), &file).expect("put back");
    std::fs::copy(at("good"), beside("20260304T120000Z")).expect("copied");
    let logs = logged(folder.path(), &[]);
    assert!(logs.contains("a restore that was interrupted"), "{logs}");
    assert_eq!(nurses(&file).await, 3);
}

#[tokio::test]
async fn a_backup_gets_no_name_that_means_something_beside_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("data"), 1).await;
    let before = names(&at("data"));
    for refused in [
        "data/warmly.sqlite.restored-before-class",
        "./data/../data/warmly.sqlite.restored-20260302T120000Z",
        "data/warmly.sqlite-journal",
        "data/warmly.sqlite.lock2",
        "data/.warmly.sqlite.a1B2c3.part",
    ] {
        let (went_well, words) = said(warmly(folder.path(), &["backup", refused]));
        assert!(
            !went_well && words.starts_with("No backup was made: ") && words.contains("another name"),
            "{refused}: {words}"
        );
        assert_eq!(names(&at("data")), before, "{refused}");
    }
    for fine in ["data/by-hand.sqlite", "warmly.sqlite.restored-before-class"] {
        let (went_well, words) = said(warmly(folder.path(), &["backup", fine]));
        assert!(went_well, "{fine}: {words}");
    }
}

#[tokio::test]
async fn a_journal_that_was_left_behind_never_meets_the_restored_file() {
    use sqlx::{ConnectOptions as _, Connection as _};
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    // The journal of a change that was cut short; its file was then taken away by hand.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(at("old")).create_if_missing(true);
    let mut conn = options.pragma("journal_mode", "DELETE").connect().await.expect("a file");
    let rows = "CREATE TABLE t (x); PRAGMA cache_size = 1;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
        INSERT INTO t SELECT randomblob(3000) FROM n;
        BEGIN; UPDATE t SET x = randomblob(3000)";
    sqlx::raw_sql(rows).execute(&mut conn).await.expect("a change");
    std::fs::create_dir(at("data")).expect("a folder");
    let journal = at("data/warmly.sqlite-journal");
    std::fs::copy(at("old-journal"), &journal).expect("copied");
    conn.close().await.expect("closed");
    assert!(std::fs::read(&journal).expect("the journal").starts_with(b"\xd9\xd5\x05\xf9"), "it is hot");
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well, "{words}");
    assert_eq!(nurses(&at("data/warmly.sqlite")).await, 3);
    logged(folder.path(), &[]);
    assert_eq!(nurses(&at("data/warmly.sqlite")).await, 3);
    let kept = names(&at("data"));
    assert!(kept.iter().any(|name| name.contains(".replaced-") && name.ends_with("-journal")), "{kept:?}");
}

#[tokio::test]
async fn what_could_not_run_is_not_called_sound() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = data(&at("data"), 1).await;
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    for (name, statements, why) in [
        ("column", "ALTER TABLE staff DROP COLUMN name", "its table staff"),
        ("table", "DROP TABLE half_sessions", "its table half_sessions is missing"),
        ("needed", "ALTER TABLE seats RENAME COLUMN id TO number", "its table seats"),
        ("unique", "CREATE UNIQUE INDEX one ON settings (value)", "its table settings"),
        (
            "limit",
            "DROP TABLE tries; CREATE TABLE tries (
                bucket TEXT NOT NULL PRIMARY KEY, count BIGINT NOT NULL CHECK (count < 2), since BIGINT NOT NULL)",
            "its table tries is another than ours (limits",
        ),
        (
            "alike",
            "DROP TABLE tries; CREATE TABLE tries (
                bucket TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, count BIGINT NOT NULL, since BIGINT NOT NULL)",
            "its table tries is another than ours (limits",
        ),
        ("step", "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 2", "its step 2"),
        ("half", "UPDATE _sqlx_migrations SET success = FALSE WHERE version = 3", "its step 3"),
        ("gone", "DELETE FROM _sqlx_migrations WHERE version = 4", "its step 4"),
        (
            "capital",
            "CREATE TRIGGER sneaks AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END;
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET type = 'Trigger' WHERE name = 'sneaks'",
            "never makes (\"Trigger sneaks\")",
        ),
        (
            "liar",
            "DROP TRIGGER audit_stays;
            CREATE TRIGGER audit_stays AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END;
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET tbl_name = 'audit' WHERE name = 'audit_stays'",
            "liar is damaged",
        ),
        (
            "hidden",
            "CREATE TRIGGER sneaks AFTER INSERT ON sessions BEGIN DELETE FROM nurses; END;
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET type = 'table' WHERE name = 'sneaks'",
            "hidden is damaged",
        ),
    ] {
        std::fs::copy(at("good"), at(name)).expect("copied");
        sql(&at(name), statements).await;
        let (went_well, words) = said(warmly(folder.path(), &["restore", name]));
        assert!(
            !went_well && words.starts_with("Nothing was restored: ") && words.contains(why),
            "{name}: {words}"
        );
        assert_eq!(nurses(&file).await, 1, "{name}");
        let url = format!("sqlite:{name}");
        let (went_well, words) = said(warmly(folder.path(), &["--database-url", &url, "check"]));
        assert!(!went_well && words.contains(why), "{name}: {words}");
    }
    // What is there besides and stands in nobody's way does not keep a backup from being one.
    sql(
        &at("good"),
        "CREATE TABLE notes (text TEXT); CREATE INDEX quick ON nurses (last_seen_at);
        ALTER TABLE nurses ADD COLUMN remark TEXT",
    )
    .await;
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well, "{words}");
    logged(folder.path(), &[]);
    assert_eq!(nurses(&file).await, 3);
}

#[tokio::test]
async fn a_value_of_another_kind_is_named_and_keeps_no_backup_from_being_restored() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let other = data(&at("other"), 2).await;
    sql(
        &other,
        "INSERT INTO staff (id, email, name, password_hash, administrator, educator, created_at, last_seen_at)
            VALUES ('f', 'ruth@ward.example', 'Ruth', 'x', 'yes please', 7, 1, 2)",
    )
    .await;
    let named = "staff.administrator (1), staff.educator (1)";
    let (went_well, words) = said(warmly(folder.path(), &["--data-dir", "other", "check"]));
    assert!(!went_well && words.contains(named), "{words}");
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let (went_well, words) = said(warmly(folder.path(), &["restore", "good"]));
    assert!(went_well && words.contains(named), "{words}");
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(!went_well && words.contains(named), "{words}");
    sql(&at("data/warmly.sqlite"), "UPDATE staff SET administrator = TRUE, educator = FALSE").await;
    let (went_well, words) = said(warmly(folder.path(), &["check"]));
    assert!(went_well && words.contains("Values: each is of its column’s kind."), "{words}");
}

#[tokio::test]
async fn whoever_only_looks_leaves_a_file_as_it_is_and_another_programs_file_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    data(&at("data"), 1).await;
    assert!(said(warmly(folder.path(), &["backup", "good"])).0);
    sql(&at("foreign"), "CREATE TABLE invoices (id INTEGER)").await;
    let before = names(folder.path());
    for (file, command, fine) in [
        ("good", &["check"][..], true),
        ("good", &["check", "--tallies"], true),
        ("good", &["keep", "--dry-run"], true),
        ("foreign", &["keep", "--dry-run"], false),
        ("foreign", &["keep"], false),
        ("foreign", &["check", "--tallies", "--mend"], false),
        ("foreign", &["check"], false),
        ("foreign", &["remove-second-step", "ruth@ward.example"], false),
        ("foreign", &["--address", "127.0.0.1:0"], false),
    ] {
        let bytes = std::fs::read(at(file)).expect("the file");
        let url = format!("sqlite:{file}");
        let (went_well, words) = said(warmly(folder.path(), &[&["--database-url", &url], command].concat()));
        assert_eq!(went_well, fine, "{file} {command:?}: {words}");
        assert!(fine || words.contains("not one of Warmly, no"), "{file} {command:?}: {words}");
        assert!(bytes == std::fs::read(at(file)).expect("the file"), "{file} {command:?} changed it");
        std::fs::remove_file(at("foreign.lock")).unwrap_or_default();
        assert_eq!(names(folder.path()), before, "{file} {command:?}");
    }
}

/// Runs it with an output that takes nothing, and gives what it said in the log.
fn unheard(folder: &Path, output: Stdio, arguments: &[&str]) -> Output {
    let mut command = warmly(folder, arguments);
    command.stdout(output);
    command.output().expect("run")
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn what_was_done_is_not_called_undone_where_it_could_not_be_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = data(&at("data"), 1).await;
    data(&at("other"), 3).await;
    assert!(said(warmly(folder.path(), &["--data-dir", "other", "backup", "good"])).0);
    let full = || Stdio::from(std::fs::File::create("/dev/full").expect("a full disk"));
    let closed = || {
        let (_, writes) = std::io::pipe().expect("a pipe");
        Stdio::from(writes)
    };
    let ended = unheard(folder.path(), full(), &["restore", "good"]);
    let logs = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success() && !logs.contains("Nothing was restored"), "{logs}");
    assert!(logs.contains("What was there before is kept") && logs.contains(".replaced-"), "{logs}");
    assert_eq!(nurses(&file).await, 3);
    for (output, made) in [(full(), "one"), (closed(), "two")] {
        let ended = unheard(folder.path(), output, &["backup", made]);
        let logs = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert!(ended.status.success() && !logs.contains("No backup was made"), "{logs}");
        assert_eq!(nurses(&at(made)).await, 3);
    }
}

#[tokio::test]
async fn two_installations_never_share_a_folder_of_backups_unnoticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let (here, there) =
        (["--data-dir", "one", "--backup-dir", "kept"], ["--data-dir", "two", "--backup-dir", "kept"]);
    let (mut one, address, _) = serving(folder.path(), &here);
    until(|| at("kept").is_dir() && names(&at("kept")).iter().any(|name| name.starts_with("warmly-")));
    let before = names(&at("kept"));
    let (mut two, other, _) = serving(folder.path(), &there);
    until(|| get(&other, "/readyz").contains("another installation"));
    assert!(get(&address, "/readyz").contains(r#"{"ready":true}"#), "the first one is served as before");
    for child in [&mut one, &mut two] {
        child.kill().expect("stopped");
    }
    one.wait().expect("ended");
    let logs = two.wait_with_output().expect("ended").stderr;
    let logs = String::from_utf8_lossy(&logs).into_owned();
    assert!(logs.contains("ERROR") && logs.contains("another installation"), "{logs}");
    assert_eq!(names(&at("kept")), before);
}

#[tokio::test]
async fn what_is_no_backup_of_ours_neither_counts_nor_goes() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let file = data(&at("data"), 1).await;
    let backups = at("backups");
    let app = with_backups(folder.path(), &backups).await;
    let (minute, hour, day) = (60 * 1000, 60 * 60 * 1000, 24 * 60 * 60 * 1000);
    // The same copy as belongs to another installation.
    assert!(said(warmly(folder.path(), &["backup", "foreign"])).0);
    sql(&at("foreign"), "UPDATE settings SET value = 'another' WHERE name = 'installation'").await;
    assert!(matches!(turn(&app, &backups).await, Turn::Made(0)));
    let kept = |at: i64| backups.join(name(at));
    app.clock.advance(hour);
    std::fs::write(kept(NOON + hour - minute), "of such a name, and no backup").expect("written");
    std::fs::create_dir(kept(NOON + hour - 2 * minute)).expect("a folder");
    for ago in 1..=3 {
        std::fs::copy(at("foreign"), kept(NOON - 90 * day - ago * hour)).expect("copied");
        std::fs::write(kept(NOON - 80 * day - ago * hour), "a list").expect("written");
    }
    let notes = [
        ".warmly-20200103T000000Z.sqlite.notes.part.txt",
        ".warmly-20200103T000000Z.sqlite-my-notes.partial",
        ".warmly-20200103T000000Z.sqlite.by-hand.a1B2c3.part",
        ".warmly-20200103T000000Z.sqlite.notes.part",
    ];
    for notes in notes {
        std::fs::write(backups.join(notes), "mine").expect("written");
    }
    let left = ".warmly-20200103T000000Z.sqlite.a1B2c3.part-journal";
    std::fs::write(backups.join(left), "half").expect("written");
    let before = names(&backups);
    assert!(matches!(turn(&app, &backups).await, Turn::Made(0)), "none of them is a backup of this hour");
    assert!(matches!(turn(&app, &backups).await, Turn::NotDue));
    for _ in 0..3 {
        app.clock.advance(day);
        assert!(matches!(turn(&app, &backups).await, Turn::Made(_)));
    }
    let gone: BTreeSet<String> = before.difference(&names(&backups)).cloned().collect();
    assert_eq!(
        gone,
        [left.to_owned(), name(NOON)].into(),
        "what we never ended, and the earlier one of a day"
    );
    assert_eq!(nurses(&file).await, 1);
    app.db.close().await;
}
