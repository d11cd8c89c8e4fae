//! Grades the chapter `locks`: one module for each exercise, one test for each promise of its contract.
//!
//! Primitives that are built by hand are polled by hand, with a waker that counts, and tried in every interleaving.
//! What is built from tokio's primitives is tried in two hundred orders of polls.

use std::cell::{Cell, RefCell};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use futures::FutureExt;
use grading::web::{Page, Site, WebError};
use grading::{
    Case, Clock, Counted, Failure, Gauge, TestWaker, check, counted, drop_at_every_await,
    drop_one_of_many, every_waker_sequence, grade, grade_cases, ms, plural, times, were,
};
use tokio::sync::oneshot;
use tokio::time::sleep;

#[cfg(feature = "loom")]
use std::task::Context;

use exercises::sync::Arc;
#[cfg(feature = "loom")]
use exercises::sync::thread;
#[cfg(feature = "loom")]
use grading::{every_interleaving, explorable, reentrant_wakers, tries_a_lock, wait_for, waker_fn};

#[path = "locks/Barrier.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod Barrier;
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
#[path = "locks/SeatReservations.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod SeatReservations;

const LOST_UPDATE: &str = "locks.html#a-lost-update";
const MUTEX: &str = "locks.html#tokiosyncmutex";
const RESERVE: &str = "locks.html#reserve-await-confirm";
const SLOW_CALL: &str = "locks-pitfalls.html#a-lock-held-during-a-slow-call";
const BUILD: &str = "locks-build-mutex.html#a-mutex-from-a-lock-and-wakers";
const CANCELLED: &str = "locks-build-mutex.html#a-cancelled-waiter-and-a-lost-wake-up";
const HALF_DONE: &str = "locks-poisoning.html#cancellation-while-tokios-mutex-is-held";
const LATCH: &str = "locks-conditions.html#a-latch-an-event-that-happens-once";
const BARRIER: &str = "locks-conditions.html#barrier";
const STILL_COUNTED: &str =
    "locks-notification-pitfalls.html#tokios-barrier-counts-cancelled-waiters";
const CONDITION: &str = "locks-conditions.html#notify";
const STAMPEDE: &str = "locks-cache.html#check-then-fetch-a-cache-stampede";
const ONE_LOCK: &str = "locks-cache.html#one-lock-for-the-whole-cache";
const SINGLE_FLIGHT: &str = "locks-cache.html#single-flight-a-oncecell-for-each-key";
const LEADER: &str = "locks-cache.html#a-leader-that-fails-or-is-cancelled";
const BUSY: &str = "futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself";
const SPURIOUS: &str = "futures-pitfalls.html#spurious-wake-ups";
const WAKER: &str = "futures-poll-by-hand.html#implementing-wake-a-waker-of-your-own";

fn check_not_woken(waker: &TestWaker) {
    let wakes = waker.wake_count();
    check(wakes == 0, || {
        Failure::new(format!(
            "Nothing has happened yet, so a waiting future should not be woken; its waker was called {}.",
            times(wakes)
        ))
        .usually(
            "a busy loop: a future that wakes itself before it returns `Pending` is polled again at once, forever.",
        )
        .read(BUSY)
    });
}

/// `when` begins the sentence.
fn check_woken_once(waker: &TestWaker, when: &str) {
    let wakes = waker.wake_count();
    check(wakes == 1, || {
        let report = Failure::new(format!(
            "{when}, each waiting future should be woken once; one {}.",
            counted("woken", wakes)
        ));
        if wakes == 0 {
            report.usually(
                "that no waker is called, or only some of the wakers are called: one is taken out, or there is room for \
                 one waker.",
            )
        } else {
            report.usually(
                "that each poll adds a waker, although the latest should replace the one before.",
            )
        }
        .read(BUILD)
    });
}

fn check_no_waker_is_left(waker: &TestWaker) {
    let left = waker.live_wakers();
    check(left == 0, || {
        Failure::new(
            "A waiting future was dropped, and its waker should be dropped with it; the waker is still stored.",
        )
        .usually(
            "that nothing happens when a waiting future is dropped. It ends at its `.await`, and the only code of it that \
             still runs is the destructors of its variables.",
        )
        .read(CANCELLED)
    });
}

