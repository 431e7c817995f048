//! All of it put together: what every handler can reach, every address, every layer, and serving.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::{DefaultOnResponse, TraceLayer};
use tracing::Level;

use crate::accounts::secrets::Secrets;
use crate::accounts::tries::Lines;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::ready::Tried;
use crate::review::memory::Memory;
use crate::scenario::library::Library;
use crate::scenario::publish::publish;
use crate::web::again::{Again, once_more};
use crate::web::dress::dress;
use crate::web::error::Error;
use crate::web::headers::{guard, same_site};
use crate::web::route::{Pages, Route, Who, get};
use crate::web::serve::Limits;
use crate::web::{assets, metrics, room, serve};
use crate::{accounts, cohorts, help, operate, practice, ready, review, scenario};

/// What every handler can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App(Arc<Inner>);

/// What [`App`] holds.
#[derive(Debug)]
pub struct Inner {
    /// The database.
    pub db: Db,
    /// Time, ids and chance.
    pub clock: Clock,
    /// Every scenario and the local words, in memory.
    pub library: Library,
    /// Keyed and slow hashes.
    pub secrets: Secrets,
    /// Where those wait whose codes are looked up one after the other.
    pub lines: Lines,
    /// The settings.
    pub config: Config,
    /// What was counted of cohorts before.
    pub memory: Memory,
    /// How the last timed backup went.
    pub backups: operate::timed::Backups,
    /// Whether something could be stored, and when.
    pub tried: Tried,
    /// Whether the clock moved so far that nothing goes for being old.
    pub clock_is_doubted: AtomicBool,
    /// Why scenario files were left out at start-up.
    pub problems: Vec<String>,
    /// Which local words nobody had filled in at start-up, in one sentence.
    pub reminder: Option<String>,
}

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// Publishes the scenarios on a database that is up to date, and gets everything ready to serve.
    pub async fn prepare(db: Db, clock: Clock, config: Config) -> anyhow::Result<Self> {
        let fresh = clock.new_token();
        let installation = db
            .write(move |conn| {
                let fresh = fresh.clone();
                Box::pin(async move { accounts::store::installation(conn, &fresh).await })
            })
            .await?;
        operate::tallies::fill_first(&db).await?;
        let published = publish(&db, &clock, config.scenarios.as_deref()).await?;
        Ok(Self(Arc::new(Inner {
            db,
            clock,
            library: published.library,
            secrets: Secrets::new(&installation),
            lines: Lines::default(),
            config,
            memory: Memory::default(),
            backups: operate::timed::Backups::default(),
            tried: Tried::default(),
            clock_is_doubted: AtomicBool::default(),
            problems: published.problems,
            reminder: published.reminder,
        })))
    }

    /// Whether people reach the app over https.
    #[must_use]
    pub fn https(&self) -> bool {
        self.config.is_https()
    }
}

/// Every address of the app. The router is made of this list and of nothing else.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        scenario::web::routes(),
        practice::web::routes(),
        accounts::web::routes(),
        cohorts::web::routes(),
        review::web::routes(),
        help::web::routes(),
        assets::routes(),
        vec![get("/healthz", Who::Anyone, ready::healthz), get("/readyz", Who::Anyone, ready::readyz)],
    ];
    parts.into_iter().flatten().collect()
}

#[derive(Clone, Debug)]
struct NewRequestId(Clock);

impl MakeRequestId for NewRequestId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        self.0.new_id().parse().ok().map(RequestId::new)
    }
}

/// The whole app as one router, layers and all.
pub fn router(app: &App) -> anyhow::Result<Router> {
    let mut csrf = CsrfLayer::new();
    if let Some(origin) = app.config.public_url.clone() {
        csrf = csrf.add_trusted_origin(origin).map_err(|error| anyhow::anyhow!("--public-url: {error:?}"))?;
    }
    let again = Again::new(app.db.clone(), scenario::policy::SLOTS.iter().map(|slot| (slot.name, slot.asks)));
    let request_id = HeaderName::from_static("x-request-id");
    let (from_outside, https) = (request_id.clone(), app.https());
    let compress = DefaultPredicate::new().and(NotForContentType::new("font/"));
    let all = routes();
    let pages = Pages::of(&all);
    let mut router = Router::new();
    for route in all {
        let bulky = route.is_bulky();
        let mut handler = route.handler.layer(RequestBodyLimitLayer::new(route.largest_body));
        if bulky {
            handler = handler.layer(from_fn_with_state(app.db.clone(), room::needed));
        }
        router = router.route(route.path, handler);
    }
    #[cfg(feature = "planted")]
    let router = router.layer(from_fn_with_state(app.clone(), crate::planted::holes));
    // The first is the outermost. As one layer: a request clones what it goes through, and so does so once.
    let layers = ServiceBuilder::new()
        .map_request(move |mut request: Request| {
            request.headers_mut().remove(&from_outside);
            request
        })
        .layer(SetRequestIdLayer::new(request_id.clone(), NewRequestId(app.clock.clone())))
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_response(DefaultOnResponse::new().level(Level::INFO))
                .on_failure(()),
        )
        .layer(from_fn(metrics::measure))
        .layer(PropagateRequestIdLayer::new(request_id))
        .map_response(move |response| guard(https, response))
        // Level 4: a third of the time of level 6, and the same bytes within 2 %.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(compress))
        .layer(from_fn_with_state(pages, dress))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, Duration::from_secs(30)))
        .layer(from_fn_with_state(app.config.public_url.clone(), same_site))
        .layer(csrf)
        .layer(from_fn_with_state(again, once_more));
    Ok(router
        .fallback(|| async { Error::NotFound })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(layers)
        .with_state(app.clone()))
}

