//! What a page says when it can't do what was asked: plain words, a way on, never the cause.

use askama::Template;
use axum::http::StatusCode;

use super::again::Typed;
use super::error::Reason;
use super::form::LocalPath;
use super::page::Frame;
use crate::db::Away;

/// A page for something that could not be done.
#[derive(Template)]
#[template(path = "error.html")]
pub struct RefusalPage {
    frame: Frame,
    title: &'static str,
    text: &'static str,
    typed: Typed,
    way_on: WayOn,
    reference: Option<String>,
}

/// Where a page of trouble leads on to.
#[derive(Clone, Debug, Eq, PartialEq)]
enum WayOn {
    /// The catalogue.
    Practice,
    /// The return code.
    ComeBack,
    /// The sign-in of the staff, and from there to this address.
    SignIn(String),
    /// The cohorts of somebody of the staff.
    Cohorts,
    /// This very address, once more.
    Again(String),
    /// The first page, which leads everybody to where she works.
    Start,
    /// Out of the session of somebody of the staff.
    SignOut,
    /// This address, and what is there.
    To(String, &'static str),
}

impl RefusalPage {
    /// The page as it looks with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            Typed { words: "What I typed".to_owned(), too_long: true, sent: true },
            Some("0199-sample".to_owned()),
        )
    }

    pub(super) fn new(status: StatusCode, typed: Typed, reference: Option<String>) -> Self {
        let (title, text) = match status {
            StatusCode::NOT_FOUND if typed.sent => SENT_TO_NOTHING,
            status => words(status),
        };
        let way_on = match status {
            StatusCode::UNAUTHORIZED => WayOn::ComeBack,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => WayOn::Start,
            _ => WayOn::Practice,
        };
        let reference = reference.filter(|_| status.is_server_error());
        Self { frame: Frame::stranger(), title, text, typed, way_on, reference }
    }

    /// Whether it has to be said that nothing is stored: where it is not told who sent something. What the staff send
    /// without words may have been done when it was sent the first time, which can end a session.
    fn is_to_say_not_stored(&self) -> bool {
        match self.way_on {
            WayOn::ComeBack => self.typed.sent,
            WayOn::SignIn(_) => self.typed.too_long || !self.typed.words.is_empty(),
            _ => false,
        }
    }

    /// Someone of the staff has to sign in first; afterwards she is where she wanted to go.
    pub(super) fn sign_in(typed: Typed, wanted: Option<LocalPath>) -> Self {
        let way_on =
            WayOn::SignIn(wanted.map_or_else(
                || "/sign-in".to_owned(),
                |wanted| format!("/sign-in?to={}", wanted.in_a_query()),
            ));
        let (title, text) = (
            "Sign in first",
            "This page is for educators, managers and administrators. If you were signed in, you were away for \
             half an hour, or your access ended.",
        );
        Self { frame: Frame::stranger(), title, text, typed, way_on, reference: None }
    }

    /// The database is away for a moment.
    pub(super) fn away(away: Away, typed: Typed, wanted: Option<LocalPath>) -> Self {
        let text = match away {
            Away::Unsure => {
                "The connection to our records broke at the very moment of storing: what you sent may or may not have \
                 arrived. Everything you saw a reaction to is stored. Wait a moment, go back and send it again: the \
                 same answer is never stored twice."
            }
            Away::ReadOnly => {
                "Everything you saw a reaction to is stored, nothing is lost, and pages can still be read. Whoever \
                 looks after this site has to fix it: tell them if you can, and send this again later. The same \
                 answer is never stored twice."
            }
            Away::Lost | Away::Closed if wanted.is_some() => {
                "Our records can’t be reached at the moment. Everything you saw a reaction to is stored, and nothing \
                 is lost. Wait a moment and open the page again."
            }
            Away::Lost | Away::Closed => {
                "Our records can’t be reached at the moment. Everything you saw a reaction to is stored. Wait a \
                 moment, go back and send it again: the same answer is never stored twice."
            }
        };
        let way_on = wanted.map_or(WayOn::Practice, |wanted| WayOn::Again(wanted.as_str().to_owned()));
        let title = match away {
            Away::ReadOnly => "Nothing can be stored right now",
            Away::Lost | Away::Closed | Away::Unsure => "Try again in a moment",
        };
        Self { frame: Frame::stranger(), title, text, typed, way_on, reference: None }
    }

    /// The disk is nearly full.
    pub(super) fn no_room(typed: Typed, wanted: Option<LocalPath>) -> Self {
        let (title, text) = (
            "No files for the moment",
            "The disk of this site is nearly full, so files are neither made nor taken in. Nothing is lost, and \
             practice goes on. Whoever looks after this site has to make room: tell them if you can, and try again \
             later.",
        );
        let way_on = wanted.map_or(WayOn::Practice, |wanted| WayOn::Again(wanted.as_str().to_owned()));
        Self { frame: Frame::stranger(), title, text, typed, way_on, reference: None }
    }

    /// There is a reason of its own.
    pub(super) fn because(typed: Typed, reason: Reason) -> Self {
        let Reason { frame, title, text, way_on: (address, there) } = reason;
        Self { frame, title, text, typed, way_on: WayOn::To(address, there), reference: None }
    }

    /// Too many ask at once.
    pub(super) fn busy(typed: Typed, wanted: Option<LocalPath>) -> Self {
        let text = if wanted.is_some() {
            "Nothing is lost. Wait half a minute and open the page again."
        } else {
            "What you just sent is not stored yet; everything you saw before is. Wait half a minute, go back and send \
             it again."
        };
        let way_on = wanted.map_or(WayOn::Practice, |wanted| WayOn::Again(wanted.as_str().to_owned()));
        let title = "Very many people are here right now";
        Self { frame: Frame::stranger(), title, text, typed, way_on, reference: None }
    }

    /// A nurse's own page, asked for by somebody of the staff; or by a nurse in whose browser somebody of the staff has
    /// signed in since.
    pub(super) fn for_nurses(typed: Typed) -> Self {
        if typed.sent {
            let (title, text) = (
                "Somebody of the staff is signed in here",
                "This is a nurse’s own page, and somebody of the staff has signed in on this device. What you sent is \
                 not stored. Let them sign out; then start again, or come back with your return code.",
            );
            return Self {
                frame: Frame::stranger(),
                title,
                text,
                typed,
                way_on: WayOn::SignOut,
                reference: None,
            };
        }
        let (title, text) = (
            "This page is a nurse’s own",
            "You are signed in as staff. Nobody but the nurse opens her practice; what she was assigned is in \
             your cohort.",
        );
        Self { frame: Frame::stranger(), title, text, typed, way_on: WayOn::Cohorts, reference: None }
    }
}

