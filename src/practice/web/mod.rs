//! The pages of going through a conversation.

pub mod conflict;
pub mod explore;
pub mod export;
pub mod looking_back;
pub mod me;
pub mod reaction;
pub mod start;
pub mod turns;
pub mod view;

use axum::response::Response;

use super::{Attempt, AttemptId, Page, load};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::web::route::Route;
use crate::web::{Error, Result, to};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        start::routes(),
        turns::routes(),
        reaction::routes(),
        looking_back::routes(),
        explore::routes(),
        me::routes(),
        export::routes(),
    ];
    parts.into_iter().flatten().collect()
}

/// Her attempt under this id, or the page that says there is nothing there.
async fn find(app: &App, nurse: &Nurse, id: &str) -> Result<Attempt> {
    let id = AttemptId::read(id).ok_or(Error::NotFound)?;
    let mut conn = app.db.read().await?;
    load::attempt(&mut conn, &app.library, nurse, &id).await?.ok_or(Error::NotFound)
}

/// The page that is next for her, when she asked for one she may not see (yet).
fn elsewhere(attempt: &Attempt, asked: Page) -> Option<Response> {
    let allowed = attempt.replay().allowed(asked);
    (allowed != asked).then(|| to(&allowed.address(&attempt.id)))
}
