//! The polls of a lane.

use super::{Frame, HALF, LaneRecord, Legend, Row, Sheet, Symbol, symbol};
use crate::draw::held::Held;
use crate::draw::words;
use crate::model::{Outcome, Poll};

const BOX: f64 = 5.0;
const DIGIT: f64 = 6.2;

/// Polls that took time, as bars. Where a lane inside held the thread, the bar is hollow.
pub(super) fn held(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    held: &Held,
    row: &Row<'_>,
    y: f64,
) {
    for (index, poll) in row.lane.polls.iter().enumerate() {
        for stretch in held.of(row.index, index) {
            let (from, to) = (frame.x(stretch.from), frame.x(stretch.to));
            let (class, symbol) = if stretch.own {
                ("tl-busy", Symbol::Busy)
            } else {
                ("tl-inside", Symbol::Inside)
            };
            // Narrower than a box, it is drawn as one.
            if to - from > BOX {
                sheet.titled(&words::poll(&row.lane.name, index, poll), |sheet| {
                    symbol::bar(sheet, class, from, to, y);
                });
                legend.explain(symbol);
            }
        }
    }
}

/// Polls that took no time, as boxes. Those that would touch are one box, with their number. Gives the
/// right edge of the last one.
pub(super) fn boxes(
    sheet: &mut Sheet,
    legend: &mut Legend,
    frame: &Frame,
    lane: &LaneRecord,
    y: f64,
) -> f64 {
    let boxes = gather(frame, lane);
    for group in &boxes {
        let (class, symbol) = if group.filled {
            ("tl-poll", Symbol::Poll)
        } else {
            ("tl-along", Symbol::Along)
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

/// Polls too close to each other to be drawn one by one.
struct Group {
    left: f64,
    count: usize,
    /// The first and the last of them, as indices.
    first: usize,
    last: usize,
    woken: usize,
    /// Whether one of them was woken, or was the first.
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

fn gather(frame: &Frame, lane: &LaneRecord) -> Vec<Group> {
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

/// The poll that ends a lane is the shape at the end, and one that took time is a bar.
fn drawn_otherwise(frame: &Frame, poll: &Poll) -> bool {
    poll.outcome != Outcome::Pending || frame.x(poll.until) - frame.x(poll.at) > BOX
}
