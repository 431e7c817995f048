//! A scenario's map as its template draws it.

use crate::review::flow::{Flow, Stop};
use crate::review::layout::{self, BOX_WIDTH, Drawing};

/// A turn or ending.
#[derive(Clone, Debug)]
pub struct BoxView {
    pub(super) address: Option<String>,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text_x: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) small: Vec<(f64, String)>,
    pub(super) lines: Vec<(f64, String)>,
}

/// Ways on that sit at the same place.
#[derive(Clone, Debug)]
pub struct BandView {
    pub(super) class: &'static str,
    pub(super) path: String,
    pub(super) count: u32,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A way back.
#[derive(Clone, Debug)]
pub struct BackView {
    pub(super) class: &'static str,
    pub(super) path: String,
    pub(super) words: String,
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The whole map.
#[derive(Clone, Debug)]
pub struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) boxes: Vec<BoxView>,
    pub(super) bands: Vec<BandView>,
    pub(super) backs: Vec<BackView>,
}

impl Picture {
    /// Draws a flow; turns are links to their answers.
    #[must_use]
    pub fn of(flow: &Flow, address: &str, query: &str) -> Self {
        let drawing: Drawing = layout::draw(flow);
        let boxes = drawing.boxes.iter().filter_map(|at| {
            let stop = flow.stops.get(at.stop)?;
            let mut small = vec![(at.small_y, place_and_count(stop))];
            if stop.apart {
                small.push((at.small_y + 18.0, revisions(stop)));
            }
            let lines = at.lines.iter().zip(0_u32..);
            let lines = lines.map(|(line, row)| (at.title_y + 19.0 * f64::from(row), line.clone()));
            Some(BoxView {
                address: (!stop.end).then(|| format!("{address}/{}{query}", stop.id)),
                x: at.x,
                y: at.y,
                text_x: at.x + 15.0,
                width: BOX_WIDTH,
                height: at.height,
                small,
                lines: lines.collect(),
            })
        });
        let bands = drawing.bands.iter().filter_map(|at| {
            let band = flow.bands.get(at.band)?;
            let (x, y) = at.label;
            Some(BandView { class: band.place.class(), path: at.path.clone(), count: band.count, x, y })
        });
        let backs = drawing.backs.iter().filter_map(|at| {
            let band = flow.bands.get(at.band)?;
            let (x, y) = at.label;
            let words = format!("{} back to “{}”", band.count, flow.stops.get(band.to)?.title);
            Some(BackView { class: band.place.class(), path: at.path.clone(), words, x, y })
        });
        Self {
            width: drawing.width,
            height: drawing.height,
            boxes: boxes.collect(),
            bands: bands.collect(),
            backs: backs.collect(),
        }
    }

    /// A small map as it looks on a sample page.
    #[must_use]
    pub fn sample() -> Self {
        let at = BoxView {
            address: Some("/cohorts/c/scenarios/gate/lift".to_owned()),
            x: 0.0,
            y: 0.0,
            text_x: 15.0,
            width: BOX_WIDTH,
            height: 76.0,
            small: vec![(20.0, "Turn 1, 6 nurses".to_owned())],
            lines: vec![(40.0, "He asks".to_owned())],
        };
        let end = BoxView { address: None, x: 280.0, ..at.clone() };
        let path = "M0 0L1 1Z".to_owned();
        let band = BandView { class: "keeps", path: path.clone(), count: 4, x: 180.0, y: 20.0 };
        let back =
            BackView { class: "blurs", path, words: "2 back to “He asks”".to_owned(), x: 90.0, y: 10.0 };
        Self { width: 480.0, height: 120.0, boxes: vec![at, end], bands: vec![band], backs: vec![back] }
    }
}

fn place_and_count(stop: &Stop) -> String {
    let nurses = if stop.came == 1 { "nurse" } else { "nurses" };
    match (stop.end, stop.numbers) {
        (true, _) => format!("Ending, {}", stop.came),
        (false, (least, greatest)) if least == greatest => format!("Turn {least}, {} {nurses}", stop.came),
        (false, (least, greatest)) => format!("Turn {least}–{greatest}, {} {nurses}", stop.came),
    }
}

fn revisions(stop: &Stop) -> String {
    let numbers: Vec<String> = stop.revisions.iter().map(ToString::to_string).collect();
    format!("Revision {}", numbers.join(", "))
}
