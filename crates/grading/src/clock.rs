//! Virtual time and how it is measured.

use std::time::Duration;

use tokio::time::Instant;

/// `milliseconds` as a [`Duration`]: `ms(100)` keeps a grader short.
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A stopwatch on tokio's clock.
///
/// Inside [`grade`](crate::grade) the clock is paused: it stands still while code runs and jumps to
/// the next timer when every task waits. What it measures is exact, so graders compare with `==`.
///
/// ```
/// use grading::{Clock, Failure, check, grade, ms};
///
/// grade(async || {
///     let clock = Clock::start();
///     tokio::join!(tokio::time::sleep(ms(70)), tokio::time::sleep(ms(100)));
///     check(clock.elapsed() == ms(100), || {
///         Failure::new("Two concurrent sleeps should take as long as the longer one.")
///     });
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// Starts a stopwatch. Outside a runtime it measures real time.
    pub fn start() -> Self {
        Self {
            start: Instant::now(),
        }
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }
}
