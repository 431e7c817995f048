//! Where the turns, endings and bands of a scenario's map stand on the page.

mod order;
mod path;

use super::flow::Flow;
use order::{Item, Thing};

/// How wide a box is, in pixels.
pub const BOX_WIDTH: f64 = 176.0;

/// How far one column's boxes are from the next one's.
const GUTTER: f64 = 92.0;

/// The least height of a box.
const LEAST_HEIGHT: f64 = 76.0;

/// How far two boxes of a column are apart at least.
const GAP: f64 = 26.0;

/// A number beside a band needs this much height.
const SLOT: f64 = 17.0;

/// How high the tallest column may become by giving each nurse more room.
const MOST_HEIGHT: f64 = 560.0;

/// How many characters fit into one line of a box.
const LINE: usize = 18;

/// Room around everything.
const MARGIN: f64 = 22.0;

/// The height of one way back above the boxes.
const LANE: f64 = 26.0;

/// A turn or ending, drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxAt {
    /// Which stop of the flow it is.
    pub stop: usize,
    /// Its left edge.
    pub x: f64,
    /// Its upper edge.
    pub y: f64,
    /// Its height.
    pub height: f64,
    /// The title, in lines that fit.
    pub lines: Vec<String>,
    /// How far down the small line over the title stands.
    pub small_y: f64,
    /// How far down the title's first line stands.
    pub title_y: f64,
}

/// Answers that lead on, drawn as wide as they are many.
#[derive(Clone, Debug, PartialEq)]
pub struct BandAt {
    /// Which band of the flow it is.
    pub band: usize,
    /// How wide it is.
    pub width: f64,
    /// The outline.
    pub path: String,
    /// Where its number stands.
    pub label: (f64, f64),
}

/// Answers that lead back, drawn as an arrow over the boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct BackAt {
    /// Which band of the flow it is.
    pub band: usize,
    /// The line.
    pub path: String,
    /// Where its words stand.
    pub label: (f64, f64),
}

/// The whole map, drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    /// How wide it is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// How many pixels one answer is wide.
    pub unit: f64,
    /// Turns and endings.
    pub boxes: Vec<BoxAt>,
    /// Ways on.
    pub bands: Vec<BandAt>,
    /// Ways back.
    pub backs: Vec<BackAt>,
}

/// Draws a flow. The same flow always gives the same drawing.
#[must_use]
pub fn draw(flow: &Flow) -> Drawing {
    let titles: Vec<Vec<String>> = flow.stops.iter().map(|stop| wrap(&stop.title)).collect();
    let unit = unit(flow, &titles);
    let mut columns = order::columns(flow, |thing| height(flow, &titles, thing, unit));
    order::least_crossings(flow, &mut columns);
    let lanes = flow.bands.iter().filter(|band| band.back).count();
    let top = MARGIN + LANE * f64::from(u32::try_from(lanes).unwrap_or_default());
    order::place(flow, &mut columns, GAP, top);
    let items: Vec<Item> = columns.into_iter().flatten().collect();
    let bottom = items.iter().map(|item| item.y + item.height).fold(top, f64::max);
    let last = flow.stops.iter().map(|stop| stop.column).max().unwrap_or_default();
    Drawing {
        width: tenths(left(last) + BOX_WIDTH + MARGIN),
        height: tenths(bottom + MARGIN),
        unit,
        boxes: boxes(flow, &items, &titles),
        bands: path::bands(flow, &items, unit),
        backs: path::backs(flow, &items),
    }
}

/// The left edge of a column.
fn left(column: usize) -> f64 {
    MARGIN + f64::from(u32::try_from(column).unwrap_or(u32::MAX)) * (BOX_WIDTH + GUTTER)
}

fn boxes(flow: &Flow, items: &[Item], titles: &[Vec<String>]) -> Vec<BoxAt> {
    let mut boxes: Vec<BoxAt> = Vec::with_capacity(flow.stops.len());
    for item in items {
        let Thing::Stop(stop) = item.thing else { continue };
        let lines = titles.get(stop).cloned().unwrap_or_default();
        let small = if flow.stops.get(stop).is_some_and(|stop| stop.apart) { 2.0 } else { 1.0 };
        let text = small * 18.0 + 19.0 * lines_high(&lines);
        let y = item.y + (item.height - text) / 2.0 + 13.0;
        boxes.push(BoxAt {
            stop,
            x: left(item.column),
            y: tenths(item.y),
            height: tenths(item.height),
            lines,
            small_y: tenths(y),
            title_y: tenths(y + small * 18.0 + 3.0),
        });
    }
    boxes.sort_by_key(|at| at.stop);
    boxes
}

fn lines_high(lines: &[String]) -> f64 {
    f64::from(u32::try_from(lines.len()).unwrap_or_default())
}

/// How many pixels one answer is wide: 13 where 24 began, and such that the tallest column fits.
fn unit(flow: &Flow, titles: &[Vec<String>]) -> f64 {
    let mut unit = (312.0 / f64::from(flow.began.max(1))).min(26.0);
    let last = flow.stops.iter().map(|stop| stop.column).max().unwrap_or_default();
    for _ in 0..12 {
        let tallest = (0..=last)
            .map(|column| {
                let here = order::things(flow, column);
                let heights = here.iter().map(|thing| height(flow, titles, *thing, unit) + GAP);
                heights.sum::<f64>() - GAP
            })
            .fold(0.0, f64::max);
        if tallest <= MOST_HEIGHT {
            break;
        }
        unit *= 0.9;
    }
    unit
}

/// How high a box is, or a band that passes through a column.
fn height(flow: &Flow, titles: &[Vec<String>], thing: Thing, unit: f64) -> f64 {
    match thing {
        Thing::Pass(band) => flow.bands.get(band).map_or(0.0, |band| f64::from(band.count) * unit),
        Thing::Stop(stop) => {
            let lines = titles.get(stop).map_or(1.0, |lines| lines_high(lines));
            let apart = flow.stops.get(stop).is_some_and(|stop| stop.apart);
            let text = 46.0 + 19.0 * lines + if apart { 18.0 } else { 0.0 };
            let visits = flow.stops.get(stop).map_or(0, |stop| stop.visits);
            let out = flow.bands.iter().filter(|band| band.from == stop && !band.back);
            let out: f64 = out.map(|band| slot(band.count, unit)).sum();
            LEAST_HEIGHT.max(text).max(f64::from(visits) * unit).max(out)
        }
    }
}

/// The room a band takes where it begins, so that its number can be read.
fn slot(count: u32, unit: f64) -> f64 {
    (f64::from(count) * unit).max(SLOT)
}

/// A number as it is written into the page: to a tenth of a pixel.
fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A title in lines that fit into a box; a word that doesn't is cut.
#[must_use]
pub fn wrap(title: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in title.split_whitespace() {
        for piece in pieces(word) {
            let more = piece.chars().count();
            if length > 0 && length + 1 + more > LINE {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(&piece);
            length += more;
        }
    }
    lines.push(line);
    lines
}

fn pieces(word: &str) -> Vec<String> {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(LINE).map(|chunk| chunk.iter().collect()).collect()
}
