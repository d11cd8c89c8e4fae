//! The polls that have not returned. Another thread may read the recording, for example because one of them
//! never returns.

use std::thread::{self, ThreadId};
use std::time::Instant;

use crate::clock::whole_steps;
use crate::model::Timeline;

/// The running polls, in the order in which they began.
#[derive(Debug, Default)]
pub(super) struct Running(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    lane: usize,
    poll: usize,
    thread: ThreadId,
    /// When it began, or when a poll inside it returned.
    resumed: Instant,
}

impl Running {
    pub(super) fn began(&mut self, lane: usize, poll: usize) {
        self.0.push(Entry {
            lane,
            poll,
            thread: thread::current().id(),
            resumed: Instant::now(),
        });
    }

    pub(super) fn returned(&mut self, lane: usize, poll: usize) {
        let ended = |entry: &Entry| entry.lane == lane && entry.poll == poll;
        let Some(index) = self.0.iter().rposition(ended) else {
            return;
        };
        let thread = self.0.remove(index).thread;
        let mut before = self.0.iter_mut().rev();
        if let Some(outer) = before.find(|entry| entry.thread == thread) {
            outer.resumed = Instant::now();
        }
    }

    /// Adds to `timeline` for how long these polls have blocked their threads so far.
    pub(super) fn show_in(&self, timeline: &mut Timeline) {
        for (index, entry) in self.0.iter().enumerate() {
            let innermost = self.0[index + 1..]
                .iter()
                .all(|later| later.thread != entry.thread);
            let poll = &mut timeline.lanes[entry.lane].polls[entry.poll];
            if innermost {
                poll.busy = whole_steps(entry.resumed.elapsed());
                timeline.end = timeline.end.max(poll.at + poll.busy);
            }
        }
        let end = timeline.end;
        for entry in &self.0 {
            timeline.lanes[entry.lane].polls[entry.poll].until = end;
        }
    }
}
