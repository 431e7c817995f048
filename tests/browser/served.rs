//! The app on a port of its own, with a database of its own, for as long as a journey lasts.

use std::sync::Arc;

use anyhow::Result;
use clap::Parser as _;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use warmly::app::{App, router};
use warmly::clock::Clock;
use warmly::config::Cli;
use warmly::db::Db;
use warmly::scenario::library::Revision;

/// A running app.
pub(crate) struct Served {
    app: App,
    pub(crate) address: String,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl Served {
    pub(crate) async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = Db::open(&format!("sqlite:{}", folder.path().join("warmly.sqlite").display())).await?;
        db.migrate().await?;
        let small = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures");
        let config = Cli::parse_from(["warmly", "--scenarios", small]).config;
        let app = App::prepare(db, Clock::real(), config).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let router = router(&app)?;
        let task = tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<std::net::SocketAddr>();
            let _ = axum::serve(listener, service).await;
        });
        Ok(Self { app, address, task, _folder: folder })
    }

    /// The built-in conversations.
    pub(crate) fn built_in(&self) -> Vec<Arc<Revision>> {
        let mut current = self.app.library.current();
        current.retain(|revision| revision.scenario.slug != "garden-gate");
        current
    }

    /// An authored text as the pages show it.
    pub(crate) fn spoken(&self, text: &str) -> String {
        self.app.library.policy().speak(text)
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.task.abort();
    }
}
