//! Many who answer at once share a commit, and none of them feels the others.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use warmly::db::Db;

use crate::app::{TestApp, begin, server, until};

/// Writes a row; with `then`, fails or panics after that.
async fn write(db: Db, name: String, then: Then) -> Result<(), sqlx::Error> {
    db.write(move |conn| {
        let name = name.clone();
        Box::pin(async move {
            warmly::sql!(
                conn,
                execute,
                "INSERT INTO settings (name, value) VALUES ($1, 'x')",
                name.as_str()
            )?;
            match then {
                Then::Stays => Ok(()),
                Then::Fails => Err(sqlx::Error::RowNotFound),
                Then::Panics => panic!("on purpose"),
            }
        })
    })
    .await
}

#[derive(Clone, Copy)]
enum Then {
    Stays,
    Fails,
    Panics,
}

/// A write that holds the file until the door is opened, so that what comes after it has to wait.
pub(crate) async fn hold(app: &TestApp) -> (Arc<Semaphore>, JoinHandle<Result<(), sqlx::Error>>) {
    let (door, db) = (Arc::new(Semaphore::new(0)), app.app.db.clone());
    let before = app.app.db.counts().waiting();
    let closed = Arc::clone(&door);
    let held = tokio::spawn(async move {
        db.write(move |_| {
            let closed = Arc::clone(&closed);
            Box::pin(async move { closed.acquire().await.map(drop).map_err(|_| sqlx::Error::PoolClosed) })
        })
        .await
    });
    waiting(app, before + 1).await;
    (door, held)
}

/// Until so many writes wait. On a server nobody waits for anybody.
async fn waiting(app: &TestApp, works: u64) {
    until(|| server().is_some() || app.app.db.counts().waiting() >= works).await;
}

async fn rows(app: &TestApp) -> Vec<String> {
    app.column("SELECT name FROM settings WHERE value = 'x' ORDER BY name").await
}

#[tokio::test]
async fn writes_that_wait_together_share_one_commit_and_a_failing_one_harms_none() {
    let app = TestApp::new().await;
    let (door, held) = hold(&app).await;
    let (before, stored_before) = (app.app.db.counts().commits(), app.app.db.counts().writes());
    let works: Vec<_> = (10..60)
        .map(|number| {
            let then = match number {
                23 => Then::Fails,
                37 => Then::Panics,
                _ => Then::Stays,
            };
            tokio::spawn(write(app.app.db.clone(), format!("row {number}"), then))
        })
        .collect();
    waiting(&app, 51).await;
    if server().is_none() {
        assert!(rows(&app).await.is_empty(), "nobody reads what is not committed");
    }
    door.add_permits(100);
    held.await.expect("ends").expect("stored");
    let mut failed = Vec::new();
    for (number, work) in (10..).zip(works) {
        if work.await.expect("an answer").is_err() {
            failed.push(number);
        }
    }
    assert_eq!(failed, [23, 37]);
    assert_eq!(app.app.db.counts().writes() - stored_before, 49, "whoever held it, and 48");
    let stored = rows(&app).await;
    assert_eq!(stored.len(), 48);
    assert!(!stored.contains(&"row 23".to_owned()) && !stored.contains(&"row 37".to_owned()));
    if server().is_none() {
        assert_eq!(app.app.db.counts().commits() - before, 1, "one commit for all of them");
    }
}

#[tokio::test]
async fn whoever_waits_first_waits_for_255_others_at_most() {
    // On a server each has a commit of its own.
    if server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    let (door, held) = hold(&app).await;
    let before = app.app.db.counts().commits();
    let works: Vec<_> = (0..512)
        .map(|number| tokio::spawn(write(app.app.db.clone(), format!("row {number}"), Then::Stays)))
        .collect();
    waiting(&app, 513).await;
    door.add_permits(1);
    held.await.expect("ends").expect("stored");
    for work in works {
        work.await.expect("an answer").expect("stored");
    }
    assert_eq!(app.app.db.counts().commits() - before, 3, "256, 256 and one");
}

