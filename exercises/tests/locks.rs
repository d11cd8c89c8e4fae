//! Grades the chapter `locks`: one module for each exercise, one test for each promise of its contract.
//!
//! What is made by hand is polled by hand, with a bell at the other end of the waker, and tried in every
//! interleaving. What is made of tokio's primitives is tried in two hundred orders of polls.

use std::cell::{Cell, RefCell};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use grading::web::{Page, Site, WebError};
use grading::{
    Clock, Counted, Failure, Gauge, TestWaker, check, drop_at_every_await, grade, ms, shuffled,
    times,
};
use tokio::time::sleep;

#[cfg(feature = "loom")]
use std::task::Context;

#[cfg(feature = "loom")]
use exercises::sync::{Arc, thread};
#[cfg(feature = "loom")]
use grading::{every_interleaving, explorable, wait_for};

#[path = "locks/Barrier.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Barrier;
#[path = "locks/BoxOffice.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod BoxOffice;
#[path = "locks/Cache.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Cache;
#[path = "locks/Condition.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Condition;
#[path = "locks/Counter.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Counter;
#[path = "locks/Latch.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Latch;

const LOST_UPDATE: &str = "locks.html#two-islands-are-missing";
const MUTEX: &str = "locks.html#the-stretch-that-must-be-alone";
const HELD: &str = "locks-pitfalls.html#held-for-too-long";
const RESERVE: &str = "locks.html#a-guard-and-an-await";
const BY_HAND: &str = "locks-inside.html#by-hand";
const LEAVES: &str = "locks-inside.html#who-leaves-takes-the-ring-along";
const LATCH: &str = "locks-signals.html#an-event-that-stays";
const BARRIER: &str = "locks-signals.html#barrier";
const COUNTED: &str = "locks-signals-pitfalls.html#who-left-is-counted";
const CONDITION: &str = "locks-signals.html#notify";
const FLIGHT: &str = "locks-cache.html#one-flight-for-each";
const LEADER: &str = "locks-cache.html#the-leader-goes-home";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";
const STALE: &str = "futures-pitfalls.html#a-stale-waker";
const SPURIOUS: &str = "futures-pitfalls.html#spurious-wake-ups";
const WAKER: &str = "futures-poll-by-hand.html#implementing-wake-a-waker-of-your-own";

/// Nothing has happened, so nobody should be woken.
fn check_quiet(bell: &TestWaker) {
    let rings = bell.wake_count();
    check(rings == 0, || {
        Failure::new(format!(
            "Nothing has happened yet, so nobody should be woken; the waker was woken {}.",
            times(rings)
        ))
        .usually("a busy loop: something that wakes itself before it is pending is polled again at once, and for ever.")
        .read(BUSY)
    });
}

/// Whoever waits has been woken, once. `when` begins the sentence.
fn check_rung_once(bell: &TestWaker, when: &str) {
    let rings = bell.wake_count();
    check(rings == 1, || {
        let miss = Failure::new(format!(
            "{when}, each one who waits should be woken once; one was woken {}.",
            times(rings)
        ));
        if rings == 0 {
            miss.usually("that only some of the wakers are used: one is taken out, or there is room for one only.")
        } else {
            miss.usually("that a waker is left behind by each poll, where the latest should take the place of the one before.")
        }
        .read(BY_HAND)
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
        if late == 0 {
            miss.usually(
                "that the waker of the first poll was kept. The future may have moved to another task since: each \
                 poll that is pending leaves its own waker.",
            )
        } else {
            miss.usually(
                "that the waker of an earlier poll is still there, and is woken along.",
            )
        }
        .read(STALE)
    });
}

/// Whoever is gone has left no waker.
fn check_nothing_kept(bell: &TestWaker) {
    let kept = bell.live_wakers();
    check(kept == 0, || {
        Failure::new("The one that waited was dropped, and its waker should go with it; the waker is still kept.")
            .usually(
                "that nothing happens when a wait is dropped. It ends at its `.await`, and the only thing of it that \
                 still runs is the `drop` of its variables.",
            )
            .read(LEAVES)
    });
}

/// Pending, as it should be.
fn check_waits<T>(polled: &Poll<T>, said: &str, usually: &str, read: &str) {
    check(polled.is_pending(), || {
        Failure::new(format!("{said} It should be pending; it was ready."))
            .usually(usually)
            .read(read)
    });
}
