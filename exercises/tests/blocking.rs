//! Grades the chapter `blocking`: one module for each exercise, one test for each promise of its contract.
//!
//! Threads run for real here, and no test depends on how fast they are. A thread tells over a channel what it has done, and
//! waits at a [`Gate`] where a test decides that it goes on. While tasks wait for threads, the clock is held.

#![allow(
    clippy::drop_non_drop,
    reason = "a stub has nothing to drop yet, and an answer has"
)]

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::Poll;
use std::thread::{self, ThreadId};

use grading::{
    Failure, HeldClock, TestWaker, check, grade, grade_cases, grade_cases_with_threads, list,
    must_end, must_return, outside_runtime, plural, times,
};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::yield_now;

#[path = "blocking/BlockingClient.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod BlockingClient;
#[path = "blocking/ConnectionThread.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod ConnectionThread;
#[path = "blocking/InputLines.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod InputLines;
#[path = "blocking/connection.rs"]
mod connection;
#[path = "blocking/keyboard.rs"]
mod keyboard;
#[path = "blocking/run_on_pool.rs"]
mod run_on_pool;
#[path = "blocking/typed_lines.rs"]
mod typed_lines;

const BLOCKED: &str = "event-loop-blocking.html#a-blocking-call-stops-the-event-loop";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";
const STALE: &str = "futures-pitfalls.html#a-stale-waker";
const POOL: &str = "blocking.html#a-cpu-pool-threads-and-oneshot";
const STOP: &str = "blocking.html#ask-a-job-to-stop";
const FACADE: &str = "blocking-sync-async.html#a-facade-over-an-async-client";
const INSIDE: &str = "blocking-sync-async.html#a-clear-error-inside-a-runtime";
const BRIDGE: &str = "blocking-threads.html#from-a-thread-to-tasks-blocking_send";
const CONNECTION: &str = "blocking-threads.html#a-connection-that-lives-on-one-thread";
const STDIN: &str = "blocking-threads.html#standard-input";
const PANIC: &str = "blocking-pitfalls.html#a-panic-ends-a-thread-of-the-pool";
const IN_THE_QUEUE: &str =
    "blocking-pitfalls.html#closures-in-the-queue-run-although-no-caller-waits-for-them";

/// A list that threads and tests share. Clones are the same list.
struct Shared<T>(Arc<Mutex<Vec<T>>>);

impl<T> Shared<T> {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Vec::new())))
    }

    fn push(&self, item: T) {
        self.items().push(item);
    }

    fn len(&self) -> usize {
        self.items().len()
    }

    fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.items())
    }

    /// No code panics while it holds the lock, so poison does not matter.
    fn items(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Opens a gate when it is called or dropped.
struct Key(#[allow(dead_code, reason = "the gate opens when it is dropped")] mpsc::Sender<()>);

/// Blocks its thread until it is opened.
struct Gate(mpsc::Receiver<()>);

impl Gate {
    fn closed() -> (Key, Self) {
        let (key, gate) = mpsc::channel();
        (Key(key), Self(gate))
    }

    fn wait(&self) {
        let _ = self.0.recv();
    }
}

/// Polls a future of an answer once.
fn poll_once<F: Future>(waker: &TestWaker, future: Pin<&mut F>, what: &str) -> Poll<F::Output> {
    must_return(
        || waker.poll(future),
        Failure::new(format!("{what} should be pending, and its poll blocks the thread."))
            .usually(
                "that the task waits for a channel or a thread of the standard library, with `recv`, `send` or `join`. Nothing else \
                 can run on its thread then. Await a channel of tokio.",
            )
            .read(BLOCKED),
    )
}

/// A future of an answer that is pending, and that nothing wakes, should not wake its task.
async fn check_rests<F: Future>(waker: &TestWaker, mut future: Pin<&mut F>, what: &str) {
    for _ in 0..20 {
        let woken = waker.wake_count();
        let polled = poll_once(waker, future.as_mut(), what);
        for _ in 0..3 {
            yield_now().await;
        }
        if polled.is_ready() || waker.wake_count() == woken {
            return;
        }
    }
    check(false, || {
        Failure::new(format!(
            "{what} should wait until it is woken. After each of 20 polls its task was woken, although nothing had happened."
        ))
        .usually("a busy loop: the future wakes itself, or calls `yield_now`, instead of awaiting a channel.")
        .read(BUSY)
    });
}

/// Drops something of an answer.
fn drop_now<T>(value: T, what: &str, read: &str) {
    must_return(
        || drop(value),
        Failure::new(format!(
            "Dropping {what} should not wait for anything; it waits for a thread."
        ))
        .usually("that `drop` joins the thread, or waits until a runtime is shut down.")
        .read(read),
    );
}

/// Whether this thread belongs to a runtime: it polls tasks, or it is one of `spawn_blocking`.
fn is_in_a_runtime() -> bool {
    Handle::try_current().is_ok()
}
