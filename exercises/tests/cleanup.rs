//! Grades the chapter `cleanup`: one module for each exercise, one test for each promise of its contract.
//!
//! What an answer has to clean up is a fake that records each call, with its instant, and whether the call was awaited to
//! its end. Time is virtual, so instants are compared exactly.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grading::{
    Case, Clock, Failure, Tasks, check, drop_at_every_await, grade, grade_cases, in_ms, list, ms,
    plural, times,
};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[path = "cleanup/Closer.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
#[allow(clippy::drop_non_drop, reason = "the stub has nothing to drop yet")]
mod Closer;
#[path = "cleanup/run_services.rs"]
mod run_services;
#[path = "cleanup/transaction.rs"]
mod transaction;
#[path = "cleanup/write_records.rs"]
mod write_records;

const FLUSH: &str = "cleanup.html#flush-and-shutdown";
const CLOSE: &str = "cleanup.html#an-async-close";
const HAND_OVER: &str = "cleanup-owner-task.html#a-destructor-that-hands-the-rest-to-a-task";
const OWNER: &str = "cleanup-owner-task.html#a-task-that-owns-what-is-left";
const STACK: &str = "cleanup-lifespans.html#a-stack-of-stop-actions";
const ORDER: &str = "cleanup-lifespans.html#the-order-in-which-values-are-dropped";
const NO_RUNTIME: &str = "cleanup-pitfalls.html#tokiospawn-in-drop-without-a-runtime";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";

/// Longer than anything here takes, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

/// What has happened, and when. Clones share the entries.
#[derive(Clone)]
struct Log<T> {
    clock: Clock,
    entries: Arc<Mutex<Vec<(Duration, T)>>>,
}

impl<T: Clone + PartialEq> Log<T> {
    fn start() -> Self {
        Self {
            clock: Clock::start(),
            entries: Arc::new(Mutex::new(Vec::new())),
        }
    }

    fn add(&self, entry: T) {
        let at = self.clock.elapsed();
        lock(&self.entries).push((at, entry));
    }

    fn entries(&self) -> Vec<(Duration, T)> {
        lock(&self.entries).clone()
    }

    /// When `entry` was added, each time.
    fn times_of(&self, entry: &T) -> Vec<Duration> {
        let entries = lock(&self.entries);
        let found = entries.iter().filter(|(_, other)| other == entry);
        found.map(|(at, _)| *at).collect()
    }

    fn count(&self, entry: &T) -> usize {
        self.times_of(entry).len()
    }
}

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `[begin at 0 ms, commit at 20 ms]`
fn shown<T>(entries: &[(Duration, T)], name: impl Fn(&T) -> String) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    list(
        entries
            .iter()
            .map(|(at, entry)| format!("{} at {}", name(entry), in_ms(*at))),
    )
}

/// Waits for `time`, if it is not zero: a wait of no time is no cancellation point.
async fn take(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
