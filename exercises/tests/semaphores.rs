//! Grades the chapter `semaphores`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual. Where the order of polls could matter, a test runs with two hundred of them.

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use grading::{
    Clock, Counted, Failure, Gauge, Tasks, check, drop_at_every_await, grade, ms, shuffled, times,
};
use tokio::time::{sleep, timeout};

#[path = "semaphores/Batcher.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Batcher;
#[path = "semaphores/Bulkhead.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Bulkhead;
#[path = "semaphores/Pool.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Pool;
#[path = "semaphores/TokenBucket.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod TokenBucket;
#[path = "semaphores/Tracker.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Tracker;

const GUARD: &str = "semaphores-permits.html#a-permit-is-a-guard";
const BY_HAND: &str = "semaphores-pitfalls.html#by-hand-and-never-again";
const BUCKET: &str = "semaphores-limits.html#tokens-in-a-bucket";
const WALL: &str = "semaphores-walls.html#refuse-instead-of-waiting";
const BATCH: &str = "semaphores-walls.html#fewer-trips";
const POOL: &str = "semaphores-walls.html#a-pool-of-telescopes";

/// What was waited for has not come in a minute: it never will.
const MINUTE: Duration = Duration::from_secs(60);

fn in_ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}
