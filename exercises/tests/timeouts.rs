//! Grades the chapter `timeouts`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, so what should happen at an instant is compared exactly. Things that happen at the same instant are
//! in no order, unless a test makes one: by hand, with a future that is not polled before both have happened.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use grading::{
    Case, Clock, Failure, Gauge, Log, Tasks, check, drop_at_every_await, grade, grade_cases, in_ms,
    list, ms, plural, shown,
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

/// Sends each message after its pause, and drops the sender.
async fn send_all<T>(messages: Vec<(Duration, T)>, tx: mpsc::Sender<T>) {
    for (pause, message) in messages {
        if !pause.is_zero() {
            sleep(pause).await;
        }
        let _ = tx.send(message).await;
    }
}
