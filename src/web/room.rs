//! Exports and imports are the first to stop when the disk fills up, so that practice can go on.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::error::Error;
use crate::db::{Db, Room};

/// Refuses what makes or takes in files where there is little room left.
pub async fn needed(State(db): State<Db>, request: Request, next: Next) -> Response {
    match db.room() {
        Room::Enough => next.run(request).await,
        Room::Little | Room::None => Error::NoRoom.into_response(),
    }
}
