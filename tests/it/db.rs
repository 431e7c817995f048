//! The database: what fails leaves nothing behind, and two processes never get in each other's way.

use warmly::app::App;
use warmly::db::{Db, OpenError};

use crate::app::{TestApp, begin, config, fixtures, server};

#[tokio::test]
async fn two_processes_that_publish_different_texts_at_once_both_start() {
    let app = TestApp::new().await;
    let text = std::fs::read_to_string(fixtures().join("garden-gate.toml")).expect("the fixture");
    let folder = |says: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        let text = text.replace("Could you drive me to town?", says);
        std::fs::write(folder.path().join("garden-gate.toml"), text).expect("written");
        folder
    };
    let (north, south) = (folder("To the north?"), folder("To the south?"));
    let start = async |folder: &std::path::Path| {
        let db = Db::open(app.url()).await?;
        App::prepare(db, app.clock.clone(), config(folder)).await
    };
    let (one, two) = tokio::join!(start(north.path()), start(south.path()));
    let first_line =
        |app: &App| app.library.by_slug("garden-gate").map(|it| it.scenario.first_line().to_owned());
    assert_eq!(first_line(&one.expect("started")).as_deref(), Some("To the north?"));
    assert_eq!(first_line(&two.expect("started")).as_deref(), Some("To the south?"));
    let numbers = "SELECT CAST(number AS TEXT) FROM revisions WHERE slug = 'garden-gate' ORDER BY number";
    assert_eq!(app.column(numbers).await, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_behind_and_the_next_one_works() {
    let app = TestApp::new().await;
    let insert = "INSERT INTO settings (name, value) VALUES ('half', 'done')";
    let failed: Result<(), sqlx::Error> = app
        .app
        .db
        .write(move |conn| {
            Box::pin(async move {
                warmly::sql!(conn, execute, insert)?;
                Err(sqlx::Error::RowNotFound)
            })
        })
        .await;
    assert!(failed.is_err());
    let panicked: Result<(), sqlx::Error> = app
        .app
        .db
        .write(move |conn| {
            Box::pin(async move {
                warmly::sql!(conn, execute, insert)?;
                panic!("on purpose")
            })
        })
        .await;
    assert!(panicked.is_err());
    assert_eq!(app.number("SELECT COUNT(*) FROM settings WHERE name = 'half'").await, 0);
    begin(&app, "garden-gate").await;
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    assert!(matches!(Db::open("mysql://localhost/x").await, Err(OpenError::Scheme)));
    if server().is_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "in the way").expect("written");
        let under = format!("sqlite:{}/data/warmly.sqlite", file.display());
        assert!(matches!(Db::open(&under).await, Err(OpenError::Folder { .. })));
    }
}

#[tokio::test]
async fn only_what_was_written_before_is_a_clash() {
    use warmly::db::{Work, is_clash};
    let app = TestApp::new().await;
    let insert = async |table: &'static str| {
        let inserting = app.app.db.write(move |conn| {
            let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
                let text = match table {
                    "settings" => "INSERT INTO settings (name, value) VALUES ('twice', 'x')",
                    _ => "INSERT INTO sessions (token_hash, kind, nurse_id, own_device, created_at, last_seen_at)
                          VALUES ('t', 'nurse', 'nobody', FALSE, 1, 2)",
                };
                warmly::sql!(conn, execute, text).map(drop)
            });
            work
        });
        inserting.await
    };
    insert("settings").await.expect("the first");
    assert!(insert("settings").await.is_err_and(|error| is_clash(&error)));
    assert!(insert("sessions").await.is_err_and(|error| !is_clash(&error)), "nobody has that id");
    assert!(!is_clash(&sqlx::Error::RowNotFound));
}
