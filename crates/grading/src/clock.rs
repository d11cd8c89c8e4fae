//! Virtual time, measured and written, and how often something happened.

use std::time::Duration;

use tokio::time::Instant;

/// `milliseconds` as a [`Duration`]: `ms(100)` reads better in a grader.
pub const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// How often, as a report writes it: `never`, `once`, `3 times`.
pub fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        count => format!("{count} times"),
    }
}

/// A stopwatch on tokio's clock.
///
/// Inside [`grade`](crate::grade) the clock is paused: it stands still while code runs and jumps to
/// the next timer when everything waits. What it measures is exact, so graders compare with `==`.
///
/// ```
/// use grading::{Clock, Failure, check, grade, ms};
///
/// grade(async || {
///     let clock = Clock::start();
///     tokio::join!(tokio::time::sleep(ms(70)), tokio::time::sleep(ms(100)));
///     check(clock.elapsed() == ms(100), || {
///         Failure::new("Two sleeps at the same time should take as long as the longer one.")
///     });
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// A stopwatch that starts here. Outside a runtime it measures real time.
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

/// `duration` as a report writes it: `0 ms`, `1.5 ms`, `100 ms`, `2.25 s`.
pub(crate) fn spell(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_nanos() as f64 / 1e6)
    } else {
        format!("{} s", duration.as_nanos() as f64 / 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::{ms, spell};
    use std::time::Duration;

    #[test]
    fn durations_are_written_in_the_unit_that_fits() {
        assert_eq!(spell(Duration::ZERO), "0 ms");
        assert_eq!(spell(Duration::from_micros(1500)), "1.5 ms");
        assert_eq!(spell(ms(999)), "999 ms");
        assert_eq!(spell(ms(2250)), "2.25 s");
        assert_eq!(spell(Duration::from_secs(3600)), "3600 s");
    }
}
