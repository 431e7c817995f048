//! The pages of going through a conversation.

pub mod assigned;
pub mod comments;
pub mod conflict;
pub mod explore;
pub mod export;
pub mod later;
pub mod looking_back;
pub mod me;
pub mod play;
pub mod preview;
pub mod reaction;
pub mod record;
pub mod replies;
pub mod said;
pub mod start;
pub mod transcript;
pub mod turns;
pub mod view;
pub mod welcome;

use play::Play;

use super::{Attempt, AttemptId, Page, Step, load};
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::cohorts::readers::Readers;
use crate::web::route::Route;
use crate::web::{Error, Result};

/// The addresses of this slice.
#[must_use]
pub fn routes() -> Vec<Route> {
    let parts = [
        welcome::routes(),
        start::routes(),
        assigned::routes(),
        turns::routes(),
        replies::routes(),
        reaction::routes(),
        looking_back::routes(),
        explore::routes(),
        preview::routes(),
        transcript::routes(),
        comments::routes(),
        me::routes(),
        record::routes(),
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

/// Her attempt under this id as its pages show it, with who can read it besides her.
async fn find_play(app: &App, nurse: &Nurse, id: &str) -> Result<Play> {
    let attempt = find(app, nurse, id).await?;
    play_of(app, attempt).await
}

/// An attempt as its pages show it. Whoever only records something does without: who can read it is one more question.
async fn play_of(app: &App, attempt: Attempt) -> Result<Play> {
    let readers = readers(app, &attempt).await?.map(|readers| readers.in_short());
    Ok(Play::recorded(attempt, readers))
}

/// Who can read an attempt besides the nurse; None for practice.
async fn readers(app: &App, attempt: &Attempt) -> Result<Option<Readers>> {
    let Some(assigned) = &attempt.assigned else { return Ok(None) };
    let readers = Readers::of(&mut app.db.read().await?, &assigned.assignment).await?;
    Ok(Some(readers.unwrap_or_default()))
}

/// Her turn with this number, where she may see this page of it now.
fn turn(attempt: &Attempt, page: fn(u32) -> Page, number: u32) -> Result<Step<'_>> {
    allow(attempt, page(number))?;
    attempt.replay().step(number).copied().ok_or(Error::NotFound)
}

/// Goes on when she may see this page now, and to the page that is next for her when not.
fn allow(attempt: &Attempt, asked: Page) -> Result<()> {
    let allowed = attempt.replay().allowed(asked);
    if allowed == asked { Ok(()) } else { Err(Error::Elsewhere(allowed.address(&attempt.id))) }
}
