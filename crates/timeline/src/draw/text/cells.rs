//! A lane as a row of characters.

use std::time::Duration;

use crate::draw::axis::Axis;
use crate::draw::blocking::Blocking;
use crate::draw::rows::Row;
use crate::model::{End, Mark};

/// What a character of the chart means. If several things happen in one place, the last of them in this list is
/// shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Nothing,
    Unpolled,
    Waiting,
    WaitingDropped,
    Wake,
    InnerBlocking,
    PolledUnwoken,
    Poll,
    Blocks,
    Mark,
    Pending,
    Finished,
    Dropped,
    Panicked,
}

impl Cell {
    /// In the order of the legend.
    pub(super) const ALL: [Self; 13] = [
        Self::Poll,
        Self::PolledUnwoken,
        Self::Waiting,
        Self::WaitingDropped,
        Self::Unpolled,
        Self::Blocks,
        Self::InnerBlocking,
        Self::Wake,
        Self::Mark,
        Self::Finished,
        Self::Dropped,
        Self::Panicked,
        Self::Pending,
    ];

    pub(super) fn glyph(self) -> char {
        match self {
            Self::Nothing => ' ',
            Self::Unpolled => '┈',
            Self::Waiting => '─',
            Self::WaitingDropped => '╌',
            Self::Wake => '▴',
            Self::InnerBlocking => '▒',
            Self::PolledUnwoken => '□',
            Self::Poll => '■',
            Self::Blocks => '█',
            Self::Mark => '◆',
            Self::Pending => '→',
            Self::Finished => '●',
            Self::Dropped => '╳',
            Self::Panicked => '!',
        }
    }

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Unpolled => "not polled yet",
            Self::Waiting => "waiting",
            Self::WaitingDropped => "waiting, later dropped",
            Self::Wake => "wake-up",
            Self::InnerBlocking => "an inner lane blocks it",
            Self::PolledUnwoken => "polled without a wake-up",
            Self::Poll => "polled",
            Self::Blocks => "blocks the thread",
            Self::Mark => "mark",
            Self::Pending => "still pending",
            Self::Finished => "finished",
            Self::Dropped => "dropped",
            Self::Panicked => "panicked",
        }
    }
}

/// The cell in which `at` is, of `plot` cells.
pub(super) fn index(axis: Axis, at: Duration, plot: usize) -> usize {
    let last = plot.saturating_sub(1);
    ((axis.position(at) * last as f64).round() as usize).min(last)
}

pub(super) struct Cells {
    cells: Vec<Cell>,
    axis: Axis,
}

impl Cells {
    pub(super) fn of_marks(marks: &[Mark], axis: Axis, plot: usize) -> Self {
        let mut cells = Self::empty(axis, plot);
        for mark in marks {
            cells.put(mark.at, Cell::Mark);
        }
        cells
    }

    pub(super) fn of_lane(row: &Row<'_>, blocking: &Blocking, axis: Axis, plot: usize) -> Self {
        let lane = row.lane;
        let mut cells = Self::empty(axis, plot);
        let end = lane.end.at().unwrap_or(axis.end());
        let first_poll = lane.polls.first().map_or(end, |poll| poll.at);
        let waiting = match lane.end {
            End::Dropped(_) => Cell::WaitingDropped,
            // A panic happens in a poll, so the wait was over.
            End::Finished(_) | End::Panicked(_) | End::Pending => Cell::Waiting,
        };
        cells.fill(lane.created, first_poll, Cell::Unpolled);
        cells.fill(first_poll, end, waiting);
        for wake in &lane.wakes {
            cells.put(*wake, Cell::Wake);
        }
        for (index, poll) in lane.polls.iter().enumerate() {
            for segment in blocking.of(row.index, index) {
                let cell = if segment.own {
                    Cell::Blocks
                } else {
                    Cell::InnerBlocking
                };
                cells.fill(segment.from, segment.to, cell);
            }
            // A future that was never polled cannot have been woken.
            let first = index == 0;
            let cell = if first || poll.woken {
                Cell::Poll
            } else {
                Cell::PolledUnwoken
            };
            cells.put(poll.at, cell);
        }
        for mark in &lane.marks {
            cells.put(mark.at, Cell::Mark);
        }
        let ending = match lane.end {
            End::Finished(_) => Cell::Finished,
            End::Dropped(_) => Cell::Dropped,
            End::Panicked(_) => Cell::Panicked,
            End::Pending => Cell::Pending,
        };
        cells.put(end, ending);
        cells
    }

    pub(super) fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.glyph()).collect()
    }

    pub(super) fn used(&self) -> impl Iterator<Item = Cell> + '_ {
        self.cells.iter().copied()
    }

    fn empty(axis: Axis, plot: usize) -> Self {
        Self {
            cells: vec![Cell::Nothing; plot],
            axis,
        }
    }

    fn put(&mut self, at: Duration, cell: Cell) {
        self.fill(at, at, cell);
    }

    fn fill(&mut self, from: Duration, to: Duration, cell: Cell) {
        let plot = self.cells.len();
        let (from, to) = (index(self.axis, from, plot), index(self.axis, to, plot));
        for place in self.cells.iter_mut().take(to + 1).skip(from) {
            *place = cell.max(*place);
        }
    }
}
