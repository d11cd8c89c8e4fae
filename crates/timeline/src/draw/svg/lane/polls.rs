//! The polls of a lane.

use crate::draw::blocking::Blocking;
use crate::draw::rows::Row;
use crate::draw::svg::frame::Frame;
use crate::draw::svg::legend::Legend;
use crate::draw::svg::sheet::Sheet;
use crate::draw::svg::symbol::{self, HALF, Symbol};
use crate::draw::words;
use crate::model::{LaneRecord, Outcome, Poll};

const BOX: f64 = 5.0;
const DIGIT: f64 = 6.2;

/// Draws polls that blocked the thread as bars. Where an inner lane blocked it, the bar is hollow.
pub(super) fn bars(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    blocking: &Blocking,
    row: &Row<'_>,
    y: f64,
) {
    for (index, poll) in row.lane.polls.iter().enumerate() {
        for segment in blocking.of(row.index, index) {
            let (from, to) = (frame.x(segment.from), frame.x(segment.to));
            let (class, symbol) = if segment.own {
                ("tl-busy", Symbol::Blocks)
            } else {
                ("tl-inside", Symbol::InnerBlocks)
            };
            // A bar that would be narrower than a box is drawn as a box.
            if to - from > BOX {
                sheet.titled(&words::poll(&row.lane.name, index, poll), |sheet| {
                    symbol::bar(sheet, class, from, to, y);
                });
                legend.explain(symbol);
            }
        }
    }
}

/// Draws polls that took no time as boxes. Polls whose boxes would touch share one box, with their number. Returns
/// the right edge of the last one.
pub(super) fn boxes(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    lane: &LaneRecord,
    y: f64,
) -> f64 {
    let boxes = grouped(frame, lane);
    for group in &boxes {
        let (class, symbol) = if group.filled {
            ("tl-poll", Symbol::Poll)
        } else {
            ("tl-poll-unwoken", Symbol::PolledUnwoken)
        };
        let width = group.width();
        legend.explain(symbol);
        sheet.titled(&group.title(lane), |sheet| {
            sheet.rect(class, (group.left, y - HALF), width, 2.0 * HALF);
            if group.count > 1 {
                let class = if group.filled {
                    "tl-count tl-on-poll"
                } else {
                    "tl-count"
                };
                let middle = (group.left + width / 2.0, y + 3.6);
                sheet.text(class, middle, &group.label());
                legend.explain(Symbol::Count);
            }
        });
    }
    boxes
        .last()
        .map_or(f64::NEG_INFINITY, |group| group.left + group.width())
}

/// Polls that are too close to each other to have boxes of their own.
struct Group {
    left: f64,
    count: usize,
    /// The first and the last of them, as indices.
    first: usize,
    last: usize,
    woken: usize,
    /// Whether one of them was woken, or is the first poll of its lane.
    filled: bool,
}

impl Group {
    fn label(&self) -> String {
        words::count(self.count)
    }

    fn title(&self, lane: &LaneRecord) -> String {
        let (first, last) = (&lane.polls[self.first], &lane.polls[self.last]);
        match self.count {
            1 => words::poll(&lane.name, self.first, first),
            count => words::polls(&lane.name, count, self.woken, first.at, last.at),
        }
    }

    fn width(&self) -> f64 {
        match self.count {
            1 => BOX,
            _ => words::width(&self.label()) as f64 * DIGIT + 6.0,
        }
    }
}

fn grouped(frame: &Frame, lane: &LaneRecord) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for (index, poll) in lane.polls.iter().enumerate() {
        if drawn_otherwise(frame, poll) {
            continue;
        }
        let left = frame.x(poll.at) - BOX / 2.0;
        let filled = index == 0 || poll.woken;
        match groups.last_mut() {
            Some(group) if left < group.left + group.width() + 1.5 => {
                group.count += 1;
                group.last = index;
                group.woken += usize::from(poll.woken);
                group.filled |= filled;
            }
            _ => groups.push(Group {
                left,
                count: 1,
                first: index,
                last: index,
                woken: usize::from(poll.woken),
                filled,
            }),
        }
    }
    groups
}

/// The poll that ends a lane is drawn as the symbol at the end, and one that took time as a bar.
fn drawn_otherwise(frame: &Frame, poll: &Poll) -> bool {
    poll.outcome != Outcome::Pending || frame.x(poll.until) - frame.x(poll.at) > BOX
}
