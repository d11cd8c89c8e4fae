//! Where lanes and marks are written down.

mod running;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::Dispatch;

use self::running::Running;
use crate::clock::Clock;
use crate::context;
use crate::listener::{self, Listener};
use crate::model::{End, LaneRecord, Mark, Outcome, Poll, Step, Timeline};

/// Records lanes and marks. A cheap handle: clones record to the same place.
///
/// ```
/// use timeline::{InLane, Recorder};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let _guard = recorder.install();
/// async { tracing::info!("hello") }.in_lane("greeter").await;
///
/// let timeline = recorder.timeline();
/// assert_eq!(timeline.lanes[0].name, "greeter");
/// assert_eq!(timeline.lanes[0].marks[0].text, "hello");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Recorder {
    recording: Arc<Shared>,
    dispatch: Dispatch,
}

/// While this lives, the thread that made it records. See [`Recorder::install`].
#[must_use = "recording stops when the guard is dropped"]
#[derive(Debug)]
pub struct Installed {
    _default: tracing::subscriber::DefaultGuard,
}

impl Recorder {
    /// A recorder that has recorded nothing, and will not before it is installed.
    #[expect(
        clippy::new_without_default,
        reason = "a recorder is a place to write to, not a value that could be an empty one"
    )]
    pub fn new() -> Self {
        listener::keep_every_callsite_awake();
        let recording = Arc::new(Shared::default());
        let dispatch = Dispatch::new(Listener::new(Arc::clone(&recording)));
        Self {
            recording,
            dispatch,
        }
    }

    /// Begins recording what is done on this thread, as long as the guard lives. Time zero is here.
    ///
    /// A lane keeps its recorder when it moves to another thread, and hands it to the lanes and marks
    /// made inside it.
    ///
    /// Call it inside the runtime. Before that there is no clock but the real one, of which only whole
    /// tenths of a second count.
    pub fn install(&self) -> Installed {
        self.recording.start_clock();
        Installed {
            _default: tracing::dispatcher::set_default(&self.dispatch),
        }
    }

    /// Begins recording what is done on every thread, until the process ends. Time zero is here.
    pub(crate) fn install_everywhere(
        &self,
    ) -> Result<(), tracing::dispatcher::SetGlobalDefaultError> {
        self.recording.start_clock();
        tracing::dispatcher::set_global_default(self.dispatch.clone())
    }

    /// Goes by this clock from here on.
    pub(crate) fn by_clock(&self, now: impl Fn() -> Duration + Send + 'static) {
        self.recording.record().clock = Some(Clock::own(now));
    }

    /// What was recorded up to now, from any thread. Lanes that have not ended are [`End::Open`], and a
    /// poll that has not returned has held its thread for as long as it has.
    pub fn timeline(&self) -> Timeline {
        self.recording.snapshot()
    }
}

/// What one recorder, its listener and its lanes share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    clock: Option<Clock>,
    /// What has been added to the clock by polls that returned.
    busy: Duration,
    timeline: Timeline,
    /// For each lane, whether it was woken since its last poll.
    woken: Vec<bool>,
    running: Running,
}

impl Record {
    fn now(&mut self, uncounted: Duration) -> Duration {
        let busy = self.busy + uncounted;
        self.clock.get_or_insert_with(Clock::start).now(busy)
    }

    fn is_open(&self, lane: usize) -> bool {
        self.timeline.lanes[lane].end == End::Open
    }

    fn end(&mut self, lane: usize, end: End) {
        self.timeline.lanes[lane].end = end;
        self.timeline.order.push(Step::Ended { lane });
    }
}

impl Shared {
    /// Nothing here runs a stranger's code while it holds the lock, so a panic leaves no record half
    /// made and the poison says nothing.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_clock(&self) {
        self.record().clock.get_or_insert_with(Clock::start);
    }

    fn snapshot(self: &Arc<Self>) -> Timeline {
        let uncounted = context::uncounted(self);
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

    /// A new lane inside the one that runs, and its index.
    pub(crate) fn create(self: &Arc<Self>, name: String) -> usize {
        let parent = context::current(self);
        let uncounted = context::uncounted(self);
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
            end: End::Open,
        });
        record.woken.push(false);
        record.timeline.order.push(Step::Created { lane });
        lane
    }

    /// The lane's own waker was used. Wakers may outlive their lane; that is of no interest then.
    pub(crate) fn wake(self: &Arc<Self>, lane: usize) {
        let uncounted = context::uncounted(self);
        let mut record = self.record();
        if !record.is_open(lane) {
            return;
        }
        let at = record.now(uncounted);
        record.woken[lane] = true;
        let wakes = &mut record.timeline.lanes[lane].wakes;
        let wake = wakes.len();
        wakes.push(at);
        record.timeline.order.push(Step::Woken { lane, wake });
    }

    /// A poll begins. Its index among the lane's polls, or `None` if the lane has ended.
    pub(crate) fn begin_poll(self: &Arc<Self>, lane: usize) -> Option<usize> {
        let uncounted = context::uncounted(self);
        let mut record = self.record();
        if !record.is_open(lane) {
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

    /// The poll returned, or panicked.
    pub(crate) fn end_poll(
        self: &Arc<Self>,
        lane: usize,
        poll: usize,
        held: &context::Left,
        outcome: Outcome,
    ) {
        let uncounted = context::uncounted(self);
        let mut record = self.record();
        record.busy += held.uncounted;
        record.running.returned(lane, poll);
        let until = record.now(uncounted);
        let entry = &mut record.timeline.lanes[lane].polls[poll];
        entry.until = until;
        entry.busy = held.busy;
        entry.outcome = outcome;
        match outcome {
            Outcome::Pending => {}
            Outcome::Ready => record.end(lane, End::Finished(until)),
            Outcome::Panicked => record.end(lane, End::Panicked(until)),
        }
    }

    pub(crate) fn is_open(&self, lane: usize) -> bool {
        self.record().is_open(lane)
    }

    /// The lane was dropped before its end, which took the thread for as long as `held` says.
    pub(crate) fn dropped(self: &Arc<Self>, lane: usize, held: &context::Left) {
        let uncounted = context::uncounted(self);
        let mut record = self.record();
        record.busy += held.uncounted;
        let at = record.now(uncounted);
        record.end(lane, End::Dropped(at));
    }

    /// A tracing event, made in the lane that runs.
    pub(crate) fn mark(self: &Arc<Self>, text: String) {
        let lane = context::current(self);
        let uncounted = context::uncounted(self);
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
