//! Which lanes are drawn, and in what order.

use std::time::Duration;

use super::axis::Axis;
use super::words;
use crate::model::{End, LaneRecord, Timeline};

/// More lanes than this are not drawn one by one.
const MOST: usize = 40;
/// If there are more, this many are drawn, and the rest are counted.
const FIRST: usize = 30;

/// The rows of a drawing.
pub(crate) struct Rows<'a> {
    pub(crate) shown: Vec<Row<'a>>,
    pub(crate) rest: Rest,
    /// The time axis of the rows.
    pub(crate) axis: Axis,
}

/// A lane, and how many lanes it is inside of.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) index: usize,
    pub(crate) lane: &'a LaneRecord,
    pub(crate) depth: usize,
}

/// How many lanes are not drawn, by their ends.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Rest {
    finished: usize,
    dropped: usize,
    panicked: usize,
    pending: usize,
    /// When the last of them ended, if that is later than the end of the drawing.
    until: Option<Duration>,
}

impl<'a> Rows<'a> {
    /// Every lane below the one that it was created in, and siblings in the order of their creation.
    pub(crate) fn of(timeline: &'a Timeline) -> Self {
        let many = timeline.lanes.len() > MOST;
        Self::first(timeline, if many { FIRST } else { MOST })
    }

    /// The same, but at most `most` rows.
    pub(crate) fn first(timeline: &'a Timeline, most: usize) -> Self {
        let mut shown = in_tree_order(timeline);
        let of = |rows: &[Row<'a>]| {
            let lanes: Vec<_> = rows.iter().map(|row| row.lane).collect();
            Axis::of(timeline, &lanes)
        };
        let whole = of(&shown);
        let mut rest = Rest::default();
        for row in shown.drain(most.min(shown.len())..) {
            rest.add(row.lane.end);
        }
        let axis = of(&shown);
        rest.until = (axis.end() < whole.end()).then_some(whole.end());
        Self { shown, rest, axis }
    }
}

fn in_tree_order(timeline: &Timeline) -> Vec<Row<'_>> {
    let lanes = &timeline.lanes;
    let mut children = vec![Vec::new(); lanes.len()];
    let mut pending = Vec::new();
    for (index, lane) in lanes.iter().enumerate() {
        // A parent is created before its children. Anything else was not recorded by this crate.
        match lane.parent.filter(|parent| *parent < index) {
            Some(parent) => children[parent].push(index),
            None => pending.push((index, 0)),
        }
    }
    pending.reverse();
    let mut rows = Vec::with_capacity(lanes.len());
    while let Some((index, depth)) = pending.pop() {
        rows.push(Row {
            index,
            lane: &lanes[index],
            depth,
        });
        pending.extend(
            children[index]
                .iter()
                .rev()
                .map(|child| (*child, depth + 1)),
        );
    }
    rows
}

impl Rest {
    fn add(&mut self, end: End) {
        match end {
            End::Finished(_) => self.finished += 1,
            End::Dropped(_) => self.dropped += 1,
            End::Panicked(_) => self.panicked += 1,
            End::Pending => self.pending += 1,
        }
    }

    /// All lanes of `timeline`, by their ends.
    pub(crate) fn all(timeline: &Timeline) -> Self {
        let mut rest = Self::default();
        for lane in &timeline.lanes {
            rest.add(lane.end);
        }
        rest
    }

    /// `3 finished, 1 dropped`.
    pub(crate) fn outcomes(&self) -> String {
        let counts = [
            (self.finished, "finished"),
            (self.dropped, "dropped"),
            (self.panicked, "panicked"),
            (self.pending, "still pending"),
        ];
        let parts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, outcome)| format!("{} {outcome}", words::count(*count)))
            .collect();
        parts.join(", ")
    }

    /// `60 more until 900 ms: 59 finished, 1 dropped`, or `None` if every lane is drawn.
    pub(crate) fn summary(&self) -> Option<String> {
        let count = self.finished + self.dropped + self.panicked + self.pending;
        let until = self.until.map(words::instant);
        let until = until.map_or_else(String::new, |until| format!(" until {until}"));
        (count > 0).then(|| {
            let count = words::count(count);
            format!("{count} more{until}: {}", self.outcomes())
        })
    }
}
