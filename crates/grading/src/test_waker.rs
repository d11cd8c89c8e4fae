//! A waker that a grader holds by the other end.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

/// Polls futures by hand, and counts how often it is rung for.
///
/// Two bells are two tasks: what was polled with one and then with the other has moved, and has to ring
/// the second. Inside a model of `every_interleaving` it counts as well, but nobody can wait for it.
///
/// ```
/// use std::pin::pin;
///
/// use grading::TestWaker;
///
/// let (sender, receiver) = tokio::sync::oneshot::channel();
/// let mut receiver = pin!(receiver);
/// let (before, after) = (TestWaker::new(), TestWaker::new());
/// assert!(before.poll(receiver.as_mut()).is_pending());
/// assert!(after.poll(receiver.as_mut()).is_pending());
/// assert_eq!((before.live_wakers(), after.live_wakers()), (0, 1));
/// sender.send(7).unwrap();
/// assert_eq!((before.wake_count(), after.wake_count()), (0, 1));
/// assert!(after.poll(receiver.as_mut()).is_ready());
/// ```
#[derive(Debug, Default)]
pub struct TestWaker {
    rung: Arc<Rung>,
}

#[derive(Debug, Default)]
struct Rung {
    times: AtomicUsize,
}

impl TestWaker {
    /// A bell that nobody has rung.
    pub fn new() -> Self {
        Self::default()
    }

    /// A waker that rings it. All of them [will wake](Waker::will_wake) the same.
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.rung))
    }

    /// Polls `future`, which may keep the waker.
    pub fn poll<F: Future + ?Sized>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(&self.waker()))
    }

    /// How often it was rung.
    pub fn wake_count(&self) -> usize {
        self.rung.times.load(Relaxed)
    }

    /// How many wakers of it somebody keeps.
    pub fn live_wakers(&self) -> usize {
        Arc::strong_count(&self.rung) - 1
    }
}

impl Wake for Rung {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.times.fetch_add(1, Relaxed);
    }
}
