//! The app on a port of its own, with a database of its own, for as long as a journey lasts.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser as _;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use warmly::accounts::store::{insert_session, insert_staff_session, people};
use warmly::app::{App, router};
use warmly::clock::Clock;
use warmly::config::Cli;
use warmly::db::{Db, Work};
use warmly::operate::demo::fill::{Demo, LOGINS, fill};
use warmly::scenario::library::Revision;
use warmly::web::session::SessionToken;

/// A running app.
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) address: String,
    task: JoinHandle<()>,
    _folder: TempDir,
}

impl Served {
    pub(crate) async fn start() -> Result<Self> {
        Self::with(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures").as_ref()).await
    }

    /// With the conversations of this folder beside the built-in ones.
    pub(crate) async fn with(scenarios: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let db = Db::open(&format!("sqlite:{}", folder.path().join("warmly.sqlite").display())).await?;
        db.migrate().await?;
        let config =
            Cli::parse_from(["warmly".as_ref(), "--scenarios".as_ref(), scenarios.as_os_str()]).config;
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

    /// Fills the database with the cohorts of the demo.
    pub(crate) async fn demo(&self) -> Result<Demo> {
        fill(&self.app, 7, [(); 3].map(|()| String::new())).await
    }

    /// A session of the educator, the manager or the administrator of the demo.
    pub(crate) async fn staff_session(&self, role: &str) -> Result<String> {
        let login = LOGINS.iter().find(|login| login.role == role).context("a role")?;
        let mut conn = self.app.db.read().await?;
        let people = people(&mut conn).await?;
        let person = people.into_iter().find(|person| person.email == login.email).context("a person")?;
        self.session(person.id.as_str(), true).await
    }

    /// A session of this person of the staff.
    pub(crate) async fn staff_session_of(&self, staff: &str) -> Result<String> {
        self.session(staff, true).await
    }

    /// A session of the manager or the administrator of the demo, whatever they are called by now.
    pub(crate) async fn session_by_role(&self, role: &str) -> Result<String> {
        let query = if role == "administrator" {
            "SELECT id FROM staff WHERE administrator"
        } else {
            "SELECT staff_id FROM memberships WHERE role = 'manager'"
        };
        let mut conn = self.app.db.read().await?;
        let rows = warmly::sql!(&mut conn, fetch_all as (String,), query)?;
        let (id,) = rows.into_iter().next().context("a person")?;
        drop(conn);
        self.session(&id, true).await
    }

    /// A session of this nurse.
    pub(crate) async fn nurse_session(&self, nurse: &str) -> Result<String> {
        self.session(nurse, false).await
    }

    async fn session(&self, whose: &str, staff: bool) -> Result<String> {
        let (token, now, whose) = (self.app.clock.new_token(), self.app.clock.now(), whose.to_owned());
        let hash = SessionToken::new(token.clone()).hash();
        let write = self.app.db.write(move |conn| {
            let (hash, whose) = (hash.clone(), whose.clone());
            let work: Work<'_, (), sqlx::Error> = Box::pin(async move {
                if staff {
                    insert_staff_session(conn, &hash, &whose, "", now).await
                } else {
                    insert_session(conn, &hash, &whose, false, now).await
                }
            });
            work
        });
        write.await?;
        Ok(token)
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
