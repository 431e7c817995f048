//! The square of black and white that a phone's camera reads: an address, of the join page or of a key for an app.

use qrcode::{Color, EcLevel, QrCode};

/// A square to be drawn in an SVG.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Square {
    /// How many modules a side has.
    pub size: usize,
    /// The drawing's path: its dark modules, one row of them at a time.
    pub path: String,
}

/// The widest square that is read well from the back of a room: version 4.
const WIDEST: usize = 33;

impl Square {
    /// The square that leads to this address. None where the address is too long for any.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let made = |level| QrCode::with_error_correction_level(address, level).ok();
        let code = made(EcLevel::M).filter(|code| code.width() <= WIDEST).or_else(|| made(EcLevel::L))?;
        let size = code.width();
        let colors = code.to_colors();
        let rows = colors.chunks(size).enumerate();
        Some(Self { size, path: rows.flat_map(|(y, row)| dark_runs(y, row)).collect() })
    }

    /// The drawing's box with one module of white around it.
    #[must_use]
    pub fn view_box(&self) -> String {
        format!("-1 -1 {0} {0}", self.size + 2)
    }
}

/// The path's pieces for the dark modules of one row.
fn dark_runs(y: usize, row: &[Color]) -> Vec<String> {
    let mut x = 0;
    let mut pieces = Vec::new();
    for run in row.chunk_by(|one, next| one == next) {
        if run.first() == Some(&Color::Dark) {
            pieces.push(format!("M{x} {y}h{0}v1h-{0}z", run.len()));
        }
        x += run.len();
    }
    pieces
}
