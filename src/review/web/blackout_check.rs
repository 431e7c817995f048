//! Before words are blacked out: where they stand.

use askama::Template;

use super::place::{self, Place};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::practice::Attempt;
use crate::practice::blacking::{Spot, cut, places};
use crate::web::Frame;
use crate::web::page::Here;

/// Words that may be blacked out, in every text of one conversation that has them.
#[derive(Debug, Template)]
#[template(path = "review/blackout.html")]
pub struct BlackoutPage {
    frame: Frame,
    cohort_id: String,
    name: String,
    title: String,
    address: String,
    words: String,
    token: String,
    times: usize,
    texts: Vec<Marked>,
}

/// A text with the words that go marked in it.
#[derive(Debug)]
struct Marked {
    /// What it is.
    what: String,
    /// Its pieces in order, each with whether it goes.
    pieces: Vec<(String, bool)>,
}

impl BlackoutPage {
    /// The page with everything on it.
    #[must_use]
    pub fn sample() -> Self {
        let pieces = vec![("Ring ███ or ".to_owned(), false), ("555-0142".to_owned(), true)];
        Self {
            frame: Frame::staff_sample(Here::Cohorts),
            cohort_id: "c".to_owned(),
            name: "Ana Okafor".to_owned(),
            title: "A goodbye".to_owned(),
            address: "/cohorts/c/people/s/a".to_owned(),
            words: "555-0142".to_owned(),
            token: "t".to_owned(),
            times: 1,
            texts: vec![Marked { what: what(&Spot::Own(2)), pieces }],
        }
    }

    /// The page for these words; None where no text has them that this educator may read.
    pub(super) fn of(
        app: &App,
        educator: &Educator,
        (place, attempt): (&Place, &Attempt),
        words: &str,
        texts: Vec<(Spot, String, bool)>,
    ) -> Option<Self> {
        let mut times = 0;
        let mut marked = Vec::new();
        for (spot, text, _) in texts.into_iter().filter(|(.., is_readable)| *is_readable) {
            let places = places(&text, words);
            if !places.is_empty() {
                let pieces = cut(&text, &places).map(|(words, goes)| (words.to_owned(), goes)).collect();
                marked.push(Marked { what: what(&spot), pieces });
                times += places.len();
            }
        }
        (times > 0).then(|| Self {
            frame: educator.staff().frame(Here::Cohorts),
            cohort_id: educator.cohort().as_str().to_owned(),
            name: place.seat.shown().to_owned(),
            title: attempt.policy.speak(&attempt.revision.scenario.title),
            address: place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id)),
            words: words.to_owned(),
            token: app.clock.new_token(),
            times,
            texts: marked,
        })
    }
}

/// What a text is, as a heading.
fn what(spot: &Spot) -> String {
    match spot {
        Spot::Own(number) => format!("Own words, turn {number}"),
        Spot::Feeling => "What was going on".to_owned(),
        Spot::Aim => "What the aim was".to_owned(),
        Spot::Comment(_) => "A comment".to_owned(),
        Spot::Answer(_) => "An answer to a comment".to_owned(),
    }
}
