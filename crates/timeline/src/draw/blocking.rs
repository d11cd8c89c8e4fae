//! When, during its polls, a lane blocked the thread itself, and when a lane inside it did.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Poll, Step, Timeline};

/// A part of a poll that blocked the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    /// Whether the lane itself blocked the thread, and not one inside it.
    pub(crate) own: bool,
}

/// The polls that blocked the thread, by lane and number, and their segments.
pub(crate) struct Blocking(BTreeMap<(usize, usize), Vec<Segment>>);

impl Blocking {
    pub(crate) fn in_polls_of(timeline: &Timeline) -> Self {
        let long: Vec<((usize, usize), &Poll)> = timeline
            .order
            .iter()
            .filter_map(|step| match *step {
                Step::Polled { lane, poll } => Some((lane, poll)),
                _ => None,
            })
            .filter_map(|key| Some((key, timeline.lanes.get(key.0)?.polls.get(key.1)?)))
            .filter(|(_, poll)| poll.until > poll.at)
            .collect();
        let segments = long.iter().enumerate().map(|(index, (key, poll))| {
            // A poll that began later and returned earlier ran inside this one.
            let inside = long[index + 1..]
                .iter()
                .map(|(_, other)| *other)
                .take_while(|other| other.at < poll.until)
                .filter(|other| other.until <= poll.until);
            (*key, segments(poll, inside))
        });
        Self(segments.collect())
    }

    /// The segments of a lane's poll, oldest first. There are none if it took no time.
    pub(crate) fn of(&self, lane: usize, poll: usize) -> &[Segment] {
        self.0.get(&(lane, poll)).map_or(&[], Vec::as_slice)
    }
}

fn segments<'a>(poll: &Poll, inside: impl Iterator<Item = &'a Poll>) -> Vec<Segment> {
    let own = !poll.busy.is_zero();
    let mut segments = Vec::new();
    let mut from = poll.at;
    let mut add = |from: Duration, to: Duration, own: bool| {
        if from < to {
            segments.push(Segment { from, to, own });
        }
    };
    for other in inside {
        add(from, other.at, own);
        add(from.max(other.at), other.until, false);
        from = from.max(other.until);
    }
    add(from, poll.until, own);
    segments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome;

    fn poll(at: u64, until: u64, busy: u64) -> Poll {
        Poll {
            at: Duration::from_millis(at),
            until: Duration::from_millis(until),
            busy: Duration::from_millis(busy),
            woken: false,
            outcome: Outcome::Pending,
        }
    }

    fn parts(outer: Poll, inside: &[Poll]) -> Vec<(u128, u128, bool)> {
        segments(&outer, inside.iter())
            .iter()
            .map(|part| (part.from.as_millis(), part.to.as_millis(), part.own))
            .collect()
    }

    #[test]
    fn the_segments_of_inner_lanes_are_cut_out() {
        let inside = [poll(100, 200, 100), poll(120, 150, 0), poll(300, 400, 100)];
        assert_eq!(
            parts(poll(0, 500, 300), &inside),
            [
                (0, 100, true),
                (100, 200, false),
                (200, 300, true),
                (300, 400, false),
                (400, 500, true)
            ]
        );
    }

    #[test]
    fn a_poll_that_only_waited_for_an_inner_one_does_not_block_itself() {
        assert_eq!(
            parts(poll(0, 300, 0), &[poll(0, 300, 300)]),
            [(0, 300, false)]
        );
    }
}
