//! What a timeline is made of.
//!
//! A *lane* is one future's row. It begins when the future is created (calling an `async fn` creates
//! one; nothing runs yet) and ends when the future is ready, when it is dropped before that, or when it
//! panics. In between, somebody polls it, again and again: a [`Poll`] is the only time in which the
//! future's code runs. Between two polls the future waits, and costs nothing.
//!
//! A future that waits has left its *waker* with whatever it waits for. Each use of the waker is a
//! wake-up, and the executor answers it by polling the task, from the outside in. Futures of one task
//! (the branches of a `join!`, say) are all inside that task, so they may be polled along although
//! nobody woke them: [`Poll::woken`] tells the two apart.
//!
//! All instants are counted from time zero, where the recording began, on tokio's clock. Under a paused
//! clock that time is virtual: it stands still while code runs and jumps when everybody waits. A poll
//! that holds the thread for 300 real milliseconds would then take no time at all, and the one mistake
//! that matters most in asynchronous code would be invisible. So real time that a poll held the thread
//! ([`Poll::busy`]) is added to the clock, and pushes everything after it to the right. It is counted in
//! whole tenths of a second, so that a recording is the same on every machine: code that runs between
//! two awaits takes microseconds, and they are not the timeline's business. Where there is no runtime,
//! there is only real time, and the same rule applies to all of it.

use std::time::Duration;

/// What the futures of a program did, from time zero to [`end`](Timeline::end).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timeline {
    /// The instant at which this was read off the recorder.
    pub end: Duration,
    /// The lanes, in the order in which they were created.
    pub lanes: Vec<LaneRecord>,
    /// The marks that were made outside any lane.
    pub marks: Vec<Mark>,
    /// Everything above in the order in which it happened: instants alone cannot tell, for a whole
    /// program may run within one of them.
    pub(crate) order: Vec<Step>,
}

/// One future's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaneRecord {
    /// What the program calls it.
    pub name: String,
    /// The lane during whose poll this one was created, as an index into [`Timeline::lanes`].
    pub parent: Option<usize>,
    /// The instant at which the future was made.
    pub created: Duration,
    /// The polls, oldest first.
    pub polls: Vec<Poll>,
    /// The instants at which this lane's own waker was used before the lane ended, oldest first.
    pub wakes: Vec<Duration>,
    /// The marks made while this lane was the innermost one that ran, oldest first.
    pub marks: Vec<Mark>,
    /// How it ended.
    pub end: End,
}

/// One call of a future's `poll`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// The instant at which it began.
    pub at: Duration,
    /// The instant at which it returned: later than [`at`](Poll::at) only if the thread was held
    /// meanwhile, by this lane or by one inside it.
    pub until: Duration,
    /// For how long this lane itself held the thread, in real time rounded down to whole tenths of a
    /// second. What lanes inside it took is theirs and not counted here.
    pub busy: Duration,
    /// Whether this lane's own waker was used since its last poll. If not, it is the first poll, or the
    /// lane was polled along because the future around it was polled.
    pub woken: bool,
    /// What the poll came to.
    pub outcome: Outcome,
}

/// What a poll came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The future has more to wait for. A poll that has not returned yet counts as this, too.
    Pending,
    /// The future gave its result.
    Ready,
    /// The future panicked.
    Panicked,
}

/// How a lane ended, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The future gave its result.
    Finished(Duration),
    /// The future was dropped before it was ready.
    Dropped(Duration),
    /// The future panicked.
    Panicked(Duration),
    /// It had not ended when the timeline was read.
    Open,
}

impl End {
    /// The instant of the end; `None` if the lane is still open.
    pub fn at(self) -> Option<Duration> {
        match self {
            Self::Finished(at) | Self::Dropped(at) | Self::Panicked(at) => Some(at),
            Self::Open => None,
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

/// One thing that happened, as a reference into a [`Timeline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Created { lane: usize },
    Polled { lane: usize, poll: usize },
    Woken { lane: usize, wake: usize },
    Marked { lane: Option<usize>, mark: usize },
    Ended { lane: usize },
}
