//! The SVG.

mod labels;
mod lane;
mod legend;
mod sheet;
mod symbol;

use self::labels::Block;
use self::legend::Legend;
use self::sheet::{CHAR, NAME_CHAR, Sheet, WIDTH};
use super::axis::{Axis, tick_labels};
use super::data;
use super::held::Held;
use super::rows::{Row, Rows};
use super::words;
use crate::model::{End, Timeline};

/// Longer names end in an ellipsis.
const NAME_COLUMNS: usize = 17;
/// A lane inside another is one column further to the right, up to this many.
const MOST_INDENT: usize = 4;
/// The line under the times.
const AXIS_Y: f64 = 20.0;
const LINE_HEIGHT: f64 = 15.0;

pub(crate) fn draw(timeline: &Timeline, id: &str, title: &str) -> String {
    let rows = Rows::of(timeline);
    let frame = Frame::of(&rows);
    let held = Held::in_polls_of(timeline);
    let mut body = Sheet::default();
    let mut legend = Legend::default();

    let mut y = AXIS_Y + 4.0;
    let mut lanes = Sheet::default();
    if !timeline.marks.is_empty() {
        y = lane::program_marks(&mut lanes, &mut legend, &frame, &timeline.marks, y);
    }
    for row in &rows.shown {
        y = lane::draw(&mut lanes, &mut legend, &frame, &held, row, y);
    }
    axis(&mut body, &frame, y);
    body.append(lanes);
    if let Some(summary) = rows.rest.summary() {
        y = paragraph(&mut body, &summary, y);
    }
    y = legend.draw(&mut body, y + 6.0);
    let data = data::write(timeline, &rows);
    body.into_svg(id, title, &timeline.story(), &data, y)
}

/// Names on the left, time in the middle, endings on the right.
struct Frame {
    axis: Axis,
    left: f64,
    right: f64,
}

impl Frame {
    fn of(rows: &Rows<'_>) -> Self {
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

    fn x(&self, at: std::time::Duration) -> f64 {
        self.left + self.axis.place(at) * (self.right - self.left)
    }
}

/// What stands at the left of a row.
fn name(row: &Row<'_>) -> String {
    let name = words::one_line(&row.lane.name);
    words::fit(&name, NAME_COLUMNS - indent(row)).into_owned()
}

/// How far to the right it stands, in columns.
fn indent(row: &Row<'_>) -> usize {
    row.depth.min(MOST_INDENT)
}

fn axis(sheet: &mut Sheet, frame: &Frame, bottom: f64) {
    let width = frame.right - frame.left;
    let label = words::width(&words::instant(frame.axis.end())) as f64 * CHAR;
    let ticks = frame.axis.ticks(((width / (label + 14.0)) as usize).max(2));
    let mut free_from = 0.0;
    for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
        let x = frame.x(*tick);
        sheet.line("tl-grid", (x, AXIS_Y - 3.0), (x, bottom));
        let half = words::width(&label) as f64 * CHAR / 2.0;
        let middle = x.max(half).min(WIDTH - half);
        if middle - half >= free_from {
            sheet.text("tl-tick", (middle, 12.0), &label);
            free_from = middle + half + CHAR;
        }
    }
    sheet.line("tl-axis", (frame.left, AXIS_Y), (frame.right, AXIS_Y));
}

/// Running text below the lanes. The bottom of it.
fn paragraph(sheet: &mut Sheet, text: &str, top: f64) -> f64 {
    let columns = (WIDTH / CHAR) as usize;
    let text: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let mut y = top;
    for line in words::wrapped(&text, " ", columns) {
        y += LINE_HEIGHT;
        sheet.text("tl-halo", (0.0, y), &line);
    }
    y
}

/// The width of a block of lines, with the diamond in front.
fn block_width(block: &Block) -> f64 {
    let columns = block.lines.iter().map(|line| words::width(line)).max();
    columns.unwrap_or(0) as f64 * CHAR + 11.0
}
