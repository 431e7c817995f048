//! Numbers about the running app for whoever watches over it, on an address of their own (Prometheus' text format).

use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use super::serve::{self, Limits};
use crate::db::Db;

/// How many writes shared a commit, at the limits of what is counted together.
const COMMIT_SIZES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Seconds that a page took, at the limits of what is counted together.
const SECONDS: [f64; 9] = [0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0];

/// How often what was gathered is put together.
const TIDIED_EVERY: Duration = Duration::from_secs(5);

/// Begins to gather numbers; what was counted before is not among them. Once per process.
pub fn gather() -> anyhow::Result<PrometheusHandle> {
    let limits = |builder: PrometheusBuilder, name: &str, limits: &[f64]| -> Result<_, BuildError> {
        builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), limits)
    };
    let builder = limits(PrometheusBuilder::new(), "warmly_commit_size", &COMMIT_SIZES)?;
    let recorder = limits(builder, "warmly_page_seconds", &SECONDS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| anyhow::anyhow!("numbers are gathered already"))?;
    metrics::describe_counter!("warmly_pages_total", "Requests, by route and status");
    metrics::describe_histogram!("warmly_page_seconds", "How long requests took");
    metrics::describe_counter!("warmly_statements_total", "SQL statements");
    metrics::describe_counter!("warmly_writes_total", "Writes that are durably stored");
    metrics::describe_counter!("warmly_commits_total", "Commits that were made for them");
    metrics::describe_histogram!("warmly_commit_size", "How many writes shared a commit");
    metrics::describe_gauge!("warmly_write_queue", "Writes that wait or are being made");
    metrics::describe_gauge!("warmly_journal_bytes", "The journal (WAL) of the database file");
    metrics::describe_gauge!("warmly_disk_free_bytes", "Free bytes on the disk of the database file");
    metrics::describe_gauge!("warmly_connections", "Open connections");
    metrics::describe_counter!("warmly_sign_in_failures_total", "Sign-ins that were refused");
    metrics::describe_gauge!(
        "warmly_clock_doubted",
        "1 while the clock moved so far that nothing goes for being old"
    );
    metrics::describe_counter!("warmly_panics_total", "Panics: there should be none");
    // There from the beginning, so that it can be seen that there were none.
    metrics::counter!("warmly_sign_in_failures_total").increment(0);
    metrics::counter!("warmly_panics_total").increment(0);
    count_panics();
    Ok(handle)
}

/// Counts every panic, wherever it is caught.
fn count_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |about| {
        metrics::counter!("warmly_panics_total").increment(1);
        before(about);
    }));
}

/// Counts a request by its route (never its path) and status, and how long it took.
pub async fn measure(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    let status = response.status().as_u16().to_string();
    metrics::counter!("warmly_pages_total", "route" => route, "status" => status).increment(1);
    metrics::histogram!("warmly_page_seconds").record(began.elapsed().as_secs_f64());
    response
}

/// How many may ask for the numbers at once.
const WATCHERS: usize = 16;

/// Answers on this address until the program ends.
pub async fn serve(listener: TcpListener, db: Db, handle: PrometheusHandle) {
    let router = Router::new().route("/metrics", get(show)).with_state((db, handle.clone()));
    let tidied = async {
        // What nobody asks for must not pile up.
        let mut turns = tokio::time::interval(TIDIED_EVERY);
        loop {
            turns.tick().await;
            handle.run_upkeep();
        }
    };
    let limits = Limits { connections: Some(WATCHERS), ..Limits::default() };
    serve::until(listener, router, limits, tidied).await;
}

async fn show(State((db, handle)): State<(Db, PrometheusHandle)>) -> Response {
    let counts = db.counts();
    metrics::counter!("warmly_statements_total").absolute(counts.statements());
    metrics::counter!("warmly_writes_total").absolute(counts.writes());
    metrics::counter!("warmly_commits_total").absolute(counts.commits());
    #[expect(clippy::cast_precision_loss, reason = "never more than some thousands")]
    metrics::gauge!("warmly_write_queue").set(counts.waiting() as f64);
    let sizes = [("warmly_journal_bytes", db.journal()), ("warmly_disk_free_bytes", db.free())];
    for (name, bytes) in sizes {
        let Some(bytes) = bytes else { continue };
        #[expect(clippy::cast_precision_loss, reason = "a size to look at")]
        metrics::gauge!(name).set(bytes as f64);
    }
    let text = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (text, handle.render()).into_response()
}
