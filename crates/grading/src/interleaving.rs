//! Every order in which threads can take their steps.
//!
//! The exploration is [loom](https://docs.rs/loom)'s: it runs a model again and again on one thread of the
//! system, switches between the model's threads where they touch what they share, and each time takes
//! another way. It is a test of a whole answer only if that takes its locks and atomics from
//! [`sync`](crate::sync).

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use loom::model::Builder;

use crate::failure::{Failure, check};
use crate::grade::pass;
use crate::run::{Explored, Run, TOOL};
use crate::sync;

/// How often a thread may lose its turn where it could have gone on. Nearly all mistakes need one or two
/// such switches, and each more multiplies the orders to try.
const SWITCHES: usize = 3;

/// How many steps one order may take: nobody who makes progress needs as many.
const STEPS: usize = 1_000;

thread_local! {
    /// Who waits for the end of the model that this thread runs.
    static IN_MODEL: RefCell<Option<Sender<Explored>>> = const { RefCell::new(None) };

    /// How many of the model's threads want a lock that they do not have yet.
    static AT_LOCKS: Cell<usize> = const { Cell::new(0) };

    /// How many locks and atomics were made inside the model.
    static MADE: Cell<usize> = const { Cell::new(0) };
}

/// Whether what runs now is a model. Its threads are all on one thread of the system.
pub(crate) fn in_model() -> bool {
    IN_MODEL.with_borrow(Option::is_some)
}

/// Ends a model that has failed, if one runs. To unwind it would abort the process: its other threads stand
/// where they are, and what they hold can only be dropped while the model goes on. So this thread of
/// the system stays where it is, for ever.
pub(crate) fn leave_model() {
    let waiting = IN_MODEL.with_borrow(Clone::clone);
    if let Some(waiting) = waiting {
        let at_a_lock = AT_LOCKS.get() > 0;
        let _ = waiting.send(Explored::Failed { at_a_lock });
        loop {
            thread::park();
        }
    }
}

/// Takes a step of a model, which ends with it if it panics. That is found here and not further up, where
/// destructors would want to take steps of their own.
pub(crate) fn step<T>(step: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|payload| {
        leave_model();
        resume_unwind(payload)
    })
}

/// A step that waits for a lock.
pub(crate) fn step_through_lock<T>(lock: impl FnOnce() -> T) -> T {
    AT_LOCKS.set(AT_LOCKS.get() + 1);
    let locked = step(lock);
    AT_LOCKS.set(AT_LOCKS.get() - 1);
    locked
}

/// Makes something that the model's threads share.
pub(crate) fn make<T>(new: impl FnOnce() -> T) -> T {
    MADE.set(MADE.get() + 1);
    new()
}

/// Gives what `answer` gives, and misses if no lock and no atomic of [`sync`](crate::sync) was made in it: then it
/// may be wrong in an order that nobody tries.
///
/// It is for models, where a test calls the part of an answer that makes what its threads share.
///
/// # Panics
///
/// If it misses, the test fails with a report, as [`check`](crate::check) does.
pub fn explorable<T>(answer: impl FnOnce() -> T) -> T {
    let before = MADE.get();
    let given = answer();
    check(MADE.get() > before, || {
        Failure::new("No lock and no atomic of your answer comes from `crate::sync`.")
            .usually(
                "that they come from `std::sync`, or from tokio. They work alike, but only with those of `crate::sync` can every order \
                 of the threads' steps be tried, and a wake-up that is lost in one of them be found. Change the line \
                 with `use`.",
            )
            .read(TOOL)
    });
    given
}

/// Runs `model` once for every order in which its threads can take their steps, and fails with a report if
/// the answer is wrong in one of them.
///
/// A thread is switched away from where it could have gone on at most three times in a run; where it has to
/// wait, always. A model is small: two threads beside its own, a few steps each, no time and no
/// tokio. It makes its threads with [`sync::thread::spawn`](crate::sync::thread::spawn), awaits with
/// [`wait_for`], and takes nothing in from outside.
///
/// It is a whole test, like [`grade`](crate::grade), and not to be called inside it.
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
/// It fails the test, with a report: if the answer is a stub; if a [`check`](crate::check) misses or
/// the answer panics in some order; if in some order every thread waits, or one goes round and round; if
/// all orders together take too long.
#[track_caller]
pub fn every_interleaving<F: Fn() + Send + Sync + 'static>(model: F) {
    let run = Run::new(std::any::type_name::<F>(), Location::caller().file());
    explore(&run, Box::new(model));
}

/// `model` is boxed, so that loom's search is compiled once and not for every model of a grader.
fn explore(run: &Arc<Run>, model: Box<dyn Fn() + Send + Sync>) {
    let orders = Arc::new(AtomicUsize::new(0));
    let tried = Arc::clone(&orders);
    let of_model = Arc::clone(run);
    let explore = move |ended: Sender<Explored>| {
        IN_MODEL.set(Some(ended.clone()));
        let mut explorer = Builder::new();
        explorer.preemption_bound = Some(SWITCHES);
        explorer.max_branches = STEPS;
        explorer.check(move || {
            orders.fetch_add(1, Relaxed);
            if !of_model.goes_on() {
                leave_model();
            }
            step(&model);
        });
        let _ = ended.send(Explored::All);
    };
    pass(run.explore(explore, || tried.load(Relaxed)));
}

/// Polls a future to its end. Between two polls its thread waits for a wake-up.
pub fn wait_for<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(TestWaker::uncounted());
    let waker = Waker::from(Arc::clone(&bell));
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        bell.wait();
    }
}

/// The waker of a thread.
#[derive(Debug, Default)]
struct TestWaker {
    rung: sync::Mutex<bool>,
    rings: sync::Condvar,
}

impl TestWaker {
    /// It is nothing that an answer has made.
    fn uncounted() -> Self {
        let made = MADE.get();
        let bell = Self::default();
        MADE.set(made);
        bell
    }

    fn wait(&self) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        let rung = self.rings.wait_while(rung, |rung| !*rung);
        *rung.unwrap_or_else(PoisonError::into_inner) = false;
    }
}

impl Wake for TestWaker {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.rings.notify_one();
    }
}
