//! Measuring times, and printing them.

use std::time::{Duration, Instant};

use anyhow::Result;

pub fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// The shortest of three measurements. The other two were disturbed by whatever else the machine was doing.
pub fn best_of_three(mut measure: impl FnMut() -> Result<Duration>) -> Result<Duration> {
    let mut best = Duration::MAX;
    for _ in 0..3 {
        best = best.min(measure()?);
    }
    Ok(best)
}

pub fn ratio(time: Duration, to: Duration) -> f64 {
    time.as_secs_f64() / to.as_secs_f64()
}

/// Prints a time beside its ratio to another.
pub fn row(what: &str, time: Duration, ratio: f64) {
    println!("{what:40} {time:>10.2?} {ratio:>6.2}");
}
