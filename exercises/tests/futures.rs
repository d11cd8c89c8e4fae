//! Grades the chapter `futures`: one module for each exercise, one test for each promise of its contract.
//!
//! Nearly all of them poll by hand, with a bell at the other end of the waker: so they know who was rung,
//! how often, and whether anybody was asked for nothing.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use exercises::sync::{Arc, Mutex};
use grading::{Clock, Counted, Failure, ManualTimer, TestWaker, Ticker, check, grade, ms, times};

#[cfg(feature = "loom")]
use exercises::sync::thread;
#[cfg(feature = "loom")]
use grading::{every_interleaving, explorable, wait_for};

#[path = "futures/Delay.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Delay;
#[path = "futures/Slot.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Slot;
#[path = "futures/block_on.rs"]
mod block_on;
#[path = "futures/count_polls.rs"]
mod count_polls;
#[path = "futures/join2.rs"]
mod join2;
#[path = "futures/yield_now.rs"]
mod yield_now;

/// Where the contract of `poll` stands.
const CONTRACT: &str = "futures.html#not-yet-ill-ring";
const FORGOTTEN: &str = "futures.html#a-barometer-that-nobody-asks-again";
const BUSY: &str = "futures-pitfalls.html#rings-all-the-time";
const STALE: &str = "futures-pitfalls.html#rings-at-an-old-desk";
const SPURIOUS: &str = "futures-pitfalls.html#asked-twice-so-it-must-be-ready";
const FINISHED: &str = "futures-pitfalls.html#asked-after-the-end";
const WAKER: &str = "futures-inside.html#a-waker-of-your-own";
const STATES: &str = "futures-inside.html#an-async-fn-without-async";
const INTERLEAVING: &str = "futures-interleavings.html#every-interleaving";

/// A thing to wait for, held by the test.
#[derive(Clone, Default)]
struct Sensor {
    state: Arc<Mutex<Measured>>,
}

#[derive(Default)]
struct Measured {
    value: Option<u32>,
    finished: bool,
    waker: Option<Waker>,
    polls: usize,
    /// Whether the waker was used since the last poll.
    rung: bool,
    polls_without_a_ring: usize,
}

impl Sensor {
    /// A future that is ready when the sensor has a value.
    async fn read(self) -> u32 {
        poll_fn(|cx| self.poll(cx)).await
    }

    fn poll(&self, cx: &mut Context<'_>) -> Poll<u32> {
        let mut state = self.state.lock().unwrap();
        state.polls += 1;
        if state.polls > 1 && !state.rung {
            state.polls_without_a_ring += 1;
        }
        state.rung = false;
        let Some(value) = state.value else {
            state.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        state.finished = true;
        Poll::Ready(value)
    }

    /// Rings, and is ready when it is asked.
    fn give(&self, value: u32) {
        self.state.lock().unwrap().value = Some(value);
        self.ring();
    }

    /// Rings, perhaps for nothing.
    fn ring(&self) {
        let mut state = self.state.lock().unwrap();
        state.rung = true;
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn polls(&self) -> usize {
        self.state.lock().unwrap().polls
    }

    #[cfg(feature = "loom")]
    fn polls_without_a_ring(&self) -> usize {
        self.state.lock().unwrap().polls_without_a_ring
    }

    fn is_finished(&self) -> bool {
        self.state.lock().unwrap().finished
    }
}

/// A future that is ready with 7 at its nth poll. It never rings.
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

/// Somebody who is woken while it waits would be polled for nothing.
fn check_quiet(bell: &TestWaker) {
    let rings = bell.wake_count();
    check(rings == 0, || {
        Failure::new(format!(
            "Nothing has happened yet, so nobody should be woken; the waker was woken {}.",
            times(rings)
        ))
        .usually(
            "a busy loop: `wake_by_ref` right before `Pending` has the answer polled again at once, and for ever.",
        )
        .read(BUSY)
    });
}

/// The task that polled last is woken, and the one before it is not.
fn check_latest_was_rung(before: &TestWaker, latest: &TestWaker) {
    let (early, late) = (before.wake_count(), latest.wake_count());
    check((early, late) == (0, 1), || {
        let miss = Failure::new(format!(
            "Polled with one waker and then with another, it should wake the second one, once; it woke the first {} \
             and the second {}.",
            times(early),
            times(late)
        ));
        if early > 0 && late == 0 {
            miss.usually(
                "that the waker of the first poll was kept. The future may have moved to another task since: each \
                 poll that is pending leaves its own waker.",
            )
            .read(STALE)
        } else if late == 0 {
            miss.usually("that the waker is forgotten: whoever waits is never woken.")
                .read(FORGOTTEN)
        } else {
            miss.usually("that the waker of an earlier poll is still there, and is woken along.")
                .read(STALE)
        }
    });
}
