//! How many things happen at the same time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

impl Drop for InFlight {
    fn drop(&mut self) {
        self.gauge.level().now -= 1;
    }
}
