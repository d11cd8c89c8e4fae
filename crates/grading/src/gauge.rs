//! How many at the same time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Counts how many are inside at the same time, and remembers the most.
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

/// One that is inside, until it is dropped. Made by [`Gauge::enter`].
#[derive(Debug)]
#[must_use = "it leaves when it is dropped"]
pub struct InFlight {
    gauge: Gauge,
}

impl Gauge {
    /// A gauge with nobody inside.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more is inside, as long as the guard lives.
    pub fn enter(&self) -> InFlight {
        let mut level = self.level();
        level.now += 1;
        level.peak = level.peak.max(level.now);
        drop(level);
        InFlight {
            gauge: self.clone(),
        }
    }

    /// How many are inside.
    pub fn now(&self) -> usize {
        self.level().now
    }

    /// The most that were ever inside at the same time.
    pub fn peak(&self) -> usize {
        self.level().peak
    }

    /// Two numbers are never half changed, so a poisoned lock tells nothing.
    fn level(&self) -> MutexGuard<'_, Level> {
        self.level.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.gauge.level().now -= 1;
    }
}
