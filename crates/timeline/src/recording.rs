//! What happened in the lanes of one recorder.

mod running;

use std::any::Any;
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use self::running::Running;
use crate::clock::Clock;
use crate::context::{self, RecordingId};
use crate::model::{End, LaneRecord, Mark, Outcome, Poll, Step, Timeline};
use crate::waiting::{GivenWakers, Waiting};

/// What one recorder, its subscriber and its lanes share.
#[derive(Debug)]
pub(crate) struct Recording {
    id: RecordingId,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    clock: Option<Clock>,
    /// What polls that returned have added to the clock.
    busy: Duration,
    timeline: Timeline,
    /// For each lane, whether it has been woken since its last poll.
    woken: Vec<bool>,
    /// For each lane, the wakers that it has passed on.
    wakers: Vec<GivenWakers>,
    running: Running,
}

impl Record {
    fn now(&mut self, uncounted: Duration) -> Duration {
        let busy = self.busy + uncounted;
        self.clock.get_or_insert_with(Clock::start).now(busy)
    }

    fn is_pending(&self, lane: usize) -> bool {
        self.timeline.lanes[lane].end == End::Pending
    }

    fn end(&mut self, lane: usize, end: End) {
        self.wakers[lane] = GivenWakers::default();
        self.timeline.lanes[lane].end = end;
        self.timeline.order.push(Step::Ended { lane });
    }
}

impl Recording {
    pub(crate) fn new() -> Self {
        Self {
            id: RecordingId::new(),
            record: Mutex::default(),
        }
    }

    pub(crate) fn id(&self) -> RecordingId {
        self.id
    }

    /// No foreign code runs while the lock is held, so a panic leaves no incomplete record and poison does
    /// not matter.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn start_clock(&self) {
        self.record().clock.get_or_insert_with(Clock::start);
    }

    pub(crate) fn use_clock(&self, now: impl Fn() -> Duration + Send + 'static) {
        self.record().clock = Some(Clock::own(now));
    }

    /// What was recorded so far.
    pub(crate) fn snapshot(&self) -> Timeline {
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        let end = match record.clock {
            Some(_) => record.now(uncounted),
            None => Duration::ZERO,
        };
        let mut timeline = Timeline {
            end,
            ..record.timeline.clone()
        };
        record.running.show_in(&mut timeline);
        timeline
    }

    /// Creates a lane inside the one that runs, and returns its index.
    pub(crate) fn create(&self, name: String) -> usize {
        let parent = context::current(self.id);
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        let created = record.now(uncounted);
        let lane = record.timeline.lanes.len();
        record.timeline.lanes.push(LaneRecord {
            name,
            parent,
            created,
            polls: Vec::new(),
            wakes: Vec::new(),
            marks: Vec::new(),
            end: End::Pending,
        });
        record.woken.push(false);
        record.wakers.push(GivenWakers::default());
        record.timeline.order.push(Step::Created { lane });
        lane
    }

    /// Records that the lane's own waker was called. Calls after the lane has ended are ignored.
    pub(crate) fn wake(&self, lane: usize) {
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        if !record.is_pending(lane) {
            return;
        }
        let at = record.now(uncounted);
        record.woken[lane] = true;
        let wakes = &mut record.timeline.lanes[lane].wakes;
        let wake = wakes.len();
        wakes.push(at);
        record.timeline.order.push(Step::Woken { lane, wake });
    }

    /// Records that the lane passes on a waker, which is what all clones of it share.
    pub(crate) fn gives_waker(&self, lane: usize, waker: Weak<dyn Any + Send + Sync>) {
        self.record().wakers[lane].add(waker);
    }

    /// What can wake the lane, or `None` if it has ended.
    pub(crate) fn waiting(&self, lane: usize) -> Option<Waiting> {
        let record = self.record();
        if !record.is_pending(lane) {
            None
        } else if record.woken[lane] {
            Some(Waiting::Woken)
        } else {
            Some(record.wakers[lane].waiting())
        }
    }

    /// Records that a poll begins. Returns its index among the lane's polls, or `None` if the lane has ended.
    pub(crate) fn begin_poll(&self, lane: usize) -> Option<usize> {
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        if !record.is_pending(lane) {
            return None;
        }
        let at = record.now(uncounted);
        let woken = std::mem::take(&mut record.woken[lane]);
        let polls = &mut record.timeline.lanes[lane].polls;
        let poll = polls.len();
        polls.push(Poll {
            at,
            until: at,
            busy: Duration::ZERO,
            woken,
            outcome: Outcome::Pending,
        });
        record.timeline.order.push(Step::Polled { lane, poll });
        record.running.began(lane, poll);
        Some(poll)
    }

    /// Records that the poll returned or panicked.
    pub(crate) fn end_poll(
        &self,
        lane: usize,
        poll: usize,
        taken: &context::Taken,
        outcome: Outcome,
    ) {
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        record.busy += taken.uncounted;
        record.running.returned(lane, poll);
        let until = record.now(uncounted);
        let entry = &mut record.timeline.lanes[lane].polls[poll];
        entry.until = until;
        entry.busy = taken.busy;
        entry.outcome = outcome;
        match outcome {
            Outcome::Pending => {}
            Outcome::Ready => record.end(lane, End::Finished(until)),
            Outcome::Panicked => record.end(lane, End::Panicked(until)),
        }
    }

    pub(crate) fn is_pending(&self, lane: usize) -> bool {
        self.record().is_pending(lane)
    }

    /// Records that the lane was dropped before its end. `taken` is how long that blocked the thread.
    pub(crate) fn dropped(&self, lane: usize, taken: &context::Taken) {
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        record.busy += taken.uncounted;
        let at = record.now(uncounted);
        record.end(lane, End::Dropped(at));
    }

    /// Records a tracing event in the lane that runs.
    pub(crate) fn mark(&self, text: String) {
        let lane = context::current(self.id);
        let uncounted = context::uncounted(self.id);
        let mut record = self.record();
        let at = record.now(uncounted);
        let timeline = &mut record.timeline;
        let marks = match lane {
            Some(lane) => &mut timeline.lanes[lane].marks,
            None => &mut timeline.marks,
        };
        let mark = marks.len();
        marks.push(Mark { at, text });
        timeline.order.push(Step::Marked { lane, mark });
    }
}
