//! Grades the chapter `cleanup`: one module for each exercise, one test for each promise of its contract.
//!
//! What an answer has to clean up is a fake that records each call, with its instant, and whether the call was awaited to
//! its end. Time is virtual, so instants are compared exactly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grading::{
    Case, Failure, Log, Tasks, check, drop_at_every_await, grade, grade_cases, in_ms, list, lock,
    ms, plural, shown, times,
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

/// Waits for `time`, if it is not zero: a wait of no time is no cancellation point.
async fn take(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