/// What a file holds when the program is not ended, without its journal.
fn in_the_file_itself(app: &TestApp, words: &str) -> bool {
    let file = warmly::db::copy::file_of(app.url()).expect("a file");
    let bytes = std::fs::read(file).expect("readable");
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[tokio::test]
async fn what_was_stored_comes_from_the_journal_into_the_file_by_itself() {
    if server().is_some() {
        return; // About the file.
    }
    let app = TestApp::new().await;
    for words in ["xylophone", "accordion"] {
        write(app.app.db.clone(), words.to_owned(), Then::Stays).await.expect("stored");
        until(|| in_the_file_itself(&app, words)).await;
    }
}

#[tokio::test]
async fn a_clash_is_told_only_to_the_one_who_clashes() {
    let app = TestApp::new().await;
    let (door, _held) = hold(&app).await;
    let works: Vec<_> = ["one", "two", "one", "three"]
        .into_iter()
        .map(|name| tokio::spawn(write(app.app.db.clone(), name.to_owned(), Then::Stays)))
        .collect();
    waiting(&app, 5).await;
    door.add_permits(100);
    let mut clashes = 0;
    for work in works {
        if let Err(cause) = work.await.expect("an answer") {
            assert!(warmly::db::is_clash(&cause), "{cause}");
            clashes += 1;
        }
    }
    assert_eq!((clashes, rows(&app).await.len()), (1, 3));
}

#[tokio::test]
async fn a_write_goes_on_when_whoever_asked_is_gone() {
    let app = TestApp::new().await;
    let (door, held) = hold(&app).await;
    let before = app.app.db.counts().writes();
    let gone = tokio::spawn(write(app.app.db.clone(), "of somebody gone".to_owned(), Then::Stays));
    // On a server it may be stored before anybody can go.
    until(|| app.app.db.counts().waiting() >= 2 || app.app.db.counts().writes() != before).await;
    gone.abort();
    if server().is_none() {
        assert!(gone.await.expect_err("gone").is_cancelled());
    }
    door.add_permits(100);
    held.await.expect("ends").expect("stored");
    // Behind it in the queue.
    write(app.app.db.clone(), "last".to_owned(), Then::Stays).await.expect("stored");
    waiting_no_more(&app).await;
    assert_eq!(rows(&app).await, ["last", "of somebody gone"]);
}

async fn waiting_no_more(app: &TestApp) {
    until(|| app.app.db.counts().waiting() == 0).await;
}

#[tokio::test]
async fn when_too_many_wait_she_is_told_plainly_and_keeps_her_words() {
    // On a server many write at once: nobody waits in line.
    if server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    let (nurse, turn) = begin(&app, "garden-gate").await;
    let (door, held) = hold(&app).await;
    let mut works = Vec::new();
    for number in 0..4_096 {
        works.push(tokio::spawn(write(app.app.db.clone(), format!("row {number}"), Then::Stays)));
    }
    waiting(&app, 4_097).await;
    let page = nurse.press(&turn, "Continue", &[("own", "I’d say no, kindly.")]).await;
    assert_eq!(page.status, 503);
    assert!(page.words().contains("not stored yet"), "{}", page.words());
    assert!(page.words().contains("I’d say no, kindly."), "{}", page.words());
    assert_eq!(page.header("retry-after"), Some("30"));
    door.add_permits(100);
    held.await.expect("ends").expect("stored");
    for work in works {
        work.await.expect("an answer").expect("stored");
    }
    let replies = nurse.press(&page, "Continue", &[("own", "I’d say no, kindly.")]).await;
    assert!(replies.path.ends_with("/1/replies"), "{}", replies.path);
    assert_eq!(rows(&app).await.len(), 4_096);
}

#[tokio::test]
async fn what_was_answered_before_the_program_was_cut_off_is_there_again() {
    let mut app = TestApp::new().await;
    for number in 0..300 {
        write(app.app.db.clone(), format!("row {number}"), Then::Stays).await.expect("stored");
    }
    app.restart(&crate::app::fixtures()).await;
    assert_eq!(rows(&app).await.len(), 300);
}

#[tokio::test]
async fn deleted_words_leave_the_journal_as_soon_as_nobody_reads_in_it() {
    if server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    write(app.app.db.clone(), "xylophone-secret".to_owned(), Then::Stays).await.expect("stored");
    let mut reader = app.app.db.read().await.expect("a connection");
    warmly::sql!(&mut reader, execute, "BEGIN").expect("begun");
    warmly::sql!(&mut reader, fetch_all as (String,), "SELECT name FROM settings").expect("read");
    let delete = "DELETE FROM settings WHERE name = 'xylophone-secret'";
    let deleted: Result<u64, sqlx::Error> =
        app.app.db.write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, delete) })).await;
    assert_eq!(deleted.expect("deleted"), 1);
    app.app.db.forget().await;
    assert!(app.files_hold("xylophone-secret"), "somebody still reads the time before");
    warmly::sql!(&mut reader, execute, "ROLLBACK").expect("ended");
    for _ in 0..200 {
        if !app.files_hold("xylophone-secret") {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the words are still in the file");
}
