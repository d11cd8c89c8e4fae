//! A waker whose calls a grader can count.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

/// Polls futures by hand, and counts how often its waker is called.
///
/// Two of them act as two tasks: a future that was polled with one and then with the other has moved between
/// tasks, and must wake the second one. It works in a model of `every_interleaving` as well, but a thread of the
/// model cannot sleep until it is woken.
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
    wakes: Arc<Wakes>,
}

#[derive(Debug, Default)]
struct Wakes {
    count: AtomicUsize,
}

impl TestWaker {
    /// A waker that has not been called.
    pub fn new() -> Self {
        Self::default()
    }

    /// The waker. All wakers of one `TestWaker` are equal under [`will_wake`](Waker::will_wake).
    pub fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.wakes))
    }

    /// Polls `future` once with the waker.
    pub fn poll<F: Future + ?Sized>(&self, future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(&self.waker()))
    }

    /// How often the waker was called.
    pub fn wake_count(&self) -> usize {
        self.wakes.count.load(Relaxed)
    }

    /// How many clones of the waker exist.
    pub fn live_wakers(&self) -> usize {
        Arc::strong_count(&self.wakes) - 1
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.count.fetch_add(1, Relaxed);
    }
}
