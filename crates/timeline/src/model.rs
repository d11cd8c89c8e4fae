//! What a timeline consists of.
//!
//! A *lane* is one future's row. It begins when the future is created (calling an `async fn` creates one;
//! its body does not run yet) and ends when the future is ready, when it is dropped before that, or when it
//! panics. In between it is polled, again and again: only during a [`Poll`] does the future's code run.
//! Between two polls the future waits, and costs nothing.
//!
//! Before a future waits, it stores its *waker* where the awaited event will find it. Each call of the waker
//! is a wake-up, to which the executor responds by polling the task, from its outermost future inwards. The
//! futures of one task (the branches of a `join!`, for example) may therefore be polled although they were
//! not woken. [`Poll::woken`] distinguishes the two.
//!
//! All instants are on tokio's clock, counted from time zero, where the recording began. A paused clock
//! measures virtual time: it stands still while code runs, and jumps when every task waits. A poll that
//! blocks the thread for 300 real milliseconds would then take no time at all, and the most important
//! mistake in asynchronous code would be invisible. So the real time for which a poll blocked the thread
//! ([`Poll::busy`]) is added to the clock, and moves everything after it to the right. It is counted in whole
//! tenths of a second, so that a recording is the same on every machine: code between two awaits takes
//! microseconds, which a timeline does not show. Without a runtime there is only real time, and the same
//! rule applies to all of it.

use std::time::Duration;

/// What the futures of a program did, from time zero to [`end`](Timeline::end).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The instant at which it was read from the recorder.
    pub end: Duration,
    /// The lanes, in the order in which they were created.
    pub lanes: Vec<LaneRecord>,
    /// The marks that were made outside any lane.
    pub marks: Vec<Mark>,
    /// Everything above in the order in which it happened. Instants alone are not enough, because a whole
    /// program may run within one of them.
    pub(crate) order: Vec<Step>,
}

/// One future's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRecord {
    /// The name that the program gave it.
    pub name: String,
    /// The lane during whose poll this one was created, as an index into [`Timeline::lanes`].
    pub parent: Option<usize>,
    /// The instant at which the future was created.
    pub created: Duration,
    /// The polls, oldest first.
    pub polls: Vec<Poll>,
    /// The instants at which this lane's own waker was called before the lane ended, oldest first.
    pub wakes: Vec<Duration>,
    /// The marks made while this lane was the innermost running one, oldest first.
    pub marks: Vec<Mark>,
    /// How it ended.
    pub end: End,
}

/// One call of a future's `poll`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// The instant at which it began.
    pub at: Duration,
    /// The instant at which it returned. It is later than [`at`](Poll::at) only if this lane, or one inside
    /// it, blocked the thread.
    pub until: Duration,
    /// For how long this lane itself blocked the thread, in real time rounded down to whole tenths of a
    /// second. The time of lanes inside it is not included.
    pub busy: Duration,
    /// Whether this lane's own waker was called since its last poll. If not, it is the first poll, or the
    /// lane was polled only because the future around it was polled.
    pub woken: bool,
    /// The result of the poll.
    pub outcome: Outcome,
}

/// The result of a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The future has to wait. A poll that has not returned yet counts as this, too.
    Pending,
    /// The future was ready.
    Ready,
    /// The future panicked.
    Panicked,
}

/// How a lane ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The future was ready.
    Finished(Duration),
    /// The future was dropped before it was ready.
    Dropped(Duration),
    /// The future panicked.
    Panicked(Duration),
    /// It had not ended when the timeline was read.
    Pending,
}

impl End {
    /// The instant of the end, or `None` if the lane is still pending.
    pub fn at(self) -> Option<Duration> {
        match self {
            Self::Finished(at) | Self::Dropped(at) | Self::Panicked(at) => Some(at),
            Self::Pending => None,
        }
    }
}

/// A tracing event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The instant at which it was made.
    pub at: Duration,
    /// The message, then the fields as ` key=value`.
    pub text: String,
}

/// One event, as a reference into a [`Timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Created { lane: usize },
    Polled { lane: usize, poll: usize },
    Woken { lane: usize, wake: usize },
    Marked { lane: Option<usize>, mark: usize },
    Ended { lane: usize },
}
