//! A lane as a row of characters.

use std::time::Duration;

use crate::draw::axis::Axis;
use crate::draw::held::Held;
use crate::draw::rows::Row;
use crate::model::{End, Mark};

/// What a character of the chart says. Where several things happen in one place, the later in this list
/// is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cell {
    Nothing,
    Unpolled,
    Waiting,
    WaitingInVain,
    Wake,
    Holding,
    PolledAlong,
    Poll,
    Busy,
    Mark,
    Open,
    Finished,
    Dropped,
    Panicked,
}

impl Cell {
    /// In the order of the legend.
    pub(super) const ALL: [Self; 13] = [
        Self::Poll,
        Self::PolledAlong,
        Self::Waiting,
        Self::WaitingInVain,
        Self::Unpolled,
        Self::Busy,
        Self::Holding,
        Self::Wake,
        Self::Mark,
        Self::Finished,
        Self::Dropped,
        Self::Panicked,
        Self::Open,
    ];

    pub(super) fn glyph(self) -> char {
        match self {
            Self::Nothing => ' ',
            Self::Unpolled => '┈',
            Self::Waiting => '─',
            Self::WaitingInVain => '╌',
            Self::Wake => '▴',
            Self::Holding => '▒',
            Self::PolledAlong => '□',
            Self::Poll => '■',
            Self::Busy => '█',
            Self::Mark => '◆',
            Self::Open => '→',
            Self::Finished => '●',
            Self::Dropped => '╳',
            Self::Panicked => '!',
        }
    }

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Unpolled => "not polled yet",
            Self::Waiting => "waits",
            Self::WaitingInVain => "waits in vain",
            Self::Wake => "wake-up",
            Self::Holding => "a lane inside holds it",
            Self::PolledAlong => "polled along, not woken",
            Self::Poll => "polled",
            Self::Busy => "holds the thread",
            Self::Mark => "mark",
            Self::Open => "still open",
            Self::Finished => "finished",
            Self::Dropped => "dropped",
            Self::Panicked => "panicked",
        }
    }
}

/// The cell in which `at` is, of `plot` cells.
pub(super) fn index(axis: Axis, at: Duration, plot: usize) -> usize {
    let last = plot.saturating_sub(1);
    ((axis.place(at) * last as f64).round() as usize).min(last)
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

    pub(super) fn of_lane(row: &Row<'_>, held: &Held, axis: Axis, plot: usize) -> Self {
        let lane = row.lane;
        let mut cells = Self::empty(axis, plot);
        let end = lane.end.at().unwrap_or(axis.end());
        let first_poll = lane.polls.first().map_or(end, |poll| poll.at);
        let waiting = match lane.end {
            End::Dropped(_) => Cell::WaitingInVain,
            // A panic comes in a poll: what was waited for was there.
            End::Finished(_) | End::Panicked(_) | End::Open => Cell::Waiting,
        };
        cells.fill(lane.created, first_poll, Cell::Unpolled);
        cells.fill(first_poll, end, waiting);
        for wake in &lane.wakes {
            cells.put(*wake, Cell::Wake);
        }
        for (index, poll) in lane.polls.iter().enumerate() {
            for stretch in held.of(row.index, index) {
                let cell = if stretch.own {
                    Cell::Busy
                } else {
                    Cell::Holding
                };
                cells.fill(stretch.from, stretch.to, cell);
            }
            // Nobody can have woken a future that was never polled.
            let first = index == 0;
            let cell = if first || poll.woken {
                Cell::Poll
            } else {
                Cell::PolledAlong
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
            End::Open => Cell::Open,
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
