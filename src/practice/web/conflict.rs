//! Something else is recorded for a turn already: the first answer stands, and nothing is lost.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::find_play;
use super::view::Bar;
use crate::accounts::nurse::Nurse;
use crate::app::App;
use crate::practice::Page;
use crate::web::{Error, Result, show_as};

/// Something else is recorded for this turn already: what that is, and the way on.
#[derive(Debug, Template)]
#[template(path = "practice/conflict.html")]
pub struct ConflictPage {
    bar: Bar,
    recorded: Option<String>,
    sent: String,
    is_reply: bool,
    go_on: String,
}

impl ConflictPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            bar: Bar::sample(),
            recorded: Some("“No.”".to_owned()),
            sent: "“Yes.”".to_owned(),
            is_reply: true,
            go_on: "/attempts/a/2/answer".to_owned(),
        }
    }
}

/// The page that says so, with status 409.
pub(super) async fn conflict(
    app: &App,
    nurse: &Nurse,
    id: &str,
    number: u32,
    sent: &str,
    go_on: Page,
) -> Result<Response> {
    let play = find_play(app, nurse, id).await?;
    let attempt = play.attempt();
    let walk = attempt.replay();
    let step = walk.step(number).ok_or(Error::NotFound)?;
    let is_reply = go_on == Page::Reaction(number);
    let own_words = step.opening.and_then(|opening| opening.own_words.clone());
    let reply = step.answer.map(|answer| attempt.policy.speak(&answer.reply.text));
    let page = ConflictPage {
        bar: Bar::of(&play, number),
        recorded: if is_reply { reply } else { own_words },
        sent: sent.to_owned(),
        is_reply,
        go_on: go_on.address(&attempt.id),
    };
    show_as(StatusCode::CONFLICT, &page)
}
