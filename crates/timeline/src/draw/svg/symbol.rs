//! The symbols. They can be distinguished without colours.

use super::sheet::{Point, Sheet};

/// A symbol that the legend may have to explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Symbol {
    Poll,
    PolledUnwoken,
    Count,
    Waiting,
    WaitingDropped,
    Unpolled,
    Blocks,
    InnerBlocks,
    Wake,
    Mark,
    Finished,
    Dropped,
    Panicked,
    Pending,
}

/// Half the height of a poll.
pub(super) const HALF: f64 = 7.0;

impl Symbol {
    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Poll => "polled",
            Self::PolledUnwoken => "polled without a wake-up",
            Self::Count => "several polls",
            Self::Waiting => "waiting",
            Self::WaitingDropped => "waiting, later dropped",
            Self::Unpolled => "not polled yet",
            Self::Blocks => "blocks the thread",
            Self::InnerBlocks => "an inner lane blocks it",
            Self::Wake => "wake-up",
            Self::Mark => "mark",
            Self::Finished => "finished",
            Self::Dropped => "dropped",
            Self::Panicked => "panicked",
            Self::Pending => "still pending",
        }
    }

    /// Draws the symbol as the legend shows it, around a point.
    pub(super) fn draw(self, sheet: &mut Sheet, (x, y): Point) {
        match self {
            Self::Poll => poll_box(sheet, (x, y), "tl-poll", 5.0),
            Self::PolledUnwoken => poll_box(sheet, (x, y), "tl-poll-unwoken", 5.0),
            Self::Count => {
                poll_box(sheet, (x, y), "tl-poll", 12.0);
                sheet.text("tl-count tl-on-poll", (x, y + 3.6), "3");
            }
            Self::Waiting => sheet.line("tl-wait", (x - 9.0, y), (x + 9.0, y)),
            Self::WaitingDropped => sheet.line("tl-wait-dropped", (x - 9.0, y), (x + 9.0, y)),
            Self::Unpolled => sheet.line("tl-unpolled", (x - 7.5, y), (x + 9.0, y)),
            Self::Blocks => bar(sheet, "tl-busy", x - 9.0, x + 9.0, y),
            Self::InnerBlocks => bar(sheet, "tl-inside", x - 9.0, x + 9.0, y),
            Self::Wake => wake(sheet, (x, y - 10.5)),
            Self::Mark => mark(sheet, (x, y)),
            Self::Finished => finished(sheet, (x, y)),
            Self::Dropped => dropped(sheet, (x, y)),
            Self::Panicked => panicked(sheet, (x, y)),
            Self::Pending => {
                sheet.line("tl-wait", (x - 9.0, y), (x + 8.0, y));
                pending(sheet, (x + 9.0, y));
            }
        }
    }
}

pub(super) fn poll_box(sheet: &mut Sheet, (x, y): Point, class: &str, width: f64) {
    sheet.rect(class, (x - width / 2.0, y - HALF), width, 2.0 * HALF);
}

pub(super) fn bar(sheet: &mut Sheet, class: &str, from: f64, to: f64, y: f64) {
    sheet.rect(class, (from, y - HALF), to - from, 2.0 * HALF);
}

/// A small arrow head below the line at `y`, pointing up.
pub(super) fn wake(sheet: &mut Sheet, (x, y): Point) {
    let (top, bottom) = (y + HALF + 1.2, y + HALF + 6.2);
    sheet.strokes(
        "tl-wake",
        &[&[(x, top), (x + 3.6, bottom), (x - 3.6, bottom), (x, top)]],
    );
}

pub(super) fn mark(sheet: &mut Sheet, (x, y): Point) {
    let r = 3.6;
    sheet.strokes(
        "tl-mark",
        &[&[(x, y - r), (x + r, y), (x, y + r), (x - r, y), (x, y - r)]],
    );
}

pub(super) fn finished(sheet: &mut Sheet, at: Point) {
    sheet.circle("tl-finished", at, 4.6);
}

pub(super) fn dropped(sheet: &mut Sheet, (x, y): Point) {
    let r = 5.0;
    sheet.strokes(
        "tl-dropped",
        &[
            &[(x - r, y - r), (x + r, y + r)],
            &[(x - r, y + r), (x + r, y - r)],
        ],
    );
}

/// A star with eight rays.
pub(super) fn panicked(sheet: &mut Sheet, (x, y): Point) {
    let points: Vec<Point> = (0..=16)
        .map(|corner| {
            let angle = f64::from(corner) * std::f64::consts::PI / 8.0;
            let radius = if corner % 2 == 0 { 8.0 } else { 3.6 };
            (x + radius * angle.sin(), y - radius * angle.cos())
        })
        .collect();
    sheet.strokes("tl-panicked", &[&points]);
}

/// An arrow head whose tip is at a point.
pub(super) fn pending(sheet: &mut Sheet, (x, y): Point) {
    sheet.strokes(
        "tl-open",
        &[&[(x - 5.0, y - 5.0), (x, y), (x - 5.0, y + 5.0)]],
    );
}
