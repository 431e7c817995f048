//! Whether the app is alive, and whether what is sent to it would be kept: for whoever leads requests here.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Mutex;

use crate::accounts;
use crate::app::App;
use crate::db::{Room, why};

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it counts that something could be stored: however often somebody asks, no more is written.
const COUNTS_FOR: Duration = Duration::from_secs(1);

/// Why nothing would be kept, in words for whoever runs this.
type Why = &'static str;

/// What was last found out by storing something, and when.
#[derive(Debug)]
pub struct Tried {
    last: Mutex<Option<(Instant, Result<(), Why>)>>,
    /// What was answered last: only what changes is logged.
    said: std::sync::Mutex<Result<(), Why>>,
}

impl Default for Tried {
    fn default() -> Self {
        Self { last: Mutex::default(), said: std::sync::Mutex::new(Ok(())) }
    }
}

impl Tried {
    fn say(&self, now: Result<(), Why>) {
        let before = std::mem::replace(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner), now);
        match now {
            Err(why) if before != now => tracing::error!(why, "not ready"),
            Ok(()) if before != now => tracing::warn!("ready again"),
            _ => {}
        }
    }
}

/// The process is alive.
pub async fn healthz() -> &'static str {
    "ok"
}

/// The database answers and keeps what is written, within some seconds; or why not.
pub async fn readyz(State(app): State<App>) -> Response {
    let ready = is_ready(&app).await;
    app.tried.say(ready);
    let (status, answer) = match ready {
        Ok(()) if app.db.room() == Room::Little => {
            let but = "the disk is nearly full: exports and imports have stopped";
            (StatusCode::OK, serde_json::json!({ "ready": true, "but": but }))
        }
        Ok(()) if app.clock_is_doubted.load(Ordering::Relaxed) => {
            let but = "the clock moved by more than a week: nothing goes for being old";
            (StatusCode::OK, serde_json::json!({ "ready": true, "but": but }))
        }
        Ok(()) => match app.backups.trouble() {
            Some(but) => (StatusCode::OK, serde_json::json!({ "ready": true, "but": but })),
            None => (StatusCode::OK, serde_json::json!({ "ready": true })),
        },
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, serde_json::json!({ "ready": false, "why": why })),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}

async fn is_ready(app: &App) -> Result<(), Why> {
    if let Some(trouble) = app.db.trouble() {
        return Err(trouble.words());
    }
    let db = app.db.aside();
    in_time(db.ping()).await?;
    let asked = Instant::now();
    let mut tried = app.tried.last.lock().await;
    if let Some((when, found)) = *tried {
        // Found out while this one waited, or a moment ago.
        if when >= asked || (found.is_ok() && when.elapsed() < COUNTS_FOR) {
            return found;
        }
    }
    // Something that was not there before: the same again would not be written at all.
    let trial = app.clock.new_id();
    let storing = db.write(move |conn| {
        let trial = trial.clone();
        Box::pin(async move { accounts::store::try_out(conn, &trial).await })
    });
    let found = in_time(storing).await;
    *tried = Some((Instant::now(), found));
    found
}

async fn in_time(asking: impl Future<Output = sqlx::Result<()>>) -> Result<(), Why> {
    let done = tokio::time::timeout(PATIENCE, asking).await;
    done.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|cause| {
        tracing::debug!(%cause, "not ready");
        why(&cause)
    })
}
