//! A path through a conversation as one small line: replies sit under it, on it or over it.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::scenario::rubric::Place;

/// How far one reply is from the next, in pixels.
const STEP: i32 = 23;

/// Where the first reply stands.
const FIRST: i32 = 15;

/// A path drawn against the line, as wide as the scenario is long, with the path in words as its name. A page of a
/// cohort has a hundred of them, so that each is one path a kind of mark, and how it looks is the stylesheet's.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/spark.html")]
pub struct Spark {
    width: i32,
    label: String,
    way: String,
    marks: Vec<(&'static str, String)>,
}

impl Spark {
    /// The replies' places in the order they were given; `turns` is how many the longest path has.
    #[must_use]
    pub fn new(path: &[Place], turns: usize) -> Self {
        let marks = Place::ALL.into_iter().filter(|place| path.contains(place));
        let places = i32::try_from(path.len().max(turns).max(3)).unwrap_or(i32::from(i16::MAX));
        Self {
            width: STEP * places + 8,
            label: in_words(path),
            way: way(path),
            marks: marks.map(|place| (place.class(), shapes(path, place))).collect(),
        }
    }
}

/// A drawing made of numbers and of fixed words needs no second escaping.
impl HtmlSafe for Spark {}

/// How far down a place lies; the line itself is at 16.
const fn height(place: Place) -> i32 {
    match place {
        Place::TurnsAway => 30,
        Place::Keeps => 26,
        Place::Blurs => 16,
        Place::Crosses => 6,
    }
}

/// One curve from reply to reply.
fn way(path: &[Place]) -> String {
    let Some(first) = path.first().filter(|_| path.len() > 1) else { return String::new() };
    let steps = path.iter().zip(path.iter().skip(1)).map(|(from, to)| match height(*to) - height(*from) {
        0 => format!("h{STEP}"),
        down => format!("c12 0 11 {down} {STEP} {down}"),
    });
    let start = format!("M{FIRST} {}", height(*first));
    std::iter::once(start).chain(steps).collect::<Vec<_>>().concat()
}

/// Every reply at this place: discs, half-discs, diamonds, triangles.
fn shapes(path: &[Place], place: Place) -> String {
    let shape = match place {
        // A line without length whose ends are round is a disc.
        Place::Keeps => "h0",
        // A disc, then the upper half of it again: what is covered twice stays empty.
        Place::Blurs => "m-5 0a5 5 0 0 0 10 0 5 5 0 0 0-10 0 5 5 0 0 1 10 0z",
        Place::Crosses => "m0-5l5 5-5 5-5-5z",
        Place::TurnsAway => "m-5-5h10l-5 8z",
    };
    let y = height(place);
    let here = path.iter().zip(0_i32..).filter(|(at, _)| **at == place);
    here.map(|(_, turn)| format!("M{} {y}{shape}", FIRST + STEP * turn)).collect::<Vec<_>>().concat()
}

/// "keeps, keeps, blurs": in the order of the turns.
fn in_words(path: &[Place]) -> String {
    if path.is_empty() {
        return String::from("Not begun");
    }
    let turns: Vec<String> = path.iter().map(|place| place.name().to_lowercase()).collect();
    turns.join(", ")
}
