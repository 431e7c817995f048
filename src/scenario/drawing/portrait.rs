//! The faces of a story: one bust, drawn from a few parts, in nine moods. No likeness of anyone.

mod feelings;
mod parts;
mod people;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::scenario::Mood;
use feelings::Feeling;
use parts::Look;

pub use people::NAMES;

/// A person's drawing. It carries no ids, so one page may show it any number of times; it is hidden from
/// screen readers, because the cue beside it says in words what it shows. Made of constants only, which hold nothing to
/// escape; and they are long.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/portrait.html", escape = "none")]
pub struct Portrait {
    look: &'static Look,
    feeling: &'static Feeling,
    size: &'static str,
}

impl Portrait {
    /// The person drawn under this id, or a neutral bust where there is none. `size` is a class of the
    /// stylesheet: "tiny", "big", or "" for the usual 84 px.
    #[must_use]
    pub fn new(id: &str, mood: Mood, size: &'static str) -> Self {
        Self { look: people::look(id), feeling: feelings::feeling(mood), size }
    }
}

/// Made of constants only, so it needs no second escaping.
impl HtmlSafe for Portrait {}

/// The unit's phone in the same arch, where there is no face to see.
#[derive(Clone, Copy, Debug, Template)]
#[template(path = "parts/phone.html")]
pub struct Phone {
    size: &'static str,
}

impl Phone {
    /// `size` as for [`Portrait::new`].
    #[must_use]
    pub const fn new(size: &'static str) -> Self {
        Self { size }
    }
}

/// Made of constants only, so it needs no second escaping.
impl HtmlSafe for Phone {}
