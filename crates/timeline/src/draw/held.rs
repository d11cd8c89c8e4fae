//! Where within its polls a lane held the thread itself, and where a lane inside it did.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::{Poll, Step, Timeline};

/// A part of a poll that took time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    /// Whether the lane itself held the thread, not one inside it.
    pub(crate) own: bool,
}

/// The polls that took time, by lane and number, and what they are made of.
pub(crate) struct Held(BTreeMap<(usize, usize), Vec<Stretch>>);

impl Held {
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
        let held = long.iter().enumerate().map(|(index, (key, poll))| {
            // A poll that began later and returned earlier ran inside this one.
            let inside = long[index + 1..]
                .iter()
                .map(|(_, other)| *other)
                .take_while(|other| other.at < poll.until)
                .filter(|other| other.until <= poll.until);
            (*key, stretches(poll, inside))
        });
        Self(held.collect())
    }

    /// The stretches of a lane's poll, oldest first; none if it took no time.
    pub(crate) fn of(&self, lane: usize, poll: usize) -> &[Stretch] {
        self.0.get(&(lane, poll)).map_or(&[], Vec::as_slice)
    }
}

fn stretches<'a>(poll: &Poll, inside: impl Iterator<Item = &'a Poll>) -> Vec<Stretch> {
    let own = !poll.busy.is_zero();
    let mut stretches = Vec::new();
    let mut from = poll.at;
    let mut add = |from: Duration, to: Duration, own: bool| {
        if from < to {
            stretches.push(Stretch { from, to, own });
        }
    };
    for other in inside {
        add(from, other.at, own);
        add(from.max(other.at), other.until, false);
        from = from.max(other.until);
    }
    add(from, poll.until, own);
    stretches
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
        stretches(&outer, inside.iter())
            .iter()
            .map(|part| (part.from.as_millis(), part.to.as_millis(), part.own))
            .collect()
    }

    #[test]
    fn what_a_lane_inside_held_is_cut_out() {
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
    fn a_poll_that_only_waited_for_one_inside_holds_nothing_itself() {
        assert_eq!(
            parts(poll(0, 300, 0), &[poll(0, 300, 300)]),
            [(0, 300, false)]
        );
    }
}
