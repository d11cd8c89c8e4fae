//! Grades the chapter `futures`: one module per exercise, one test per promise of its contract.
//!
//! Most tests poll the answer by hand with a [`TestWaker`], so they know which waker was called and how often, and
//! whether a future was polled without a reason.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercises::sync::{Arc, Mutex};
use grading::{
    Case, Clock, Counted, Failure, ManualTimer, TestWaker, Ticker, check, counted,
    every_waker_sequence, explained, grade, grade_cases, in_ms, ms, plural, times,
};

#[cfg(feature = "loom")]
use exercises::sync::{
    atomic::{AtomicBool, Ordering::Relaxed},
    thread,
};
#[cfg(feature = "loom")]
use grading::{every_interleaving, explorable, reentrant_wakers, wait_for};

#[path = "futures/Delay.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Delay;
#[path = "futures/OneshotSlot.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod OneshotSlot;
#[path = "futures/block_on.rs"]
mod block_on;
#[path = "futures/count_polls.rs"]
mod count_polls;
#[path = "futures/join2.rs"]
mod join2;
#[path = "futures/yield_now.rs"]
mod yield_now;

const CONTRACT: &str = "futures.html#the-polling-contract";
const NEVER_WOKEN: &str = "futures.html#a-future-that-is-never-polled-again";
const LEAF: &str = "futures-poll-by-hand.html#a-leaf-future-polled-by-hand";
const POLL_FN: &str = "futures-poll-by-hand.html#poll_fn-a-future-from-a-closure";
const WAKE: &str = "futures-poll-by-hand.html#implementing-wake-a-waker-of-your-own";
const STATES: &str = "futures-state-machine.html#the-state-machine-written-by-hand";
const LOST: &str = "futures-lost-wakeups.html#a-lost-wake-up";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";
const STALE: &str = "futures-pitfalls.html#a-stale-waker";
const SPURIOUS: &str = "futures-pitfalls.html#spurious-wake-ups";
const COMPLETED: &str = "futures-pitfalls.html#polling-after-completion";

/// A source that a future can wait for. The test decides when it has a value and when it wakes its waker.
#[derive(Clone, Default)]
struct Source {
    state: Arc<Mutex<SourceState>>,
}

#[derive(Default)]
struct SourceState {
    value: Option<u32>,
    finished: bool,
    waker: Option<Waker>,
    polls: usize,
    /// Whether the waker was called since the last poll.
    woken: bool,
    polls_without_a_wake_up: usize,
}

impl Source {
    /// A future that is ready when the source has a value.
    async fn read(self) -> u32 {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<u32> {
        let mut state = self.state.lock().unwrap();
        state.polls += 1;
        if state.polls > 1 && !state.woken {
            state.polls_without_a_wake_up += 1;
        }
        state.woken = false;
        let Some(value) = state.value else {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        state.finished = true;
        Poll::Ready(value)
    }

    /// Makes `value` available and wakes the future.
    fn set(&self, value: u32) {
        self.state.lock().unwrap().value = Some(value);
        self.wake();
    }

    /// Wakes the future, whether or not there is a value.
    fn wake(&self) {
        let mut state = self.state.lock().unwrap();
        state.woken = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Like `set`, but with `wake_by_ref`, which an answer may implement on its own.
    #[cfg(feature = "loom")]
    fn set_by_reference(&self, value: u32) {
        let mut state = self.state.lock().unwrap();
        state.value = Some(value);
        state.woken = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake_by_ref();
        }
    }

    fn polls(&self) -> usize {
        self.state.lock().unwrap().polls
    }

    #[cfg(feature = "loom")]
    fn polls_without_a_wake_up(&self) -> usize {
        self.state.lock().unwrap().polls_without_a_wake_up
    }

    fn is_finished(&self) -> bool {
        self.state.lock().unwrap().finished
    }
}

/// A flag that a thread sets before it calls a waker. Nothing but the wake-up makes the flag visible to the other thread.
#[cfg(feature = "loom")]
#[derive(Clone, Default)]
struct Flag {
    is_set: Arc<AtomicBool>,
    waker: Arc<Mutex<Option<Waker>>>,
}

#[cfg(feature = "loom")]
impl Flag {
    fn set_and_wake(&self) {
        self.is_set.store(true, Relaxed);
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// A future that is ready when the flag is set, and fails if it is polled after the wake-up and does not see that.
    async fn wait(self) {
        let mut is_first = true;
        poll_fn(|cx| {
            // Later polls take no lock, which would make the flag visible.
            let is_later = !std::mem::take(&mut is_first);
            if !is_later {
                *self.waker.lock().unwrap() = Some(cx.waker().clone());
            }
            let is_set = self.is_set.load(Relaxed);
            check(is_set || !is_later, || {
                Failure::new(
                    "A thread sets a flag and then calls a waker. The poll that follows the wake-up should see that the flag is \
                     set; it did not.",
                )
                .usually(
                    "that a wake-up is recorded with `Ordering::Relaxed`, which says nothing about what was written before it. \
                     Store with `Release` and load with `Acquire`, or use a lock.",
                )
                .read(LOST)
            });
            match is_set {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        })
        .await;
    }
}

/// A future that is ready with 7 at its nth poll. It never wakes its waker.
fn ready_at_poll(n: u32, polls: &Mutex<u32>) -> impl Future<Output = u32> {
    poll_fn(move |_| {
        let mut polls = polls.lock().unwrap();
        *polls += 1;
        if *polls >= n {
            Poll::Ready(7)
        } else {
            Poll::Pending
        }
    })
}

/// Fails if the waker was called although nothing has happened yet.
fn check_not_woken(waker: &TestWaker) {
    let wakes = waker.wake_count();
    check(wakes == 0, || {
        Failure::new(format!(
            "Nothing has happened yet, so the waker should not have been called; it {}.",
            counted("called", wakes)
        ))
        .usually(
            "a busy loop: a future that calls `wake_by_ref` right before it returns `Pending` is polled again at once, \
             over and over.",
        )
        .read(BUSY)
    });
}
