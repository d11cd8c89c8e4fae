//! Which lane runs on this thread, and how long it has held the thread.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant as RealInstant};

use tokio::time::Instant;

use crate::clock::whole_steps;
use crate::recorder::Shared;

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// One lane that runs on this thread; the one on top of the stack is the innermost.
struct Frame {
    recording: Arc<Shared>,
    lane: usize,
    /// When this lane last took over from another one.
    resumed: Reading,
    own: Held,
    /// What the frames below add to the clock, which stands as long as they are below.
    below: Duration,
}

/// Both clocks, read at once.
#[derive(Clone, Copy)]
struct Reading {
    real: RealInstant,
    tokio: Instant,
}

/// For how long a lane held the thread.
#[derive(Clone, Copy, Default)]
struct Held {
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
    fn held(&self, now: Reading) -> Held {
        let real = now.real.saturating_duration_since(self.resumed.real);
        let counted = now.tokio.saturating_duration_since(self.resumed.tokio);
        Held {
            real: self.own.real + real,
            uncounted: self.own.uncounted + real.saturating_sub(counted),
        }
    }

    fn adds(&self, now: Reading) -> Duration {
        self.below + whole_steps(self.held(now).uncounted)
    }
}

/// What [`leave`] found out.
pub(crate) struct Left {
    /// For how long the lane held the thread itself, in whole steps.
    pub(crate) busy: Duration,
    /// By how much the clock has to go forward for it.
    pub(crate) uncounted: Duration,
}

/// Makes `lane` the innermost one on this thread, until [`leave`].
pub(crate) fn enter(recording: &Arc<Shared>, lane: usize) {
    FRAMES.with_borrow_mut(|frames| {
        let now = Reading::now();
        let mut below = Duration::ZERO;
        if let Some(outer) = frames.last_mut() {
            outer.own = outer.held(now);
            outer.resumed = now;
            if Arc::ptr_eq(&outer.recording, recording) {
                below = outer.adds(now);
            }
        }
        frames.push(Frame {
            recording: Arc::clone(recording),
            lane,
            resumed: now,
            own: Held::default(),
            below,
        });
    });
}

/// Goes back to the lane that ran before.
pub(crate) fn leave() -> Left {
    let (frame, held) = FRAMES.with_borrow_mut(|frames| {
        let now = Reading::now();
        let frame = frames.pop().expect("`leave` follows an `enter`");
        let held = frame.held(now);
        if let Some(outer) = frames.last_mut() {
            outer.resumed = now;
        }
        (frame, held)
    });
    drop(frame);
    Left {
        busy: whole_steps(held.real),
        uncounted: whole_steps(held.uncounted),
    }
}

/// The innermost lane of `recording` on this thread.
pub(crate) fn current(recording: &Arc<Shared>) -> Option<usize> {
    with_top(recording, |frame| frame.lane)
}

/// What polls of `recording` that have not returned yet add to the clock.
pub(crate) fn uncounted(recording: &Arc<Shared>) -> Duration {
    with_top(recording, |frame| frame.adds(Reading::now())).unwrap_or_default()
}

/// A waker may be used while the thread's local values are being destroyed: no lane runs then.
fn with_top<T>(recording: &Arc<Shared>, read: impl FnOnce(&Frame) -> T) -> Option<T> {
    FRAMES
        .try_with(|frames| {
            let frames = frames.borrow();
            frames
                .last()
                .filter(|frame| Arc::ptr_eq(&frame.recording, recording))
                .map(read)
        })
        .ok()
        .flatten()
}
