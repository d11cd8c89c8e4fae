//! The texts below a lane.

use crate::draw::svg::frame::{Frame, ROW, TO_LINE};
use crate::draw::svg::labels::{self, Block};
use crate::draw::svg::legend::Legend;
use crate::draw::svg::sheet::{CHAR, LINE_HEIGHT, Sheet, WIDTH};
use crate::draw::svg::symbol::{self, Symbol};
use crate::draw::words;
use crate::model::Mark;

/// From a lane's line to the middle of the first line of text.
const FIRST: f64 = 23.0;
/// Where the lines of a list begin, however long the names are.
const LIST: f64 = 40.0;
/// A lane with more marks than this shows the first ones.
const MOST_MARKS: usize = 12;

/// Writes the marks below a lane whose row begins at `top`, and `ending` if there was no room for it next to the
/// lane. Returns the bottom of the row.
pub(super) fn texts(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    marks: &[Mark],
    ending: Option<Block>,
    top: f64,
) -> f64 {
    let line = top + TO_LINE;
    let mut blocks = by_position(frame, marks);
    blocks.extend(ending.clone());
    if !marks.is_empty() {
        legend.explain(Symbol::Mark);
    }
    let rows = match labels::place(blocks, 0.0, WIDTH) {
        Some(placed) => near_their_positions(sheet, &placed, line),
        None => {
            let above = ending.map_or(0, |ending| {
                let alone = labels::place(vec![ending], 0.0, WIDTH);
                near_their_positions(sheet, &alone.unwrap_or_default(), line)
            });
            list(sheet, frame, marks, line, above)
        }
    };
    match rows {
        0 => top + ROW,
        _ => line + FIRST + rows as f64 * LINE_HEIGHT,
    }
}

fn by_position(frame: &Frame, marks: &[Mark]) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for mark in marks {
        let x = frame.x(mark.at);
        let text = words::one_line(&mark.text);
        match blocks.last_mut() {
            Some(block) if x - block.x < 1.0 => block.lines.push(text),
            _ => blocks.push(Block {
                x,
                lines: vec![text],
                bullet: true,
            }),
        }
    }
    blocks
}

/// Writes each text near its position, with a line that leads to it. Returns how many lines of text there are.
fn near_their_positions(sheet: &mut Sheet, placed: &[labels::Placed], line: f64) -> usize {
    let mut rows = 0;
    for label in placed {
        let x = label.block.x;
        let first = line + FIRST + label.row as f64 * LINE_HEIGHT;
        let last = first + label.block.lines.len().saturating_sub(1) as f64 * LINE_HEIGHT;
        let tip = if label.block.bullet {
            last
        } else {
            first - 5.0
        };
        sheet.line("tl-lead", (x, line + symbol::HALF), (x, tip));
        for (index, text) in label.block.lines.iter().enumerate() {
            let y = first + index as f64 * LINE_HEIGHT;
            if label.block.bullet {
                symbol::mark(sheet, (x, y));
            }
            // The text is on the side of the diamond on which most of the block is.
            let from = if label.to - x > x - label.from {
                label.from + 11.0
            } else {
                label.to - 11.0 - words::width(text) as f64 * CHAR
            };
            sheet.text("tl-halo", (from, y + 4.0), text);
        }
        rows = rows.max(label.row + label.block.lines.len());
    }
    rows
}

/// Lists the marks below each other, with their instants; at the lane there is only a tick. Returns how many lines of
/// text there are, including the `above` lines above them.
fn list(sheet: &mut Sheet, frame: &Frame, marks: &[Mark], line: f64, above: usize) -> usize {
    let left = frame.left.min(LIST);
    let room = (WIDTH - left - 11.0) / CHAR;
    let mut lines: Vec<(bool, String)> = Vec::new();
    for mark in marks.iter().take(MOST_MARKS) {
        let label = format!(
            "{} {}",
            words::instant(mark.at),
            words::one_line(&mark.text)
        );
        let label: Vec<String> = label.split_whitespace().map(str::to_owned).collect();
        let wrapped = words::wrapped(&label, " ", room as usize);
        lines.extend(
            wrapped
                .into_iter()
                .enumerate()
                .map(|(index, line)| (index == 0, line)),
        );
    }
    if let Some(more) = marks.len().checked_sub(MOST_MARKS).filter(|more| *more > 0) {
        lines.push((false, format!("… and {} more marks", words::count(more))));
    }
    for block in by_position(frame, marks) {
        let top = line + symbol::HALF;
        sheet.line("tl-lead", (block.x, top), (block.x, top + 7.0));
    }
    for (index, (bullet, text)) in lines.iter().enumerate() {
        let y = line + FIRST + (above + index) as f64 * LINE_HEIGHT;
        if *bullet {
            symbol::mark(sheet, (left, y));
        }
        sheet.text("tl-halo", (left + 11.0, y + 4.0), text);
    }
    above + lines.len()
}
