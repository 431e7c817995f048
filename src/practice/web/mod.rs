//! The pages of going through a conversation.

pub mod conflict;
pub mod explore;
pub mod export;
pub mod looking_back;
pub mod me;
pub mod play;
pub mod reaction;
pub mod start;
pub mod turns;
pub mod view;
pub mod welcome;

use super::{Attempt, AttemptId, Page, load};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::web::route::Route;
use crate::web::{Error, Result};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        welcome::routes(),
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

/// Goes on when she may see this page now, and to the page that is next for her when not.
fn allow(attempt: &Attempt, asked: Page) -> Result<()> {
    let allowed = attempt.replay().allowed(asked);
    if allowed == asked { Ok(()) } else { Err(Error::Elsewhere(allowed.address(&attempt.id))) }
}
