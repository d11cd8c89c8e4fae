//! Every interleaving of the steps that threads take.
//!
//! The exploration is [loom](https://docs.rs/loom)'s: it runs a model again and again on one thread of the
//! operating system, switches between the model's threads where they touch shared state, and takes another
//! path each time. It tests a whole answer only if the answer takes its locks and atomics from
//! [`sync`](crate::sync).

use std::panic::Location;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use loom::model::Builder;

use crate::check::check;
use crate::failure::Failure;
use crate::held_locks;
use crate::model::{
    Explored, abandon_model, enter_model, lock_was_tried, made, make_uncounted, show_held_locks,
    step,
};
use crate::run::{LOOM_PAGE, Run, pass};
use crate::sync;

/// How often a thread may be preempted in one run. Nearly all bugs need one or two such switches, and each
/// further one multiplies the number of interleavings.
const SWITCHES: usize = 3;

/// How many steps one run may take. An answer that makes progress needs far fewer.
const STEPS: usize = 1_000;

/// Returns what `answer` returns, and fails if it made no lock and no atomic of [`sync`](crate::sync): such an
/// answer may be wrong in an interleaving that is never tried.
///
/// A model calls it around the part of an answer that makes what its threads share.
///
/// # Panics
///
/// If the check fails, the test fails with a report, as in [`check`](crate::check).
pub fn explorable<T>(answer: impl FnOnce() -> T) -> T {
    let before = made();
    let returned = answer();
    check(made() > before, || {
        Failure::new("No lock and no atomic of your answer comes from `crate::sync`.")
            .usually(
                "that they come from `std::sync` or from tokio. Those work alike, but only with those of \
                 `crate::sync` can the grader try every interleaving of the threads' steps, and find a wake-up that \
                 is lost in one of them. Change the `use` line.",
            )
            .read(LOOM_PAGE)
    });
    returned
}

/// Runs `model` once for every interleaving of its threads' steps, and fails with a report if the answer is
/// wrong in one of them.
///
/// In one run, threads are preempted at most three times in all; where a thread has to wait, it is always
/// switched away from. A model is small: two threads beside its own, a few steps each, no time and no tokio.
/// It spawns its threads with [`sync::thread::spawn`](crate::sync::thread::spawn), awaits with [`wait_for`],
/// and captures nothing from outside.
///
/// A thread is not preempted between taking a lock and releasing it, unless it uses another lock or an atomic there.
/// Only `try_lock` can see the difference. So if the model has called it, all interleavings are tried once more, and
/// this time threads are also preempted while they hold a lock.
///
/// It is a whole test, like [`grade`](crate::grade), and must not be called inside it.
///
/// ```
/// use std::sync::Arc;
///
/// use grading::sync::atomic::{AtomicUsize, Ordering::SeqCst};
/// use grading::sync::thread;
/// use grading::{Failure, check, every_interleaving};
///
/// every_interleaving(|| {
///     let count = Arc::new(AtomicUsize::new(0));
///     let other = {
///         let count = Arc::clone(&count);
///         thread::spawn(move || count.fetch_add(1, SeqCst))
///     };
///     count.fetch_add(1, SeqCst);
///     other.join().unwrap();
///     let seen = count.load(SeqCst);
///     check(seen == 2, || Failure::new(format!("Both should be counted; {seen} were.")));
/// });
/// ```
///
/// # Panics
///
/// It fails the test with a report if the answer is a stub; if, in some interleaving, a
/// [`check`](crate::check) fails, the answer panics, every thread waits, or a thread loops forever; or if
/// all interleavings together take too long.
#[track_caller]
pub fn every_interleaving<F: Fn() + Send + Sync + 'static>(model: F) {
    let run = Run::new(std::any::type_name::<F>(), Location::caller().file());
    explore(&run, Box::new(model));
}

/// `model` is boxed, so that loom's search is compiled once instead of for every model of a grader.
pub(crate) fn explore(run: &Arc<Run>, model: Box<dyn Fn() + Send + Sync>) {
    let begun = Arc::new(AtomicUsize::new(0));
    let tried = Arc::clone(&begun);
    let run_of_model = Arc::clone(run);
    let model = Arc::new(move || {
        held_locks::forget_all();
        begun.fetch_add(1, Relaxed);
        if !run_of_model.next_interleaving() {
            abandon_model();
        }
        step(&model);
    });
    let search = move |outcome: Sender<Explored>| {
        enter_model(outcome.clone());
        search_all(&model);
        if lock_was_tried() {
            show_held_locks();
            search_all(&model);
        }
        let _ = outcome.send(Explored::All);
    };
    pass(run.explore(search, || tried.load(Relaxed)));
}

fn search_all<F: Fn() + Send + Sync + 'static>(model: &Arc<F>) {
    let mut explorer = Builder::new();
    explorer.preemption_bound = Some(SWITCHES);
    explorer.max_branches = STEPS;
    let model = Arc::clone(model);
    explorer.check(move || model());
}

/// Whether the model that is explored has called `try_lock` in any interleaving. Only then can it matter whether a lock is
/// held when a destructor runs.
pub fn tries_a_lock() -> bool {
    lock_was_tried()
}

/// Polls a future to completion. Between two polls its thread sleeps until it is woken.
pub fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let thread = Arc::new(make_uncounted(ThreadWaker::default));
    let waker = Waker::from(Arc::clone(&thread));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread.sleep();
    }
}

/// Wakes the thread that polls a future.
#[derive(Debug, Default)]
struct ThreadWaker {
    woken: sync::Mutex<bool>,
    wake: sync::Condvar,
}

impl ThreadWaker {
    fn sleep(&self) {
        let woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        let woken = self.wake.wait_while(woken, |woken| !*woken);
        *woken.unwrap_or_else(PoisonError::into_inner) = false;
    }
}

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.wake.notify_one();
    }
}