/// Said where something was sent about what is not there, whether it ever was or not.
const SENT_TO_NOTHING: (&str, &str) = (
    "This is not here anymore",
    "What you sent belongs to something that may have been deleted, or that you have no access to anymore. (A nurse’s \
     place in a group can be taken over with a personal link.) Nothing of it is stored.",
);

fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            "There’s nothing at this address",
            "Check the address. If it was a page of yours, it may have been deleted, or your access to it has ended.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "This address can’t do that",
            "Go to the start and open the page again from there. What you sent before may be stored: look there first.",
        ),
        StatusCode::FORBIDDEN => (
            "That came from another page",
            "For your safety, answers are only taken from this site’s own pages. Open the page here and send it \
             again. If you use a privacy tool that hides where a form comes from, allow it for this site.",
        ),
        StatusCode::UNAUTHORIZED => (
            "We can’t tell who you are",
            "This browser doesn’t know you. Perhaps you signed out, cookies are off, or it was left alone for half a \
             day: then a return code brings you back. If you deleted everything, it is gone, and you can start fresh.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "That was too long to send",
            "Nothing was stored, and nothing that was stored before is lost. Go back: your browser still has what \
             you typed. Shorten it and send it again.",
        ),
        StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => (
            "That took too long",
            "What you sent may or may not have arrived. Send it again: the same answer is never stored twice.",
        ),
        status if status.is_server_error() => (
            "Something broke on our side",
            "Every answer you saw a reaction to is stored. Go back and send it again: the same answer is never \
             stored twice.",
        ),
        _ => (
            "We couldn’t read that",
            "Nothing was stored. Go back to the page you came from and send it again.",
        ),
    }
}
