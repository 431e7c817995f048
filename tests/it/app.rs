//! The app on a database of its own, and the browsers that visit it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use clap::Parser as _;
use http_body_util::BodyExt as _;
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tower::ServiceExt as _;
use warmly::app::{App, router};
use warmly::clock::Clock;
use warmly::config::{Cli, Config};
use warmly::db::Db;

use crate::page::Page;

/// Noon on 2 March 2026, UTC.
pub(crate) const NOON: i64 = 1_772_452_800_000;

/// The origin the browsers of the tests are on.
pub(crate) const ORIGIN: &str = "http://warmly.test";

/// The app with its own database and a clock that stands still.
pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    router: Router,
    url: String,
    folder: TempDir,
}

impl TestApp {
    /// The built-in scenarios and the small ones of the tests, on an empty database.
    pub(crate) async fn new() -> Self {
        Self::with(&fixtures()).await
    }

    /// The built-in scenarios and those of a folder.
    pub(crate) async fn with(scenarios: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = fresh_database(folder.path()).await;
        let clock = Clock::held(NOON, 7);
        let app = start(&url, &clock, scenarios).await;
        Self { router: router(&app).expect("a router"), app, clock, url, folder }
    }

    /// Another process of the app on the same database, which keeps the same time.
    pub(crate) async fn beside(&self, scenarios: &Path) -> Self {
        let (url, clock) = (self.url.clone(), self.clock.clone());
        let app = start(&url, &clock, scenarios).await;
        let folder = tempfile::tempdir().expect("a folder");
        Self { router: router(&app).expect("a router"), app, clock, url, folder }
    }

    /// Stops the app and starts it again on the same database, as after a crash or an update.
    pub(crate) async fn restart(&mut self, scenarios: &Path) {
        self.app.db.close().await;
        self.app = start(&self.url, &self.clock, scenarios).await;
        self.router = router(&self.app).expect("a router");
    }

    /// An app on the database with this address, which nobody else uses.
    pub(crate) async fn on(url: String) -> Self {
        let clock = Clock::held(NOON, 7);
        let app = start(&url, &clock, &fixtures()).await;
        let folder = tempfile::tempdir().expect("a folder");
        Self { router: router(&app).expect("a router"), app, clock, url, folder }
    }

    /// Where its database is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Someone with a browser of her own that knows nothing yet.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { app: self, cookies: RefCell::default() }
    }

    /// Rows of a query with one text column, in order.
    pub(crate) async fn column(&self, query: &'static str) -> Vec<String> {
        let mut conn = self.app.db.read().await.expect("a connection");
        let rows = warmly::sql!(&mut conn, fetch_all as (String,), query).expect(query);
        rows.into_iter().map(|(value,)| value).collect()
    }

    /// The number a query gives.
    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        let mut conn = self.app.db.read().await.expect("a connection");
        warmly::sql!(&mut conn, fetch_one as (i64,), query).expect(query).0
    }

    /// Whether any file of the data folder holds these words.
    pub(crate) fn files_hold(&self, words: &str) -> bool {
        let files = std::fs::read_dir(self.folder.path()).expect("the data folder");
        files
            .filter_map(|file| std::fs::read(file.ok()?.path()).ok())
            .any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        let path = request.uri().path().to_owned();
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes().to_vec();
        Page::new(path, parts, bytes)
    }
}

/// A process of the app: its database brought up to date, its scenarios published.
pub(crate) async fn start(url: &str, clock: &Clock, scenarios: &Path) -> App {
    let db = Db::open(url).await.expect("a database");
    db.migrate().await.expect("a database that is up to date");
    App::prepare(db, clock.clone(), config(scenarios)).await.expect("an app")
}

/// Settings as if nothing were set in the environment but the scenario folder.
pub(crate) fn config(scenarios: &Path) -> Config {
    let scenarios = scenarios.to_str().expect("a path");
    Cli::parse_from(["warmly", "--scenarios", scenarios, "--public-url", ORIGIN]).config
}

/// The folder with the small scenarios of the tests.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures")
}

/// A database without any tables.
pub(crate) async fn empty_database(folder: &Path) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Some(server) = server() else { return format!("sqlite:{}", folder.join("empty.sqlite").display()) };
    let name = format!("warmly_empty_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
    admin(&server, &format!("CREATE DATABASE {name}")).await;
    on(&server, &name)
}

