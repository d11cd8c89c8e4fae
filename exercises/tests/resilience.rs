//! Grades the chapter `resilience`: one module for each exercise, one test for each promise of its contract.
//!
//! Requests are fakes that record what is done to them. Time is virtual, so instants are compared exactly. What an answer
//! should do is worked out by a small model, which can also make the usual mistakes: when an answer does something else, it is
//! tried with a few fixed cases, and compared with these.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use futures::FutureExt;
use grading::{
    Case, Clock, Failure, Gauge, Tasks, check, drop_at_every_await, grade_cases, in_ms, join_all,
    list, ms, plural, times,
};
use tokio::time::{Instant, sleep, timeout};

#[path = "resilience/Backoff.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Backoff;
#[path = "resilience/CircuitBreaker.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod CircuitBreaker;
#[path = "resilience/hedge.rs"]
mod hedge;
#[path = "resilience/retry.rs"]
mod retry;

const JITTER: &str = "resilience-retries.html#exponential-backoff-with-full-jitter";
const AGAIN: &str = "resilience-retries.html#what-may-be-tried-again";
const RETRY_AFTER: &str = "resilience-retries.html#retry-after-is-a-minimum";
const DEADLINE: &str = "resilience-retries.html#one-deadline-for-all-attempts";
const STATES: &str = "resilience-circuit-breaker.html#closed-open-half-open";
const PROBE: &str = "resilience-circuit-breaker.html#a-cancelled-probe-frees-its-place";
const LATE: &str = "resilience-circuit-breaker.html#results-that-come-too-late";
const HEDGE: &str = "resilience-hedging.html#a-second-request-after-a-delay";
const FIRST_POLL: &str = "event-loop.html#calling-an-async-function-does-nothing";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";
const DROPPED: &str = "cancellation-cancel-safety.html";
const RUNS_ON: &str = "gather-pitfalls.html#spawned-tasks-run-on";

/// Longer than anything here takes, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

/// The answers are first polled so long after they were called: what they do before that shows.
const CALLED_EARLIER: Duration = ms(3);

/// Awaits `future`, and counts how often it was pending although its result was known. The caller keeps the future: what
/// it should have dropped when it is ready must not be dropped by the end of this function.
async fn pending_when_known<T>(
    is_known: impl Fn() -> bool,
    mut future: Pin<&mut (dyn Future<Output = T> + '_)>,
) -> (T, usize) {
    let mut late = 0;
    let output = poll_fn(|cx| {
        let result = future.as_mut().poll(cx);
        late += usize::from(result.is_pending() && is_known());
        result
    })
    .await;
    (output, late)
}

/// Waits for `time`, if it is not zero: a wait of no time is no cancellation point.
async fn take(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
