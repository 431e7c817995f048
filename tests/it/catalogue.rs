//! What one process publishes or saves is in force in every other process on the same database, without a restart.

use std::time::Duration;

use tempfile::TempDir;
use warmly::scenario::refresh::{look, now_and_then};

use crate::app::{Browser, TestApp, begin, fixtures};
use crate::cast::answer;

const POLICY: &str = "/administration/policy";

async fn looks(app: &TestApp) -> bool {
    look(&app.app.db, &app.app.library).await.expect("read")
}

async fn tell_from_now_on(admin: &Browser<'_>, whom: &str) {
    let page = admin.open(POLICY).await;
    let words = [("who_to_tell", whom), ("crisis_line", "988 9")];
    let saved = admin.press(&page, "Speak these words from now on", &words).await;
    assert_eq!(saved.path, POLICY);
}

/// The scenarios of the tests, with these words in them replaced.
fn changed(replacements: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("a scenario");
    for (from, to) in replacements {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    std::fs::write(folder.path().join("garden-gate.toml"), text).expect("written");
    folder
}

fn titles(app: &TestApp) -> Vec<String> {
    app.app.library.current().iter().map(|revision| revision.scenario.title.clone()).collect()
}

async fn statement(app: &TestApp, text: &'static str) {
    let done: sqlx::Result<u64> =
        app.app.db.write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, text) })).await;
    assert_eq!(done.expect(text), 1, "{text}");
}

#[tokio::test]
async fn local_words_saved_in_one_process_are_spoken_by_the_other() {
    let app = TestApp::new().await;
    let other = app.beside(&fixtures()).await;
    assert!(looks(&app).await, "the other one's start was a turn of publishing");
    assert!(!looks(&app).await && !looks(&other).await, "nothing is new");
    let (nurse, turn) = begin(&other, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    let admin = app.administrator("Ada").await;
    tell_from_now_on(&admin.browser, "Sister Joy").await;
    let help = async |app: &TestApp| app.browser().open("/getting-help").await.words();
    assert!(help(&app).await.contains("988 9"), "at once where they were saved");
    assert!(!help(&other).await.contains("988 9"));
    assert!(looks(&other).await);
    assert!(help(&other).await.contains("988 9"));
    for reply in ["replytext one", "replytext four", "replytext eight"] {
        answer(&nurse, &id, "", reply).await;
    }
    let debrief = nurse.open(&format!("/attempts/{id}")).await.words();
    assert!(debrief.contains("The charge nurse, today."), "begun before: {debrief}");
    assert!(looks(&app).await && !looks(&app).await, "its own turn is read once");
    assert_eq!(app.app.library.policy().speak("{who_to_tell}"), "Sister Joy");
}

#[tokio::test]
async fn words_just_saved_are_not_taken_back_by_what_was_read_before_them() {
    let app = TestApp::new().await;
    let other = app.beside(&fixtures()).await;
    let before = (app.app.library.turn(), app.app.library.policy_in_force(), app.app.library.current());
    let admin = app.administrator("Ada").await;
    tell_from_now_on(&admin.browser, "Sister Joy").await;
    let (turn, (version, policy), current) = before;
    app.app.library.put_in_force(turn + 1, current, version, policy);
    assert_eq!(app.app.library.policy().speak("{who_to_tell}"), "Sister Joy");
    assert!(looks(&other).await);
}

#[tokio::test]
async fn a_revision_that_one_process_publishes_is_in_the_catalogue_of_the_other() {
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let id = turn.path.split('/').nth(2).expect("an id").to_owned();
    let folder = changed(&[("The garden gate", "The green gate"), ("It is noon.", "It is one o'clock.")]);
    let newer = app.beside(folder.path()).await;
    assert!(app.browser().open("/practice").await.words().contains("The garden gate"));
    assert!(looks(&app).await);
    assert_eq!(titles(&app), titles(&newer), "in the same order");
    let catalogue = app.browser().open("/practice").await.words();
    assert!(catalogue.contains("The green gate") && !catalogue.contains("The garden gate"), "{catalogue}");
    for process in [&app, &newer] {
        let kept = nurse.led_to(process).open(&format!("/attempts/{id}")).await.words();
        assert!(kept.contains("It is noon.") && !kept.contains("one o’clock"), "begun before: {kept}");
        let (_, fresh) = begin(process, "garden-gate").await;
        assert!(fresh.words().contains("It is one o’clock."), "{}", fresh.words());
    }
    assert_eq!(app.number("SELECT MAX(number) FROM revisions WHERE slug = 'garden-gate'").await, 2);
}

#[tokio::test]
async fn the_last_process_that_started_decides_what_is_in_the_catalogue() {
    let app = TestApp::new().await;
    let empty = tempfile::tempdir().expect("a folder");
    let without = app.beside(empty.path()).await;
    assert!(!titles(&without).contains(&"The garden gate".to_owned()));
    assert!(looks(&app).await);
    assert_eq!(titles(&app), titles(&without), "also what is there no longer");
    assert_eq!(app.browser().open("/scenarios/garden-gate").await.status, 404);
    let again = app.beside(&fixtures()).await;
    assert!(looks(&app).await && looks(&without).await);
    for process in [&app, &without, &again] {
        assert_eq!(process.browser().open("/scenarios/garden-gate").await.status, 200);
    }
}

#[tokio::test]
async fn what_cannot_be_read_leaves_everything_as_it_is_and_is_tried_again() {
    let app = TestApp::new().await;
    let before = titles(&app);
    let folder = changed(&[("The garden gate", "The green gate")]);
    let _newer = app.beside(folder.path()).await;
    let spoil = "UPDATE revisions SET content = '{\"from\":\"the future\",' || content
        WHERE slug = 'garden-gate' AND number = 2";
    statement(&app, spoil).await;
    for _ in 0..2 {
        let missed = look(&app.app.db, &app.app.library).await.expect_err("unreadable");
        assert_eq!(missed.turn, Some(2), "{missed}");
        assert_eq!(titles(&app), before);
    }
    let repair = "UPDATE revisions SET content = REPLACE(content, '{\"from\":\"the future\",', '')
        WHERE slug = 'garden-gate' AND number = 2";
    statement(&app, repair).await;
    assert!(looks(&app).await);
    assert!(titles(&app).contains(&"The green gate".to_owned()));
}

#[tokio::test]
async fn a_database_that_lost_its_last_turns_is_believed() {
    let app = TestApp::new().await;
    let admin = app.administrator("Ada").await;
    tell_from_now_on(&admin.browser, "Sister Joy").await;
    assert!(looks(&app).await);
    statement(&app, "UPDATE publishing SET turns = 1").await;
    statement(&app, "DELETE FROM policies WHERE version = 2").await;
    assert!(looks(&app).await);
    assert_eq!(app.app.library.policy().speak("{who_to_tell}"), "The charge nurse");
    let (_, turn) = begin(&app, "garden-gate").await;
    assert_eq!(turn.heading(), "Turn 1: What would you say?", "nobody begins with words that are gone");
}

#[tokio::test]
async fn the_task_sees_it_without_being_asked() {
    let app = TestApp::new().await;
    let task = tokio::spawn(now_and_then(app.app.clone()));
    let folder = changed(&[("The garden gate", "The green gate")]);
    let newer = app.beside(folder.path()).await;
    let seen = async {
        while app.app.library.turn() != newer.app.library.turn() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), seen).await.expect("seen within a minute");
    task.abort();
    assert_eq!(titles(&app), titles(&newer));
}
