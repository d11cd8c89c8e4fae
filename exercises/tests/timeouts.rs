//! Grades the chapter `timeouts`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, so what should happen at an instant is compared exactly. Things that happen at the same instant are
//! in no order, unless a test makes one: by hand, with a future that is not polled before both have happened.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use grading::{
    Case, Clock, Failure, Gauge, Tasks, check, drop_at_every_await, grade, grade_cases, in_ms,
    list, ms,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, advance, sleep, timeout};

#[path = "timeouts/debounce.rs"]
mod debounce;
#[path = "timeouts/fetch_with_deadline.rs"]
mod fetch_with_deadline;
#[path = "timeouts/run_on_grid.rs"]
mod run_on_grid;
#[path = "timeouts/watch_heartbeats.rs"]
mod watch_heartbeats;

const DEADLINE: &str = "timeouts.html#timeout_at";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";
const ITEMS: &str = "timeouts.html#a-limit-for-each-item-and-a-deadline-for-all";
const DRIFT: &str = "timeouts-intervals.html#sleep-in-a-loop-drifts";
const FIRST_TICK: &str = "timeouts-intervals.html#the-first-tick-is-immediate";
const SKIP: &str = "timeouts-intervals.html#skip-back-to-the-grid";
const DEBOUNCE: &str = "timeouts-debounce.html#debounce-wait-for-a-quiet-period";
const NEVER_QUIET: &str = "timeouts-debounce.html#a-stream-that-is-never-quiet";
const ONE_ITERATION: &str = "timeouts-pitfalls.html#a-timeout-in-a-loop-limits-one-iteration";
const OVERLAPS: &str = "timeouts-pitfalls.html#a-job-that-overlaps-itself";
const RUNS_ON: &str = "gather-pitfalls.html#spawned-tasks-run-on";

/// Longer than anything here takes.
const LONG: Duration = ms(60_000);

/// What an answer has done, and when. Clones share the entries.
#[derive(Clone)]
struct Log<T> {
    clock: Clock,
    entries: Arc<Mutex<Vec<(Duration, T)>>>,
}

impl<T> Log<T> {
    fn start() -> Self {
        Self {
            clock: Clock::start(),
            entries: Arc::new(Mutex::new(Vec::new())),
        }
    }

    fn add(&self, entry: T) {
        let at = self.clock.elapsed();
        self.entries().push((at, entry));
    }

    fn count(&self) -> usize {
        self.entries().len()
    }

    fn take(&self) -> Vec<(Duration, T)> {
        std::mem::take(&mut *self.entries())
    }

    /// No code panics while it holds the lock, so poison does not matter.
    fn entries(&self) -> MutexGuard<'_, Vec<(Duration, T)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `[event 1 at 20 ms, event 3 at 60 ms]`
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

/// `1 event`, `3 events`
fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// Sends each message after its pause, and drops the sender.
async fn send_all<T>(messages: Vec<(Duration, T)>, tx: mpsc::Sender<T>) {
    for (pause, message) in messages {
        if !pause.is_zero() {
            sleep(pause).await;
        }
        let _ = tx.send(message).await;
    }
}
