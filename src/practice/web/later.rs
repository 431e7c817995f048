//! So many have begun from one network address that the next has to wait a little. What she chose is kept.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::start::StartForm;
use crate::clock::Millis;
use crate::web::form::Text;
use crate::web::{Frame, Result, show_as};

/// When to begin, and the form again with all that was in it.
#[derive(Debug, Template)]
#[template(path = "practice/later.html")]
pub struct LaterPage {
    frame: Frame,
    slug: String,
    token: String,
    /// What she said, where the page she comes from asks for it.
    own: Option<String>,
    own_device: bool,
    anyway: Option<String>,
    asked: Option<String>,
    /// How long to wait, in seconds.
    seconds: Millis,
    /// The same in words.
    wait: String,
}

impl LaterPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            frame: Frame::stranger(),
            slug: "a".to_owned(),
            token: "t".to_owned(),
            own: Some("I can’t".to_owned()),
            own_device: true,
            anyway: Some("phone".to_owned()),
            asked: Some("phone".to_owned()),
            seconds: 720,
            wait: in_minutes(720),
        }
    }

    fn has_words(&self) -> bool {
        self.own.as_ref().is_some_and(|own| !own.is_empty())
    }

    /// The page for whoever sent this form now and may begin from that time on.
    pub(super) fn new(slug: &str, form: StartForm, from: Millis, now: Millis) -> Self {
        let seconds = (from - now).max(1000).saturating_add(999) / 1000;
        Self {
            frame: Frame::stranger(),
            slug: slug.to_owned(),
            token: form.token,
            own: form.own.map(Text::into_string),
            own_device: form.own_device.is_some(),
            anyway: form.anyway,
            asked: form.asked,
            seconds,
            wait: in_minutes(seconds),
        }
    }
}

fn in_minutes(seconds: Millis) -> String {
    match (seconds + 59) / 60 {
        ..=1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// The page, with status 429 and when to try again.
pub(super) fn later(page: &LaterPage) -> Result<Response> {
    let seconds = page.seconds.to_string();
    let page = show_as(StatusCode::TOO_MANY_REQUESTS, page)?;
    Ok(([(header::RETRY_AFTER, seconds)], page).into_response())
}