/// An empty database that is up to date: a copied SQLite file, or a PostgreSQL database made from a template
/// where `TEST_DATABASE_URL` names a server.
async fn fresh_database(folder: &Path) -> String {
    static FILE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    if let Some(server) = server() {
        let template = TEMPLATE.get_or_init(|| make_template(server.clone())).await;
        let name = format!("warmly_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        admin(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        return on(&server, &name);
    }
    let (_, file) = FILE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("template.sqlite");
            let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("a database");
            db.migrate().await.expect("migrations");
            db.close().await;
            (folder, file)
        })
        .await;
    let copy = folder.join("warmly.sqlite");
    std::fs::copy(file, &copy).expect("a copy");
    format!("sqlite:{}", copy.display())
}

/// The PostgreSQL server of the tests, where there is one.
#[expect(clippy::disallowed_methods, reason = "the tests' own setting, not the app's")]
pub(crate) fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())
}

async fn make_template(server: String) -> String {
    let name = format!("warmly_template_{}", std::process::id());
    admin(&server, &format!("CREATE DATABASE {name}")).await;
    let db = Db::open(&on(&server, &name)).await.expect("the template");
    db.migrate().await.expect("migrations");
    db.close().await;
    name
}

fn on(server: &str, database: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("postgres://host/database");
    format!("{base}/{database}")
}

async fn admin(server: &str, statement: &str) {
    use sqlx::Connection as _;
    let mut conn = sqlx::PgConnection::connect(server).await.expect("the PostgreSQL server");
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut conn).await.expect("done");
}

/// Someone's browser: it keeps cookies and follows redirects.
pub(crate) struct Browser<'a> {
    pub(crate) app: &'a TestApp,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser<'_> {
    /// The same browser, where the proxy leads it to another process from now on.
    pub(crate) fn led_to<'b>(&self, app: &'b TestApp) -> Browser<'b> {
        Browser { app, cookies: self.cookies.clone() }
    }

    /// Opens an address and follows wherever it leads.
    pub(crate) async fn open(&self, address: &str) -> Page {
        let mut page = self.get(address).await;
        for _ in 0..5 {
            let Some(next) = page.location() else { return page };
            page = self.get(&next).await;
        }
        panic!("{address} leads in circles");
    }

    /// Opens an address and stays there, also where it leads on.
    pub(crate) async fn get(&self, address: &str) -> Page {
        self.send(Request::get(path_of(address)), Body::empty()).await
    }

    /// Sends fields to an address, as one of our own pages would, and stays there.
    pub(crate) async fn post(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = encode(fields);
        let request = Request::post(path_of(address))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(body)).await
    }

    /// Sends fields and follows wherever that leads.
    pub(crate) async fn submit(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.post(address, fields).await;
        match page.location() {
            Some(next) => self.open(&next).await,
            None => page,
        }
    }

    /// Fills in the form with this button, presses it, and follows wherever that leads.
    pub(crate) async fn press(&self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Page {
        let form = page.form(button);
        let fields = form.filled(fields);
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        if form.method == "get" {
            return self.open(&format!("{}?{}", form.action, encode(&fields))).await;
        }
        self.submit(&form.action, &fields).await
    }

    /// Follows the link with these words.
    pub(crate) async fn follow(&self, page: &Page, words: &str) -> Page {
        self.open(&page.link(words)).await
    }

    async fn send(&self, mut request: axum::http::request::Builder, body: Body) -> Page {
        let cookies: Vec<String> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let page = self.app.send(request.body(body).expect("a request")).await;
        for cookie in page.cookies() {
            let (pair, rest) = cookie.split_once(';').unwrap_or((&cookie, ""));
            let (name, value) = pair.split_once('=').expect("a cookie");
            if rest.contains("Max-Age=0") {
                self.cookies.borrow_mut().remove(name);
            } else {
                self.cookies.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

fn path_of(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

/// Fields as a form sends them.
pub(crate) fn encode(fields: &[(&str, &str)]) -> String {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        body.append_pair(name, value);
    }
    body.finish()
}

/// A nurse who has begun the small conversation at the garden gate, and the page she is on.
pub(crate) async fn begin<'a>(app: &'a TestApp, slug: &str) -> (Browser<'a>, Page) {
    let nurse = app.browser();
    let prebrief = nurse.open(&format!("/scenarios/{slug}")).await;
    let page = nurse.press(&prebrief, "Begin", &[]).await;
    (nurse, page)
}

/// Waits until it is so; not for ever.
pub(crate) async fn until(is_so: impl Fn() -> bool) {
    in_time(async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

/// Waits for what comes, unless it never does.
pub(crate) async fn in_time<T>(coming: impl Future<Output = T>) -> T {
    tokio::time::timeout(std::time::Duration::from_secs(20), coming)
        .await
        .expect("what was waited for has come")
}
