//! Each migration runs on top of rows that were there before it.

use warmly::db::{Db, OpenError};

use crate::app::{TestApp, begin, server};

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let app = TestApp::new().await;
    begin(&app, "garden-gate").await;
    app.app.db.migrate().await.expect("already up to date");
    assert_eq!(app.number("SELECT COUNT(*) FROM attempts").await, 1);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_in_plain_words() {
    let app = TestApp::new().await;
    let mark = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        SELECT 9999, 'from the future', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    app.app
        .db
        .write(move |conn| Box::pin(async move { warmly::sql!(conn, execute, mark).map(drop) }))
        .await
        .expect("marked");
    let refused = app.app.db.migrate().await.expect_err("a newer database");
    assert!(matches!(refused, OpenError::Newer(9999)));
    assert!(refused.to_string().contains("belongs to a newer version"));
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
