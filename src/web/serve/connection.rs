//! One connection: its requests one after another, as slow as is allowed and no slower.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, Request};
use axum::http::{StatusCode, Version, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tower::ServiceExt as _;
use tower_http::timeout::DeadlineBody;

use super::Limits;
use super::paced::Paced;
use crate::web::headers::guard;

/// How much of what is sent or received waits in memory, in bytes; also the most that a request's head may have.
const BUFFER: usize = 64 * 1024;

/// How many bytes of a body must arrive in a second, after the time that every body has.
const A_SECOND: u64 = 64 * 1024;

/// Answers what comes on this connection until it ends, is too slow, or the program stops. One that is idle also ends
/// when there is no room for others.
pub(super) async fn answer(
    (stream, address): (TcpStream, SocketAddr),
    router: Router,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
    crowd: Arc<Notify>,
) {
    let _counted = Counted::new();
    // An answer in several pieces must not wait until the first of them is confirmed.
    let _best_effort = stream.set_nodelay(true);
    let asked = Arc::new(AtomicBool::new(false));
    let has_asked = Arc::clone(&asked);
    let service = service_fn(move |request| {
        has_asked.store(true, Ordering::Relaxed);
        one(router.clone(), request, address, limits)
    });
    let mut building = Builder::new();
    building.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(BUFFER);
    let io = TokioIo::new(Paced::new(stream, limits.unread));
    let mut conn = pin!(building.serve_connection(io, service));
    let mut last = *stopping.borrow_and_update();
    if last {
        conn.as_mut().graceful_shutdown();
    }
    loop {
        tokio::select! {
            done = conn.as_mut() => {
                if let Err(cause) = done {
                    tracing::debug!(%cause, "a connection ended early");
                }
                return;
            }
            _ = stopping.changed(), if !last => {
                last = true;
                conn.as_mut().graceful_shutdown();
            }
            // Who has not asked for anything yet is not sent away unheard.
            () = crowd.notified(), if !last => if asked.load(Ordering::Relaxed) {
                last = true;
                conn.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Answers one request.
async fn one(
    router: Router,
    request: Request<Incoming>,
    address: SocketAddr,
    limits: Limits,
) -> Result<Response, Infallible> {
    if !says_whom_it_asks(&request) {
        let words = "Name the host you ask in one Host header.\n";
        let refused = (StatusCode::BAD_REQUEST, [(header::CONNECTION, "close")], words);
        return Ok(guard(false, refused.into_response()));
    }
    let mut request = request.map(|body| {
        if body.is_end_stream() {
            return Body::empty();
        }
        let longer = Duration::from_secs(body.size_hint().exact().unwrap_or_default() / A_SECOND);
        Body::new(DeadlineBody::new(limits.body + longer, body))
    });
    request.extensions_mut().insert(ConnectInfo(address));
    router.oneshot(request).await
}

/// Whether it names its host once; before HTTP/1.1 that could be left out. A proxy in front and this program must never
/// take the same request for two different ones.
fn says_whom_it_asks(request: &Request<Incoming>) -> bool {
    match request.headers().get_all(header::HOST).iter().count() {
        0 => request.version() < Version::HTTP_11,
        named => named == 1,
    }
}

/// A connection that is open, counted as long as it is.
struct Counted;

impl Counted {
    fn new() -> Self {
        metrics::gauge!("warmly_connections").increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!("warmly_connections").decrement(1.0);
    }
}
