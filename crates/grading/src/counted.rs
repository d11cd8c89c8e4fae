//! A future whose polls and wake-ups are counted.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::task::{Context, Poll, Wake, Waker};

use crate::check::check;
use crate::failure::Failure;

/// A future that counts its polls and its wake-ups.
///
/// A future that waits properly is polled once for each wake-up, and is woken only when there is something to
/// do. The counts distinguish a busy loop from a wait.
///
/// ```
/// use grading::{Counted, Failure, check, grade, ms};
///
/// grade(async || {
///     let sleep = Counted::new(tokio::time::sleep(ms(100)));
///     let counts = sleep.counts();
///     check(counts.polls() == 0, || Failure::new("A future does nothing before it is polled."));
///     sleep.await;
///     check((counts.polls(), counts.wakes()) == (2, 1), || {
///         Failure::new("A sleep is polled when it starts and when its deadline has passed.")
///     });
/// });
/// ```
///
/// # Cancel safety
///
/// That of the future inside.
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Counted<F> {
    future: Pin<Box<F>>,
    counts: Counts,
}

/// The counts of a [`Counted`] future. They outlive the future.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    numbers: Arc<Numbers>,
}

#[derive(Debug, Default)]
struct Numbers {
    polls: AtomicUsize,
    wakes: AtomicUsize,
}

impl<F: Future> Counted<F> {
    /// Wraps `future`, with the counts at zero.
    pub fn new(future: F) -> Self {
        Self {
            future: Box::pin(future),
            counts: Counts::default(),
        }
    }
}

impl<F> Counted<F> {
    /// A handle to the counts.
    pub fn counts(&self) -> Counts {
        self.counts.clone()
    }
}

impl Counts {
    /// How often the future was polled.
    pub fn polls(&self) -> usize {
        self.numbers.polls.load(Relaxed)
    }

    /// Fails if the future was polled more than `most` times. `page` explains how a future waits.
    ///
    /// A future that is woken by what it waits for is polled a few times. One that sleeps for a short time and looks
    /// again, over and over, is polled more often, and may be right in everything else.
    #[track_caller]
    pub fn check_polls(&self, most: usize, page: &str) {
        let polls = self.polls();
        check(polls <= most, || {
            Failure::new(format!(
                "The future should be polled when there is something to do, here at most {most} times; it was polled \
                 {polls} times."
            ))
            .usually(
                "that the answer sleeps for a short time, looks whether something has changed, and sleeps again. Await \
                 what it waits for: that wakes it.",
            )
            .read(page)
        });
    }

    /// How often the wakers that the future was given were called.
    pub fn wakes(&self) -> usize {
        self.numbers.wakes.load(Relaxed)
    }
}

impl<F: Future> Future for Counted<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let numbers = Arc::clone(&self.counts.numbers);
        numbers.polls.fetch_add(1, Relaxed);
        let waker = Waker::from(Arc::new(CountingWaker {
            numbers,
            inner: cx.waker().clone(),
        }));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

struct CountingWaker {
    numbers: Arc<Numbers>,
    inner: Waker,
}

impl Wake for CountingWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.numbers.wakes.fetch_add(1, Relaxed);
        self.inner.wake_by_ref();
    }
}
