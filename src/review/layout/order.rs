//! Which box stands above which, and how far down: few crossings, nothing overlaps.

use crate::review::flow::{Band, Flow};
use crate::scenario::rubric::Place;

/// How strongly everything is drawn to the middle of the picture, against its neighbors.
const HOMING: f64 = 0.35;

/// Something that takes room in a column.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Thing {
    /// A turn or an ending.
    Stop(usize),
    /// A band that passes by on its way to a later column.
    Pass(usize),
}

/// A thing with its room.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) thing: Thing,
    pub(super) column: usize,
    pub(super) height: f64,
    pub(super) y: f64,
    /// Where its middle would be if its column stood in the middle of the picture.
    home: f64,
}

impl Item {
    pub(super) fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// The columns between which a band passes, both ends left out.
pub(super) fn passes(flow: &Flow, band: &Band) -> std::ops::Range<usize> {
    let from = flow.stops.get(band.from).map_or(0, |stop| stop.column);
    let to = flow.stops.get(band.to).map_or(0, |stop| stop.column);
    if band.back { 0..0 } else { from + 1..to.max(from + 1) }
}

/// What stands in a column, in the author's order.
pub(super) fn things(flow: &Flow, column: usize) -> Vec<Thing> {
    let stops = flow.stops.iter().enumerate().filter(|(_, stop)| stop.column == column);
    let passing = flow.bands.iter().enumerate().filter(|(_, band)| passes(flow, band).contains(&column));
    stops.map(|(index, _)| Thing::Stop(index)).chain(passing.map(|(index, _)| Thing::Pass(index))).collect()
}

/// All columns; within each, what the replies led to from too distant to too close.
pub(super) fn columns(flow: &Flow, height: impl Fn(Thing) -> f64) -> Vec<Vec<Item>> {
    let last = flow.stops.iter().map(|stop| stop.column).max().unwrap_or_default();
    let column = |column: usize| {
        let mut things = things(flow, column);
        things.sort_by(|one, other| lean(flow, *one).total_cmp(&lean(flow, *other)));
        things
            .into_iter()
            .map(|thing| Item { thing, column, height: height(thing), y: 0.0, home: 0.0 })
            .collect()
    };
    (0..=last).map(column).collect()
}

/// How close the replies that led here are, on average: 0 turns away, 3 crosses.
fn lean(flow: &Flow, thing: Thing) -> f64 {
    let bands = flow.bands.iter().enumerate().filter(|(index, band)| match thing {
        Thing::Stop(stop) => band.to == stop && !band.back,
        Thing::Pass(pass) => *index == pass,
    });
    let place = |place: Place| match place {
        Place::TurnsAway => 0.0,
        Place::Keeps => 1.0,
        Place::Blurs => 2.0,
        Place::Crosses => 3.0,
    };
    average(bands.map(|(_, band)| (place(band.place), band.count))).unwrap_or(1.0)
}

fn average(values: impl Iterator<Item = (f64, u32)>) -> Option<f64> {
    let (sum, weight) = values.fold((0.0, 0.0), |(sum, weight), (value, count)| {
        let count = f64::from(count);
        (sum + value * count, weight + count)
    });
    (weight > 0.0).then(|| sum / weight)
}

/// Whether this band comes from, or goes to, this thing on the given side.
fn touches(flow: &Flow, index: usize, band: &Band, thing: Thing, column: usize, left: bool) -> bool {
    match thing {
        Thing::Pass(pass) => pass == index,
        Thing::Stop(stop) => {
            let end = if left { band.from } else { band.to };
            end == stop && !band.back && flow.stops.get(stop).is_some_and(|stop| stop.column == column)
        }
    }
}

/// What joins one column to the next: positions in each, and how many.
fn joints(flow: &Flow, columns: &[Vec<Item>], column: usize) -> Vec<(usize, usize, u32)> {
    let (Some(here), Some(next)) = (columns.get(column), columns.get(column + 1)) else { return Vec::new() };
    let joint = |(index, band): (usize, &Band)| {
        let from = here.iter().position(|item| touches(flow, index, band, item.thing, column, true))?;
        let to = next.iter().position(|item| touches(flow, index, band, item.thing, column + 1, false))?;
        Some((from, to, band.count))
    };
    flow.bands.iter().enumerate().filter(|(_, band)| !band.back).filter_map(joint).collect()
}

/// How many answers cross how many others, over all columns.
fn crossings(flow: &Flow, columns: &[Vec<Item>]) -> u64 {
    let mut total = 0;
    for column in 0..columns.len() {
        let joints = joints(flow, columns, column);
        for (position, one) in joints.iter().enumerate() {
            for other in joints.iter().skip(position + 1) {
                let crosses = (one.0 < other.0 && one.1 > other.1) || (one.0 > other.0 && one.1 < other.1);
                total += u64::from(crosses) * u64::from(one.2.min(other.2));
            }
        }
    }
    total
}

/// Sorts each column by where its bands come from or go to, a few times over, and keeps the best.
pub(super) fn least_crossings(flow: &Flow, columns: &mut Vec<Vec<Item>>) {
    let mut best = (crossings(flow, columns), columns.clone());
    for round in 0..12 {
        let count = columns.len();
        for step in 1..count {
            let (column, joint) =
                if round % 2 == 0 { (step, step - 1) } else { (count - 1 - step, count - 1 - step) };
            let joints = joints(flow, columns, joint);
            let Some(items) = columns.get_mut(column) else { continue };
            let mut keyed: Vec<(f64, Item)> = Vec::with_capacity(items.len());
            for (position, item) in items.iter().enumerate() {
                let near = joints.iter().filter_map(|(from, to, weight)| match round % 2 {
                    0 => (*to == position).then_some((number(*from), *weight)),
                    _ => (*from == position).then_some((number(*to), *weight)),
                });
                keyed.push((average(near).unwrap_or_else(|| number(position)), *item));
            }
            keyed.sort_by(|one, other| one.0.total_cmp(&other.0));
            *items = keyed.into_iter().map(|(_, item)| item).collect();
        }
        let now = crossings(flow, columns);
        if now < best.0 {
            best = (now, columns.clone());
        }
    }
    *columns = best.1;
}

fn number(position: usize) -> f64 {
    f64::from(u32::try_from(position).unwrap_or(u32::MAX))
}

/// Gives every item its height on the page: near to what it is joined to, in order, never nearer than the gap.
pub(super) fn place(flow: &Flow, columns: &mut [Vec<Item>], gap: f64, top: f64) {
    for items in columns.iter_mut() {
        let high: f64 = items.iter().map(|item| item.height + gap).sum();
        let mut y = -high / 2.0;
        for item in items.iter_mut() {
            item.y = y;
            item.home = item.middle();
            y += item.height + gap;
        }
    }
    for round in 0..16 {
        for step in 0..columns.len() {
            let column = if round % 2 == 0 { step } else { columns.len() - 1 - step };
            settle(flow, columns, column, gap);
        }
    }
    let least = columns.iter().flatten().map(|item| item.y).fold(f64::INFINITY, f64::min);
    for item in columns.iter_mut().flatten() {
        item.y = item.y - least + top;
    }
}

/// Moves one column's items to where their neighbors want them, as near as the order allows.
fn settle(flow: &Flow, columns: &mut [Vec<Item>], column: usize, gap: f64) {
    let before = column.checked_sub(1).map(|left| joints(flow, columns, left)).unwrap_or_default();
    let after = joints(flow, columns, column);
    let middles = |column: Option<usize>| -> Vec<f64> {
        let items = column.and_then(|column| columns.get(column));
        items.map(|items| items.iter().map(Item::middle).collect()).unwrap_or_default()
    };
    let (left, right) = (middles(column.checked_sub(1)), middles(Some(column + 1)));
    let Some(items) = columns.get_mut(column) else { return };
    // Every item wants a place; neighbors in order that want to overlap are moved together (pooled).
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    let mut offset = 0.0;
    let mut offsets = Vec::with_capacity(items.len());
    for (position, item) in items.iter().enumerate() {
        let from_left = before.iter().filter(|joint| joint.1 == position);
        let from_left = from_left.filter_map(|joint| Some((*left.get(joint.0)?, joint.2)));
        let from_right = after.iter().filter(|joint| joint.0 == position);
        let from_right = from_right.filter_map(|joint| Some((*right.get(joint.1)?, joint.2)));
        let near = average(from_left.chain(from_right)).unwrap_or_else(|| item.middle());
        // Neighbors alone would let a long scenario climb from column to column.
        let wanted = near * (1.0 - HOMING) + item.home * HOMING;
        offsets.push(offset);
        pools.push((wanted - item.height / 2.0 - offset, 1.0, 1));
        offset += item.height + gap;
        while let [.., (above, above_weight, above_count), (below, weight, count)] = pools.as_slice()
            && below < above
        {
            let all = above_weight + weight;
            let merged = ((above * above_weight + below * weight) / all, all, above_count + count);
            pools.truncate(pools.len() - 2);
            pools.push(merged);
        }
    }
    let wanted = pools.iter().flat_map(|(y, _, count)| std::iter::repeat_n(*y, *count));
    for ((item, y), offset) in items.iter_mut().zip(wanted).zip(offsets) {
        item.y = y + offset;
    }
}
