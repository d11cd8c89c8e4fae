//! Where names, times and endings go.

use std::time::Duration;

use super::sheet::{CHAR, NAME_CHAR, WIDTH};
use crate::draw::axis::Axis;
use crate::draw::rows::{Row, Rows};
use crate::draw::words;
use crate::model::End;

/// Longer names end in an ellipsis.
const NAME_COLUMNS: usize = 17;
/// A lane inside another is one column further to the right, up to this many.
const MOST_INDENT: usize = 4;
/// From the top of a row to its line.
pub(super) const TO_LINE: f64 = 12.0;
/// The height of a row with nothing below its line but wake-ups.
pub(super) const ROW: f64 = 27.0;

/// The columns of the drawing: names on the left, time in the middle, endings on the right.
pub(super) struct Frame {
    pub(super) axis: Axis,
    pub(super) left: f64,
    pub(super) right: f64,
}

impl Frame {
    pub(super) fn of(rows: &Rows<'_>) -> Self {
        let names = rows
            .shown
            .iter()
            .map(|row| words::width(&name(row)) + indent(row));
        let names = names.max().unwrap_or(0) as f64;
        let endings = rows.shown.iter().map(|row| match row.lane.end {
            End::Finished(at) => words::width(&words::instant(at)),
            _ => 0,
        });
        let endings = endings.max().unwrap_or(0).max(4) as f64;
        Self {
            axis: rows.axis,
            left: names * NAME_CHAR + 14.0,
            right: WIDTH - endings * CHAR - 12.0,
        }
    }

    pub(super) fn x(&self, at: Duration) -> f64 {
        self.left + self.axis.position(at) * (self.right - self.left)
    }
}

/// The label at the left of a row.
pub(super) fn name(row: &Row<'_>) -> String {
    let name = words::one_line(&row.lane.name);
    words::fit(&name, NAME_COLUMNS - indent(row)).into_owned()
}

/// How far that label is indented, in columns.
pub(super) fn indent(row: &Row<'_>) -> usize {
    row.depth.min(MOST_INDENT)
}
