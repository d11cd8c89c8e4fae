//! How many things happen at the same time.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Counts how many things happen at the same time, and keeps the peak.
///
/// Clones share the count.
///
/// ```
/// use grading::Gauge;
///
/// let gauge = Gauge::new();
/// let first = gauge.enter();
/// let second = gauge.enter();
/// drop(first);
/// assert_eq!((gauge.now(), gauge.peak()), (1, 2));
/// drop(second);
/// assert_eq!((gauge.now(), gauge.peak()), (0, 2));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Gauge {
    level: Arc<Mutex<Level>>,
}

#[derive(Debug, Default)]
struct Level {
    now: usize,
    peak: usize,
}

/// Counts as one until it is dropped. Made by [`Gauge::enter`].
#[derive(Debug)]
#[must_use = "it is counted until it is dropped"]
pub struct InFlight {
    gauge: Gauge,
}

/// A future that counts as one until it is dropped. Made by [`Gauge::hold`].
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct Held<F> {
    future: Pin<Box<F>>,
    _in_flight: InFlight,
}

impl Gauge {
    /// A gauge at zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one more, as long as the guard exists.
    pub fn enter(&self) -> InFlight {
        let mut level = self.level();
        level.now += 1;
        level.peak = level.peak.max(level.now);
        drop(level);
        InFlight {
            gauge: self.clone(),
        }
    }

    /// Counts one more, as long as the future exists, also when it has ended.
    ///
    /// What an `async` block owns is dropped when the block has ended, so a guard in it does not tell whether a future that has
    /// ended is kept. Where a contract says that it is dropped, count the future.
    ///
    /// ```
    /// use grading::{Gauge, await_and_keep, grade};
    ///
    /// grade(async || {
    ///     let gauge = Gauge::new();
    ///     let (_, finished) = await_and_keep(gauge.hold(async {})).await;
    ///     assert_eq!(gauge.now(), 1);
    ///     drop(finished);
    ///     assert_eq!(gauge.now(), 0);
    /// });
    /// ```
    pub fn hold<F: Future>(&self, future: F) -> Held<F> {
        Held {
            future: Box::pin(future),
            _in_flight: self.enter(),
        }
    }

    /// How many guards exist now.
    pub fn now(&self) -> usize {
        self.level().now
    }

    /// The highest number of guards that existed at the same time.
    pub fn peak(&self) -> usize {
        self.level().peak
    }

    /// No code panics while it holds the lock, so poison does not matter.
    fn level(&self) -> MutexGuard<'_, Level> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F: Future> Future for Held<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.future.as_mut().poll(cx)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.gauge.level().now -= 1;
    }
}
