//! How long a thread has slept.

use std::fs;
use std::time::{Duration, Instant};

/// On a system that does not tell for how long a thread was at work, all of its time but this part of it counts as work.
const NOT_TOLD: u32 = 20;

/// Measures for how long the calling thread sleeps. The time in which it computes or waits for a processor does not count.
pub(super) struct Slept {
    began: Instant,
    busy: Option<Duration>,
}

impl Slept {
    pub(super) fn start() -> Self {
        Self {
            busy: busy(),
            began: Instant::now(),
        }
    }

    pub(super) fn so_far(&self) -> Duration {
        let time = self.began.elapsed();
        match (busy(), self.busy) {
            (Some(now), Some(before)) => time.saturating_sub(now.saturating_sub(before)),
            _ => time / NOT_TOLD,
        }
    }
}

/// For how long this thread has computed or waited for a processor.
fn busy() -> Option<Duration> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let mut nanoseconds = schedstat.split_whitespace().map(str::parse);
    let (computed, waited): (u64, u64) = (nanoseconds.next()?.ok()?, nanoseconds.next()?.ok()?);
    Some(Duration::from_nanos(computed + waited))
}

#[cfg(test)]
mod tests {
    use super::{Slept, busy};
    use crate::clock::ms;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "it measures real sleep")]
    fn sleep_counts_and_work_does_not() {
        if busy().is_none() {
            return; // the system does not tell
        }
        let slept = Slept::start();
        std::thread::sleep(ms(60));
        assert!(slept.so_far() >= ms(45), "{:?}", slept.so_far());
        let slept = Slept::start();
        let mut work = 0_u64;
        while slept.began.elapsed() < ms(60) {
            work = std::hint::black_box(work + 1);
        }
        assert!(slept.so_far() < ms(30), "{:?}", slept.so_far());
    }
}