/// A model: drops a waiting future while another thread lets one wait and drops it, which takes the same lock.
#[cfg(feature = "loom")]
fn check_no_waker_is_left_by_two_threads<T: Send + Sync + 'static>(
    make: impl FnOnce() -> T,
    wait: impl for<'a> Fn(&'a T) -> Wait<'a> + Copy + Send + 'static,
) {
    let answer = Arc::new(explorable(make));
    let other = {
        let answer = Arc::clone(&answer);
        thread::spawn(move || {
            let _ = TestWaker::new().poll(wait(&answer).as_mut());
        })
    };
    let waker = TestWaker::new();
    let mut dropped = wait(&answer);
    let _ = waker.poll(dropped.as_mut());
    drop(dropped);
    other.join().expect("the other thread panicked");
    let left = waker.live_wakers();
    check(left == 0, || {
        Failure::new(
            "A waiting future was dropped while another thread used the lock, and its waker should be dropped with it; the \
             waker is still stored.",
        )
        .usually(skipped_cleanup())
        .read(CANCELLED)
    });
}

/// Why a destructor fails in some interleavings only.
#[cfg(feature = "loom")]
fn skipped_cleanup() -> &'static str {
    if tries_a_lock() {
        "that the destructor does nothing if it does not get the lock at once, as with `try_lock`. Another thread holds the lock \
         for a moment only: wait for it."
    } else {
        "that a waiter is removed by something that another one changes, such as its place in a list."
    }
}

/// A future that waits.
type Wait<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Some of several waiting futures are dropped. The others may be polled again, and then an `event` should wake them.
///
/// Each waits for one of three tasks, so that several have the same waker.
fn check_others_keep_their_wakers<'a>(
    case: &Case,
    wait: impl Fn() -> Wait<'a>,
    event: impl FnOnce(),
    when: &str,
) {
    let count = case.size("waiting futures", 1..=40);
    let tasks = [TestWaker::new(), TestWaker::new(), TestWaker::new()];
    let numbers = case.numbers("the task of each", count, 2);
    let mut waits: Vec<_> = numbers
        .into_iter()
        .map(|number| (number as usize, Some(wait())))
        .collect();
    let poll_all = |waits: &mut Vec<(usize, Option<Wait<'a>>)>| {
        for (task, wait) in waits {
            if let Some(wait) = wait {
                let _ = tasks[*task].poll(wait.as_mut());
            }
        }
    };
    poll_all(&mut waits);
    let order = case.permutation("order of the drops", count);
    let dropped = case.size("dropped", 0..=count);
    for index in &order[..dropped] {
        waits[*index].1 = None;
    }
    let later = case.size("later ones", 0..=3);
    for number in case.numbers("the task of each later one", later, 2) {
        let (task, mut wait) = (number as usize, wait());
        let _ = tasks[task].poll(wait.as_mut());
        waits.push((task, Some(wait)));
    }
    let others = *case.pick("the others are", &["not polled again", "polled again"]);
    if others == "polled again" {
        poll_all(&mut waits);
    }
    event();
    for (number, task) in tasks.iter().enumerate() {
        let left = waits
            .iter()
            .filter(|(task, wait)| *task == number && wait.is_some())
            .count();
        let wakes = task.wake_count();
        check(wakes <= left && (wakes > 0 || left == 0), || {
            let report = Failure::new(format!(
                "Of {count} waiting futures, which belong to three tasks, {} dropped, {later} more began to wait, and those that were \
                 left were {others}; then {when}. One task has {left} of those that are left, and its waker should be called {}; it \
                 {}.",
                were(dropped),
                match left {
                    0 => "no more".to_owned(),
                    1 => "once".to_owned(),
                    left => format!("once or up to {left} times"),
                },
                counted("called", wakes)
            ));
            if wakes > left {
                report.usually("that the waker of a future that was dropped, or of an earlier poll, is still stored.")
            } else if dropped == 0 {
                report.usually(
                    "that only some of the wakers are called: one of equal wakers, say, or the first, whose task should wake the next.",
                )
            } else {
                report.usually(
                    "that waiters are identified with `will_wake`, or by their place in a list, which changes when another \
                     one is removed. Two waiters may have the same waker: give each an id.",
                )
            }
            .read(WAKER)
        });
    }
}

fn check_pending<T>(polled: &Poll<T>, situation: &str, usually: &str, read: &str) {
    check(polled.is_pending(), || {
        Failure::new(format!(
            "{situation} The future should be pending; it was ready."
        ))
        .usually(usually)
        .read(read)
    });
}
