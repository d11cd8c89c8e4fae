//! Grades the chapter `production`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, so instants are compared exactly. What an answer should do is worked out by small models, which can also make
//! the usual mistakes. What waits is polled by hand, or by joins that poll only what was woken.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use grading::{
    Case, Clock, Failure, Gauge, Tasks, TestWaker, await_and_keep, check, drop_at_every_await,
    every_waker_sequence, grade, grade_cases, in_ms, lock, ms, must_return, plural, times, were,
    with_budget,
};
use tokio::time::{Instant, sleep, sleep_until, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

#[cfg(feature = "loom")]
use exercises::sync::{atomic::AtomicBool, atomic::Ordering::SeqCst, thread};
#[cfg(feature = "loom")]
use grading::{every_interleaving, explorable, reentrant_wakers, wait_for};

#[path = "production/Drain.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
#[allow(clippy::drop_non_drop, reason = "the stub has nothing to drop yet")]
mod Drain;
#[path = "production/Readiness.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
#[allow(
    clippy::drop_non_drop,
    clippy::forget_non_drop,
    reason = "the stub has nothing to drop yet"
)]
mod Readiness;
#[path = "production/Reload.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
#[allow(clippy::drop_non_drop, reason = "the stub has nothing to drop yet")]
mod Reload;
#[path = "production/supervise.rs"]
mod supervise;

const BACKOFF: &str = "production-supervision.html#backoff-that-is-reset-after-a-healthy-run";
const AT_ONCE: &str = "production-pitfalls.html#a-supervisor-that-restarts-at-once";
const GIVE_UP: &str = "production-supervision.html#a-rule-for-giving-up";
const PANIC: &str = "production-supervision.html#errors-panics-and-cancellation";
const PROBES: &str = "production-health.html#three-questions";
const NOT_READY: &str = "production-pitfalls.html#readiness-that-comes-back-while-stopping";
const DRAIN: &str = "production-drain.html#a-drain-with-a-deadline";
const NO_DEADLINE: &str = "production-pitfalls.html#a-drain-without-a-deadline";
const SECOND: &str = "production-drain.html#a-second-signal-and-exit-codes";
const CONFIG: &str = "queues-oneshot-broadcast-watch.html#watch";
const RUNS_ON: &str = "gather-pitfalls.html#spawned-tasks-run-on";
const DETACHED: &str = "tasks.html#dropping-a-joinhandle-detaches-the-task";
const DROPPED: &str = "cancellation-cancel-safety.html#what-cancel-safe-means";
const WATCH: &str = "locks-notification-pitfalls.html#watch-keeps-only-the-newest-value";
const CONDITION: &str = "locks-conditions.html#notify";
const CANCELLED: &str = "locks-build-mutex.html#a-cancelled-waiter-and-a-lost-wake-up";
const SINGLE_FLIGHT: &str = "locks-cache.html#single-flight-a-oncecell-for-each-key";
const LEADER: &str = "locks-cache.html#a-leader-that-fails-or-is-cancelled";
const BUDGET: &str = "event-loop-scheduling.html#tokios-cooperative-budget";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";

/// How a report says that a poll had no budget.
const NO_BUDGET: &str = " in a task that has used up its budget";

const AWAITS_FIRST: &str = "that a future of tokio is awaited before the state is looked at. When a task has used up its budget, these futures \
                            are pending, and so is `tokio::select!`: look at the state first.";

/// A waiter that was not woken when others had been dropped, although otherwise all are woken.
const TAKES_ALONG: &str = "that a waiter that is dropped takes the waker of another one along. Remove its own waker only, as by a number that \
                           each waiter has.";

/// Longer than an answer has to wait for anything that a model does not foresee. A dozen of these are shorter than the hour after
/// which a run counts as a hang.
const LONG: Duration = ms(60_000);

/// A future that waits.
type Wait<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Polls the futures that were woken, until all are ready. Returns their outputs in order.
///
/// `join_all` polls all of a few futures when one was woken, which hides wake-ups that are lost.
async fn join_woken<T>(futures: Vec<Wait<'_, T>>) -> Vec<T> {
    let numbered = futures.into_iter().enumerate();
    let mut all: FuturesUnordered<_> = numbered
        .map(|(number, future)| future.map(move |output| (number, output)))
        .collect();
    let mut outputs = Vec::new();
    while let Some(output) = all.next().await {
        outputs.push(output);
    }
    outputs.sort_by_key(|(number, _)| *number);
    outputs.into_iter().map(|(_, output)| output).collect()
}

/// Waits for `time`, if it is not zero: a wait of no time is no cancellation point.
async fn take(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
