//! Before words are blacked out: where they stand.

use askama::Template;

use super::place::{self, Place};
use crate::accounts::staff::Educator;
use crate::app::App;
use crate::practice::Attempt;
use crate::practice::blacking::{Spot, cut, places, spelled_otherwise};
use crate::review::remark::{SeenBy, Written};
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
    /// Whether the nurse reads any of the texts they stand in.
    she_reads: bool,
    texts: Vec<Marked>,
    /// How they are spelled otherwise in what this educator reads.
    otherwise: Vec<String>,
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
            she_reads: true,
            texts: vec![Marked { what: "Own words, turn 2".to_owned(), pieces }],
            otherwise: vec!["555-0142s".to_owned()],
        }
    }

    /// The page for these words; None where nothing like them stands in any text that this educator may read.
    pub(super) fn of(
        app: &App,
        educator: &Educator,
        (place, attempt): (&Place, &Attempt),
        words: &str,
        mut texts: Vec<Written>,
    ) -> Option<Self> {
        texts.retain(|written| written.is_seen_by(educator.staff().id().as_str()));
        let (mut times, mut she_reads, mut marked, mut otherwise) = (0, false, Vec::new(), Vec::new());
        for written in &texts {
            let places = places(&written.text, words);
            if !places.is_empty() {
                let pieces =
                    cut(&written.text, &places).map(|(words, goes)| (words.to_owned(), goes)).collect();
                marked.push(Marked { what: what(written), pieces });
                times += places.len();
                she_reads |= written.seen_by == SeenBy::All;
            }
            for spelling in spelled_otherwise(&written.text, words) {
                if otherwise.len() < MOST && !otherwise.contains(&spelling) {
                    otherwise.push(spelling);
                }
            }
        }
        (times > 0 || !otherwise.is_empty()).then(|| Self {
            frame: educator.staff().frame(Here::Cohorts),
            cohort_id: educator.cohort().as_str().to_owned(),
            name: place.seat.shown().to_owned(),
            title: attempt.policy.speak(&attempt.revision.scenario.title),
            address: place::address(educator.cohort().as_str(), &place.seat.id, Some(&attempt.id)),
            words: words.to_owned(),
            token: app.clock.new_token(),
            times,
            she_reads,
            texts: marked,
            otherwise,
        })
    }

    /// The words themselves, where they are few enough to be said in a sentence.
    fn short(&self) -> Option<&str> {
        Some(self.words.as_str()).filter(|words| words.chars().count() <= 60)
    }
}

/// How many other spellings are shown at most.
const MOST: usize = 12;

/// What a text is, as a heading.
fn what(written: &Written) -> String {
    let kind = match (&written.spot, &written.seen_by) {
        (Spot::Own(_), _) => "Own words",
        (Spot::Feeling, _) => "Looking back: what was going on",
        (Spot::Aim, _) => "Looking back: what the aim was",
        (Spot::Comment(_), SeenBy::All) => "Comment",
        (Spot::Comment(_), _) => "Your draft",
        (Spot::Answer(_), _) => "Answer to a comment",
    };
    written.number.map_or_else(|| kind.to_owned(), |number| format!("{kind}, turn {number}"))
}
