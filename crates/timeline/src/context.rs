//! Which lane runs on this thread, and for how long it has blocked the thread.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant as RealInstant};

use tokio::time::Instant;

use crate::clock::whole_steps;

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// Distinguishes the recordings of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecordingId(u64);

impl RecordingId {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Relaxed))
    }
}

/// One lane that runs on this thread; the one on top of the stack is the innermost.
struct Frame {
    recording: RecordingId,
    lane: usize,
    /// When this lane last took over from another one.
    resumed: Reading,
    blocked: Blocked,
    /// What the frames below add to the clock. It does not change while they are below.
    below: Duration,
}

/// Both clocks, read at once.
#[derive(Clone, Copy)]
struct Reading {
    real: RealInstant,
    tokio: Instant,
}

/// For how long a lane itself blocked the thread.
#[derive(Clone, Copy, Default)]
struct Blocked {
    real: Duration,
    /// The part that tokio's clock did not count.
    uncounted: Duration,
}

impl Reading {
    fn now() -> Self {
        Self {
            real: RealInstant::now(),
            tokio: Instant::now(),
        }
    }
}

impl Frame {
    fn blocked_until(&self, now: Reading) -> Blocked {
        let real = now.real.saturating_duration_since(self.resumed.real);
        let counted = now.tokio.saturating_duration_since(self.resumed.tokio);
        Blocked {
            real: self.blocked.real + real,
            uncounted: self.blocked.uncounted + real.saturating_sub(counted),
        }
    }

    fn adds(&self, now: Reading) -> Duration {
        self.below + whole_steps(self.blocked_until(now).uncounted)
    }
}

/// What a lane took of the thread, in whole steps.
pub(crate) struct Taken {
    /// For how long the lane itself blocked the thread.
    pub(crate) busy: Duration,
    /// By how much the clock has to advance for it.
    pub(crate) uncounted: Duration,
}

/// Makes `lane` the innermost one on this thread, until [`leave`].
pub(crate) fn enter(recording: RecordingId, lane: usize) {
    FRAMES.with_borrow_mut(|frames| {
        let now = Reading::now();
        let mut below = Duration::ZERO;
        if let Some(outer) = frames.last_mut() {
            outer.blocked = outer.blocked_until(now);
            outer.resumed = now;
            if outer.recording == recording {
                below = outer.adds(now);
            }
        }
        frames.push(Frame {
            recording,
            lane,
            resumed: now,
            blocked: Blocked::default(),
            below,
        });
    });
}

/// Returns to the lane that ran before.
pub(crate) fn leave() -> Taken {
    let blocked = FRAMES.with_borrow_mut(|frames| {
        let now = Reading::now();
        let frame = frames.pop().expect("`leave` follows an `enter`");
        if let Some(outer) = frames.last_mut() {
            outer.resumed = now;
        }
        frame.blocked_until(now)
    });
    Taken {
        busy: whole_steps(blocked.real),
        uncounted: whole_steps(blocked.uncounted),
    }
}

/// The innermost lane of `recording` on this thread.
pub(crate) fn current(recording: RecordingId) -> Option<usize> {
    with_top(recording, |frame| frame.lane)
}

/// What polls of `recording` that have not returned yet add to the clock.
pub(crate) fn uncounted(recording: RecordingId) -> Duration {
    with_top(recording, |frame| frame.adds(Reading::now())).unwrap_or_default()
}

/// `None` also while the thread's local values are being destroyed: a waker may be called then, but no lane
/// runs.
fn with_top<T>(recording: RecordingId, read: impl FnOnce(&Frame) -> T) -> Option<T> {
    FRAMES
        .try_with(|frames| {
            let frames = frames.borrow();
            frames
                .last()
                .filter(|frame| frame.recording == recording)
                .map(read)
        })
        .ok()
        .flatten()
}
