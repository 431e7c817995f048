//! The outlines of bands and of ways back.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::order::{Item, Thing, passes};
use super::{BOX_WIDTH, BackAt, BandAt, LANE, MARGIN, left, slot, tenths};
use crate::review::flow::{Band, Flow};

/// Where items stand, by what they are.
struct Places<'a> {
    stops: HashMap<usize, &'a Item>,
    passing: HashMap<(usize, usize), &'a Item>,
}

impl<'a> Places<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut places = Self { stops: HashMap::new(), passing: HashMap::new() };
        for item in items {
            match item.thing {
                Thing::Stop(stop) => drop(places.stops.insert(stop, item)),
                Thing::Pass(band) => drop(places.passing.insert((band, item.column), item)),
            }
        }
        places
    }

    /// The item a band meets in this column.
    fn met(&self, band: usize, end: usize, column: usize) -> Option<&'a Item> {
        self.passing.get(&(band, column)).or_else(|| self.stops.get(&end)).copied()
    }
}

/// Every way on: as wide as it has answers, from the right of one box to the left of another.
pub(super) fn bands(flow: &Flow, items: &[Item], unit: f64) -> Vec<BandAt> {
    let places = Places::of(items);
    let ways: Vec<(usize, &Band)> = flow.bands.iter().enumerate().filter(|(_, band)| !band.back).collect();
    let mut begins: HashMap<usize, f64> = HashMap::new();
    let mut ends: HashMap<usize, f64> = HashMap::new();
    for (stop, item) in &places.stops {
        let out = ways.iter().filter(|(_, band)| band.from == *stop).copied().collect();
        begins.extend(leaving(&places, item, out, unit));
        let arriving = ways.iter().filter(|(_, band)| band.to == *stop).copied().collect();
        ends.extend(coming(&places, item, arriving, unit));
    }
    let drawn = ways.iter().filter_map(|(index, band)| {
        let (begin, end) = (*begins.get(index)?, *ends.get(index)?);
        let (from, to) = (places.stops.get(&band.from)?, places.stops.get(&band.to)?);
        let width = f64::from(band.count) * unit;
        let mut points = vec![(left(from.column) + BOX_WIDTH, begin)];
        for column in passes(flow, band) {
            let pass = places.passing.get(&(*index, column))?;
            points.push((left(column), pass.y));
            points.push((left(column) + BOX_WIDTH, pass.y));
        }
        points.push((left(to.column), end));
        let label = (left(from.column) + BOX_WIDTH + 9.0, tenths(begin + width / 2.0 + 5.5));
        Some(BandAt { band: *index, width, path: outline(&points, width), label })
    });
    drawn.collect()
}

/// How far down each band leaves a box: in the order of where they go, with room between them.
fn leaving(places: &Places<'_>, item: &Item, mut out: Vec<(usize, &Band)>, unit: f64) -> Vec<(usize, f64)> {
    out.sort_by(|(one, a), (other, b)| {
        let next =
            |index: usize, band: &Band| places.met(index, band.to, item.column + 1).map_or(0.0, Item::middle);
        next(*one, a).total_cmp(&next(*other, b)).then(a.to.cmp(&b.to)).then(a.place.cmp(&b.place))
    });
    let room: f64 = out.iter().map(|(_, band)| slot(band.count, unit)).sum();
    let mut y = item.middle() - room / 2.0;
    let begin = |(index, band): (usize, &Band)| {
        let high = slot(band.count, unit);
        let begin = y + (high - f64::from(band.count) * unit) / 2.0;
        y += high;
        (index, begin)
    };
    out.into_iter().map(begin).collect()
}

/// How far down each band comes to a box: in the order of where they come from, side by side.
fn coming(
    places: &Places<'_>,
    item: &Item,
    mut arriving: Vec<(usize, &Band)>,
    unit: f64,
) -> Vec<(usize, f64)> {
    arriving.sort_by(|(one, a), (other, b)| {
        let column = item.column.saturating_sub(1);
        let before =
            |index: usize, band: &Band| places.met(index, band.from, column).map_or(0.0, Item::middle);
        before(*one, a).total_cmp(&before(*other, b)).then(a.from.cmp(&b.from)).then(a.place.cmp(&b.place))
    });
    let room: f64 = arriving.iter().map(|(_, band)| f64::from(band.count) * unit).sum();
    let mut y = item.middle() - room / 2.0;
    let end = |(index, band): (usize, &Band)| {
        let end = y;
        y += f64::from(band.count) * unit;
        (index, end)
    };
    arriving.into_iter().map(end).collect()
}

/// A band along its upper edge and back along its lower one. Every second stretch is straight.
fn outline(points: &[(f64, f64)], width: f64) -> String {
    let mut path = String::new();
    let upper = points.iter().copied();
    let lower = points.iter().rev().map(|(x, y)| (*x, y + width));
    let mut before: Option<(f64, f64)> = None;
    for (stretch, (x, y)) in upper.chain(lower).enumerate() {
        let (shown_x, shown_y) = (tenths(x), tenths(y));
        let _ = match before {
            None => write!(path, "M{shown_x} {shown_y}"),
            Some((last, _)) if (last - x).abs() < 0.05 || stretch % 2 == 0 => {
                write!(path, "L{shown_x} {shown_y}")
            }
            Some((last, from)) => {
                let middle = tenths(f64::midpoint(last, x));
                write!(path, "C{middle} {} {middle} {shown_y} {shown_x} {shown_y}", tenths(from))
            }
        };
        before = Some((x, y));
    }
    path.push('Z');
    path
}

/// Every way back: out on the right of a box, over all boxes, and in on the left of an earlier one.
pub(super) fn backs(flow: &Flow, items: &[Item]) -> Vec<BackAt> {
    let places = Places::of(items);
    let backs = flow.bands.iter().enumerate().filter(|(_, band)| band.back);
    let drawn = backs.zip(0_u32..).filter_map(|((index, band), lane)| {
        let (from, to) = (places.stops.get(&band.from)?, places.stops.get(&band.to)?);
        let lane = MARGIN / 2.0 + 6.0 + LANE * f64::from(lane);
        let (right, out) = (left(from.column) + BOX_WIDTH, left(from.column) + BOX_WIDTH + 14.0);
        let (end, into) = (left(to.column) - 2.0, left(to.column) - 14.0);
        let path = format!(
            "M{right} {}H{out}V{}H{into}V{}H{end}",
            tenths(from.y + 10.0),
            tenths(lane),
            tenths(to.y + 12.0)
        );
        let label = (tenths(f64::midpoint(out, into)), tenths(lane - 6.0));
        Some(BackAt { band: index, path, label })
    });
    drawn.collect()
}
