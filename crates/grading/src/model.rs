//! The loom model that runs on this thread, if one does.
//!
//! Everything that a model's threads share, in [`sync`](crate::sync), is made and used through these
//! functions.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::Sender;
use std::thread;

use crate::held_locks::{NeverReleased, never_released};

/// The panic message of a thread that yields in a model instead of waiting.
pub(crate) const YIELDED: &str = "a thread that should wait has yielded";

thread_local! {
    /// Where to send the outcome of the model that this thread runs.
    static IN_MODEL: RefCell<Option<Sender<Explored>>> = const { RefCell::new(None) };

    /// How many locks and atomics were made inside the model.
    static MADE: Cell<usize> = const { Cell::new(0) };

    /// Whether the locks and atomics that are being made belong to the answer.
    static OF_ANSWER: Cell<bool> = const { Cell::new(true) };

    /// Whether the model has called `try_lock`.
    static LOCK_WAS_TRIED: Cell<bool> = const { Cell::new(false) };

    /// Whether locks that are made from here on are seen while they are held.
    static SHOWING_HELD_LOCKS: Cell<bool> = const { Cell::new(false) };
}

/// How a search through all interleavings ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explored {
    /// All of them were tried, and each ran to its end.
    All,
    /// One of them did not. If a thread was still waiting for a lock then, why that was not released.
    Failed { at_a_lock: Option<NeverReleased> },
    /// The search itself has ended early: loom has panicked, or a thread of the model has used up its stack.
    Lost,
}

/// From here on this thread runs a model. Its outcome goes to `outcome`.
pub(crate) fn enter_model(outcome: Sender<Explored>) {
    IN_MODEL.set(Some(outcome));
}

/// Whether a model is running. All its threads share one thread of the operating system.
pub(crate) fn in_model() -> bool {
    IN_MODEL.with_borrow(Option::is_some)
}

/// Ends a model that has failed, if one runs. Unwinding it would abort the process: its other threads stay
/// where they are, and what they hold can be dropped only while the model runs. So this thread of the
/// operating system parks forever.
pub(crate) fn abandon_model() {
    let outcome = IN_MODEL.with_borrow(Clone::clone);
    if let Some(outcome) = outcome {
        let at_a_lock = never_released();
        let _ = outcome.send(Explored::Failed { at_a_lock });
        loop {
            thread::park();
        }
    }
}

/// Takes a step of a model. If it panics, the model ends here and not further up the stack, where
/// destructors would take steps of their own.
pub(crate) fn step<T>(step: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|payload| {
        abandon_model();
        resume_unwind(payload)
    })
}

/// Makes a lock or an atomic that the model's threads share.
pub(crate) fn make<T>(new: impl FnOnce() -> T) -> T {
    if OF_ANSWER.get() {
        MADE.set(MADE.get() + 1);
    }
    new()
}

/// How many locks and atomics were made so far.
pub(crate) fn made() -> usize {
    MADE.get()
}

/// Makes a lock or an atomic that does not belong to the answer.
pub(crate) fn make_uncounted<T>(new: impl FnOnce() -> T) -> T {
    let before = OF_ANSWER.replace(false);
    let made = new();
    OF_ANSWER.set(before);
    made
}

/// Records that the model has called `try_lock`.
pub(crate) fn lock_is_tried() {
    LOCK_WAS_TRIED.set(true);
}

/// Whether the model has called `try_lock` in any interleaving.
pub(crate) fn lock_was_tried() -> bool {
    LOCK_WAS_TRIED.get()
}

/// From here on, `try_lock` can see a lock of the answer while it is held.
pub(crate) fn show_held_locks() {
    SHOWING_HELD_LOCKS.set(true);
}

/// Whether `try_lock` should be able to see the lock that is being made while it is held.
pub(crate) fn shows_held_lock() -> bool {
    SHOWING_HELD_LOCKS.get() && OF_ANSWER.get()
}
