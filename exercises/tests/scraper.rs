//! Grades the chapter `scraper`: one module for each exercise, one test for each promise of its contract.
//!
//! Servers, bodies and sites are fakes that record what is done to them. Time is virtual, so instants are compared exactly.
//! What an answer should do is worked out by a small model. When an answer does something else, it is tried with a few fixed
//! cases, and compared with models that make the usual mistakes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use grading::{
    Case, Clock, Failure, Gauge, InFlight, Tasks, await_and_keep, check, drop_at_every_await,
    drop_one_of_many, grade, grade_cases, in_ms, list, lock, ms, plural, times,
};
use tokio::time::{sleep, timeout};
use tokio_util::bytes::Bytes;

#[path = "scraper/HostLimiter.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod HostLimiter;
#[path = "scraper/crawl.rs"]
mod crawl;
#[path = "scraper/fetch.rs"]
mod fetch;
#[path = "scraper/read_body.rs"]
mod read_body;

const PERMIT: &str = "semaphores-permits.html#a-permit-is-a-guard";
const FAIR: &str = "semaphores-permits.html#first-come-first-served";
const RATE_AND_LIMIT: &str =
    "semaphores-rate-limiters.html#a-rate-and-a-concurrency-limit-together";
const TIMEOUTS: &str = "scraper-client.html#say-which-timeout-it-was";
const BODY: &str = "scraper-bodies.html#stop-reading-at-a-limit";
const FRONTIER: &str = "scraper-shutdown.html#one-task-owns-the-frontier";
const EMPTY_QUEUE: &str =
    "scraper-shutdown.html#an-empty-queue-does-not-mean-that-the-crawl-is-over";
const STOP: &str = "scraper-shutdown.html#a-stop-that-loses-no-page";
const HOSTS: &str = "scraper.html#a-semaphore-for-each-host";
const EACH_AND_ALL: &str = "timeouts.html#a-limit-for-each-item-and-a-deadline-for-all";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";
const ERRORS: &str = "streams.html#errors-are-items";
const AFTER_THE_END: &str = "streams-pitfalls.html#polling-a-stream-after-its-end";
const RUNS_ON: &str = "gather-pitfalls.html#spawned-tasks-run-on";
const JOINSET: &str = "tasks-joinset.html#joinset";

/// Longer than anything here takes, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

/// Waits for `time`, if it is not zero: a wait of no time is no cancellation point.
async fn take(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}