/// One span a request: the matched route, never the path itself.
fn span(request: &Request) -> tracing::Span {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id = request.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), route, id)
}

/// Listens, opens the database, publishes, and serves until asked to stop.
///
/// The port comes first: a second start by mistake ends before it touches the data.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    let ports = Ports::take(&config)?;
    let db = Db::open(&config.database_url()).await?;
    let clock = Clock::real();
    operate::upgrade::bring_up_to_date(&db, &config, &clock, &mut std::io::stdout()).await?;
    let app = App::prepare(db, clock, config).await?;
    serve_on(ports, app).await
}

/// The ports that are served on.
#[derive(Debug)]
pub struct Ports {
    listener: TcpListener,
    /// Where people go.
    pub listening: SocketAddr,
    /// Where numbers about the app are given, where that is wanted.
    metrics: Option<(TcpListener, SocketAddr)>,
}

impl Ports {
    /// Takes them, inside the runtime; says in plain words why one can't be had.
    pub fn take(config: &Config) -> anyhow::Result<Self> {
        let (listener, listening) = listen("--address", config.address)?;
        let metrics = match config.metrics_address {
            Some(address) => Some(listen("--metrics-address", address)?),
            None => None,
        };
        Ok(Self { listener, listening, metrics })
    }
}

fn listen(flag: &str, address: SocketAddr) -> anyhow::Result<(TcpListener, SocketAddr)> {
    let listener = serve::listen(address).map_err(|cause| serve::in_plain_words(&cause, flag, address))?;
    let listening = listener.local_addr().context("asking for the port")?;
    Ok((listener, listening))
}

/// Says where to go, serves until asked to stop, then closes everything.
pub async fn serve_on(ports: Ports, app: App) -> anyhow::Result<()> {
    let set_up = accounts::first::set_up_link(&app).await?;
    let asked = serve::asked_to_stop().context("listening for what stops the program")?;
    announce(&app, &ports, set_up.as_deref())?;
    if let Some((listener, _)) = ports.metrics {
        tokio::spawn(metrics::serve(listener, app.db.clone(), metrics::gather()?));
    }
    let router = router(&app)?;
    let in_the_background = [
        tokio::spawn(operate::rounds::now_and_then(app.clone())),
        tokio::spawn(review::sweep::now_and_then(app.clone())),
        tokio::spawn(scenario::refresh::now_and_then(app.clone())),
        tokio::spawn(operate::tallies::fill_the_rest(app.db.clone())),
        tokio::spawn(operate::timed::now_and_then(app.clone())),
    ];
    serve::until(ports.listener, router, Limits::default(), asked).await;
    in_the_background.iter().for_each(tokio::task::JoinHandle::abort);
    if tokio::time::timeout(Duration::from_secs(10), app.db.close()).await.is_err() {
        tracing::warn!("the database connections did not close in time");
    }
    Ok(())
}

/// Says where to go, in words for the person who started it; `set_up` is the token of a link to begin with.
fn announce(app: &App, ports: &Ports, set_up: Option<&str>) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    for problem in &app.problems {
        writeln!(out, "Left out: {problem}")?;
    }
    if let Some(reminder) = &app.reminder {
        writeln!(out, "{reminder}")?;
    }
    let place = app.config.public_url.clone().unwrap_or_else(|| format!("http://{}", ports.listening));
    writeln!(out, "Warmly, no is ready with {} scenarios.", app.library.current().len())?;
    if let Some(token) = set_up {
        let place = place.trim_end_matches('/');
        writeln!(out, "Set up the first administrator: {place}/set-up/{token} (once, within 7 days)")?;
    }
    if let Some((_, watched)) = &ports.metrics {
        writeln!(out, "Metrics at http://{watched}/metrics")?;
    }
    writeln!(out, "Open {place} in a browser. Press Ctrl-C to stop.")?;
    out.flush()
}
