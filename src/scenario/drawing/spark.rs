//! A path through a conversation as one small line: replies sit under it, on it or over it.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::scenario::rubric::Place;

/// Half the distance between two replies, in units of the drawing (two per CSS pixel).
const HALF_STEP: i32 = 23;

/// A path drawn against the line, as wide as the scenario is long, with the path in words as its name.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/spark.html")]
pub struct Spark {
    width: i32,
    label: String,
    points: Vec<Point>,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug)]
struct Point {
    x: i32,
    y: i32,
    class: &'static str,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    x: i32,
    y: i32,
    to_x: i32,
    to_y: i32,
}

impl Spark {
    /// The replies' places in the order they were given; `turns` is how many the longest path has.
    #[must_use]
    pub fn new(path: &[Place], turns: usize) -> Self {
        let points: Vec<Point> = path
            .iter()
            .zip(0_i32..)
            .map(|(&place, turn)| Point {
                x: 8 + HALF_STEP * (2 * turn + 1),
                y: height(place),
                class: place.class(),
            })
            .collect();
        let lines = points
            .iter()
            .zip(points.iter().skip(1))
            .map(|(from, to)| Line { x: from.x, y: from.y, to_x: to.x, to_y: to.y })
            .collect();
        let places = i32::try_from(path.len().max(turns).max(3)).unwrap_or(i32::from(i16::MAX));
        Self { width: HALF_STEP * places + 8, label: in_words(path), points, lines }
    }
}

/// A drawing made of numbers and of fixed words needs no second escaping.
impl HtmlSafe for Spark {}

/// How far down a place lies; the line itself is at 32.
const fn height(place: Place) -> i32 {
    match place {
        Place::TurnsAway => 60,
        Place::Keeps => 52,
        Place::Blurs => 32,
        Place::Crosses => 12,
    }
}

fn in_words(path: &[Place]) -> String {
    if path.is_empty() {
        return String::from("Not begun");
    }
    let turns: Vec<String> = path
        .iter()
        .zip(1_u32..)
        .map(|(place, turn)| format!("turn {turn} {}", place.name().to_lowercase()))
        .collect();
    turns.join(", ")
}
