//! Draws a timeline as an SVG.

mod frame;
mod labels;
mod lane;
mod legend;
mod sheet;
mod symbol;

use self::frame::Frame;
use self::legend::Legend;
use self::sheet::{CHAR, LINE_HEIGHT, Sheet, WIDTH};
use super::axis::tick_labels;
use super::blocking::Blocking;
use super::data;
use super::rows::Rows;
use super::words;
use crate::model::Timeline;

/// The line under the times.
const AXIS_Y: f64 = 20.0;

pub(crate) fn draw(timeline: &Timeline, id: &str, title: &str) -> String {
    let rows = Rows::of(timeline);
    let frame = Frame::of(&rows);
    let blocking = Blocking::in_polls_of(timeline);
    let mut body = Sheet::default();
    let mut legend = Legend::default();

    let mut y = AXIS_Y + 4.0;
    let mut lanes = Sheet::default();
    if !timeline.marks.is_empty() {
        y = lane::program_marks(&mut lanes, &mut legend, &frame, &timeline.marks, y);
    }
    for row in &rows.shown {
        y = lane::draw(&mut lanes, &mut legend, &frame, &blocking, row, y);
    }
    axis(&mut body, &frame, y);
    body.append(lanes);
    if let Some(summary) = rows.rest.summary() {
        y = paragraph(&mut body, &format!("and {summary}"), y);
    }
    y = legend.draw(&mut body, y + 6.0);
    let data = data::write(timeline, &rows);
    body.into_svg(id, title, &timeline.description(), &data, y)
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

/// Writes text below the lanes, and returns its bottom.
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
