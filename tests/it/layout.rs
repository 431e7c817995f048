//! The drawing of a scenario's map: nothing overlaps, nothing is lost, the same numbers give the same drawing.

use proptest::prelude::*;
use warmly::review::flow::{Band, Flow, Stop};
use warmly::review::layout::{BOX_WIDTH, draw, wrap};
use warmly::scenario::rubric::Place;

/// A flow with these bands as (from, to, place, count); the last stop is an ending.
fn flow(stops: usize, bands: &[(usize, usize, usize, u32)]) -> Flow {
    let stops = (0..stops).map(|index| {
        let out: u32 = bands.iter().filter(|band| band.0 == index).map(|band| band.3).sum();
        let arriving: u32 = bands.iter().filter(|band| band.1 == index).map(|band| band.3).sum();
        Stop {
            id: format!("stop-{index}"),
            title: "She asks to call you sometime, and she means it"
                .chars()
                .take(5 + index * 7 % 42)
                .collect(),
            end: out == 0,
            came: out.max(arriving),
            visits: out.max(arriving),
            ..Stop::default()
        }
    });
    let stops: Vec<Stop> = stops.collect();
    let began = stops.first().map_or(0, |stop| stop.visits);
    let bands = bands.iter().map(|(from, to, place, count)| Band {
        from: *from,
        to: *to,
        place: Place::ALL[*place],
        count: *count,
        back: false,
    });
    Flow { stops, bands: bands.collect(), began, ..Flow::default() }.arranged()
}

/// The goodbye of the design: four columns, a way that passes one of them.
fn goodbye() -> Flow {
    flow(
        7,
        &[
            (0, 1, 0, 3),
            (0, 2, 1, 8),
            (0, 3, 2, 13),
            (1, 6, 0, 1),
            (1, 4, 1, 2),
            (2, 4, 1, 8),
            (3, 4, 1, 9),
            (3, 5, 3, 4),
            (4, 6, 1, 19),
        ],
    )
}

fn numbers(path: &str) -> Vec<f64> {
    let cut = path.split(|char: char| !(char.is_ascii_digit() || char == '.' || char == '-'));
    cut.filter(|piece| !piece.is_empty()).map(|piece| piece.parse().expect("a number")).collect()
}

#[test]
fn every_band_leads_on_to_the_right_and_is_as_wide_as_its_answers() {
    let flow = goodbye();
    let drawing = draw(&flow);
    assert_eq!(drawing.bands.len(), flow.bands.len());
    assert_eq!(drawing.boxes.len(), flow.stops.len());
    assert!((drawing.unit - 13.0).abs() < 0.01, "24 nurses get 13 pixels each: {}", drawing.unit);
    for at in &drawing.bands {
        let band = flow.bands[at.band];
        assert!((at.width - f64::from(band.count) * drawing.unit).abs() < 0.01);
        assert!(flow.stops[band.from].column < flow.stops[band.to].column);
        let points = numbers(&at.path);
        let first = drawing.boxes[band.from].x + BOX_WIDTH;
        assert!((points[0] - first).abs() < 0.11, "a band begins at the right of its box");
        let from = &drawing.boxes[band.from];
        assert!(points[1] >= from.y - 0.2 && points[1] + at.width <= from.y + from.height + 0.2);
    }
    for (index, at) in drawing.boxes.iter().enumerate() {
        let out: f64 = drawing
            .bands
            .iter()
            .filter(|band| flow.bands[band.band].from == index)
            .map(|band| band.width)
            .sum();
        assert!(out <= at.height + 0.2, "what leaves a box fits its height");
        if out > 76.0 && !flow.stops[index].end {
            assert!((out - at.height).abs() < 0.2, "box {index}: {out} of {}", at.height);
        }
    }
}

#[test]
fn a_long_way_passes_between_boxes() {
    let drawing = draw(&flow(
        5,
        &[(0, 1, 1, 10), (0, 4, 3, 4), (1, 2, 1, 10), (2, 3, 2, 5), (2, 4, 1, 5), (3, 4, 1, 5)],
    ));
    let long = &drawing.bands.iter().find(|band| band.band == 1).expect("the long way");
    let points = numbers(&long.path);
    for at in &drawing.boxes {
        // Where it passes a box's column, it is above or below the box.
        let pairs = points
            .chunks(2)
            .filter(|pair| pair.len() == 2 && pair[0] > at.x + 1.0 && pair[0] < at.x + BOX_WIDTH - 1.0);
        assert_eq!(pairs.count(), 0, "no corner of it lies under a box");
    }
}

#[test]
fn a_way_back_is_an_arrow() {
    let drawing = draw(&flow(3, &[(0, 1, 2, 6), (1, 0, 2, 2), (1, 2, 1, 4)]));
    assert_eq!((drawing.bands.len(), drawing.backs.len()), (2, 1));
    assert!(drawing.boxes[0].x < drawing.boxes[1].x && drawing.boxes[1].x < drawing.boxes[2].x);
    assert!(drawing.boxes.iter().all(|at| at.y > drawing.backs[0].label.1), "it goes over the boxes");
}

#[test]
fn titles_are_never_cut_short() {
    assert_eq!(wrap("She asks to call you sometime"), ["She asks to call", "you sometime"]);
    let long = "Donaudampfschifffahrtsgesellschaft";
    assert_eq!(wrap(long).concat(), long);
    assert_eq!(wrap(""), [""]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_scenario_can_be_drawn_and_nothing_overlaps(
        stops in 1_usize..20,
        bands in proptest::collection::vec((0_usize..20, 0_usize..20, 0_usize..4, 1_u32..60), 0..40),
    ) {
        let bands: Vec<_> = bands.into_iter().filter(|band| band.0 < stops && band.1 < stops).collect();
        let flow = flow(stops, &bands);
        let drawing = draw(&flow);
        prop_assert_eq!(&drawing, &draw(&flow), "the same numbers give the same drawing");
        prop_assert_eq!(drawing.boxes.len(), stops);
        prop_assert_eq!(drawing.bands.len() + drawing.backs.len(), bands.len());
        for (index, at) in drawing.boxes.iter().enumerate() {
            prop_assert!(at.x >= 0.0 && at.y >= 0.0);
            prop_assert!(at.x + BOX_WIDTH <= drawing.width && at.y + at.height <= drawing.height);
            for other in drawing.boxes.iter().skip(index + 1).filter(|other| (other.x - at.x).abs() < 1.0) {
                let apart = at.y + at.height <= other.y || other.y + other.height <= at.y;
                prop_assert!(apart, "{:?} and {:?}", at, other);
            }
        }
        for path in drawing.bands.iter().map(|band| &band.path).chain(drawing.backs.iter().map(|back| &back.path)) {
            prop_assert!(!path.contains("NaN") && !path.contains("inf"), "{}", path);
        }
    }
}
