//! Grades the chapter `semaphores`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual. Where the order of polls could matter, a test runs with two hundred orders.

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, LocalBoxFuture};
use grading::{
    Clock, Counted, Failure, Gauge, Tasks, await_and_keep, check, drop_at_every_await,
    drop_one_of_many, grade, grade_cases, in_ms, join_all, ms, plural, times,
};
use tokio::time::{sleep, timeout};

#[path = "semaphores/Batcher.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Batcher;
#[path = "semaphores/Bulkhead.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Bulkhead;
#[path = "semaphores/LookupLimiter.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod LookupLimiter;
#[path = "semaphores/Pool.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Pool;
#[path = "semaphores/TokenBucket.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod TokenBucket;

const GUARD: &str = "semaphores-permits.html#a-permit-is-a-guard";
const UNDERSCORE: &str = "semaphores-pitfalls.html#a-permit-bound-to-_-is-released-at-once";
const LOST_PERMITS: &str = "semaphores-pitfalls.html#forget-and-add_permits-lose-permits";
const TOKEN_BUCKET: &str = "semaphores-rate-limiters.html#token-bucket";
const BULKHEAD: &str = "semaphores-bulkheads.html#bulkhead-refuse-instead-of-waiting";
const BATCHING: &str = "semaphores-bulkheads.html#batching-fewer-larger-calls";
const POOL: &str = "semaphores-bulkheads.html#a-pool-lend-and-take-back";

/// A call that has not returned after this long never will.
const MINUTE: Duration = Duration::from_secs(60);
