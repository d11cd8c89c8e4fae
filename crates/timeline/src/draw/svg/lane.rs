//! Draws one row of the picture.

mod below;
mod polls;

use std::time::Duration;

use super::frame::{Frame, TO_LINE, indent, name};
use super::labels::Block;
use super::legend::Legend;
use super::sheet::{CHAR, NAME_CHAR, Sheet, WIDTH};
use super::symbol::{self, HALF, Symbol};
use crate::draw::blocking::Blocking;
use crate::draw::rows::Row;
use crate::draw::words;
use crate::model::{End, LaneRecord, Mark, Outcome};

/// Draws a lane, and returns its bottom.
pub(super) fn draw(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    blocking: &Blocking,
    row: &Row<'_>,
    top: f64,
) -> f64 {
    let lane = row.lane;
    let y = top + TO_LINE;
    let shown = name(row);
    let place = (indent(row) as f64 * NAME_CHAR, y + 4.5);
    if shown == words::one_line(&lane.name) {
        sheet.text("tl-name tl-halo", place, &shown);
    } else {
        sheet.text_with_title("tl-name tl-halo", place, &shown, &lane.name);
    }
    waiting(sheet, legend, frame, lane, y);
    wakes(sheet, legend, frame, lane, y);
    polls::bars(sheet, legend, frame, blocking, row, y);
    let boxes = polls::boxes(sheet, legend, frame, lane, y);
    let end = ending(sheet, legend, frame, lane, boxes, y);
    let beside = end_text(sheet, frame, lane.end, end, y);
    below::texts(sheet, legend, frame, &lane.marks, beside, top)
}

/// Draws the marks outside any lane, and returns their bottom.
pub(super) fn program_marks(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    marks: &[Mark],
    top: f64,
) -> f64 {
    below::texts(
        sheet,
        legend,
        frame,
        marks,
        None,
        top - TO_LINE - HALF - 4.0,
    )
}

/// The line from the lane's beginning to its end.
fn waiting(sheet: &mut Sheet, legend: &mut Legend, frame: &Frame, lane: &LaneRecord, y: f64) {
    let end = lane.end.at().unwrap_or(frame.axis.end());
    let first_poll = lane.polls.first().map_or(end, |poll| poll.at);
    let mut segment = |class: &str, symbol: Symbol, from: Duration, to: Duration| {
        if from < to {
            sheet.line(class, (frame.x(from), y), (frame.x(to), y));
            legend.explain(symbol);
        }
    };
    segment("tl-unpolled", Symbol::Unpolled, lane.created, first_poll);
    match lane.end {
        End::Dropped(_) => segment("tl-wait-dropped", Symbol::WaitingDropped, first_poll, end),
        // A panic happens in a poll, so the wait was over.
        End::Finished(_) | End::Panicked(_) | End::Pending => {
            segment("tl-wait", Symbol::Waiting, first_poll, end);
        }
    }
}

fn wakes(sheet: &mut Sheet, legend: &mut Legend, frame: &Frame, lane: &LaneRecord, y: f64) {
    let mut last = f64::NEG_INFINITY;
    for wake in &lane.wakes {
        let x = frame.x(*wake);
        // Arrow heads on top of each other would look like one.
        if x - last >= 3.0 {
            symbol::wake(sheet, (x, y));
            legend.explain(Symbol::Wake);
            last = x;
        }
    }
}

/// Draws the symbol at the end, and returns its position: at the lane's end, or next to the polls of that instant.
fn ending(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    lane: &LaneRecord,
    boxes_end: f64,
    y: f64,
) -> f64 {
    let at = |radius: f64| {
        let end = frame.x(lane.end.at().unwrap_or(frame.axis.end()));
        end.max(boxes_end + radius)
    };
    let (x, symbol) = match lane.end {
        End::Finished(_) => (at(7.0), Symbol::Finished),
        End::Dropped(_) => (at(8.0), Symbol::Dropped),
        End::Panicked(_) => (at(8.0), Symbol::Panicked),
        End::Pending => (at(10.0), Symbol::Pending),
    };
    let shape = |sheet: &mut Sheet| match symbol {
        Symbol::Finished => symbol::finished(sheet, (x, y)),
        Symbol::Dropped => symbol::dropped(sheet, (x, y)),
        Symbol::Panicked => symbol::panicked(sheet, (x, y)),
        _ => symbol::pending(sheet, (x, y)),
    };
    match lane.polls.iter().enumerate().next_back() {
        Some((index, poll)) if poll.outcome != Outcome::Pending => {
            sheet.titled(&words::poll(&lane.name, index, poll), shape);
        }
        _ => shape(sheet),
    }
    legend.explain(symbol);
    x
}

/// Writes how the lane ended to the right of its end. If there is no room, it returns the text, to be written below.
fn end_text(sheet: &mut Sheet, frame: &Frame, end: End, x: f64, y: f64) -> Option<Block> {
    let text = words::ending(end);
    let gap = if end == End::Pending { 6.0 } else { 11.0 };
    let from = x + gap;
    if from + words::width(&text) as f64 * CHAR <= WIDTH {
        sheet.text("tl-halo", (from, y + 4.0), &text);
        return None;
    }
    Some(Block {
        x: x.min(frame.right),
        lines: vec![text],
        bullet: false,
    })
}
