//! What a search through all interleavings of a model comes to.

use std::time::Duration;

use timeline::Timeline;

use super::state::{Circumstances, Run};
use super::threads::Doing;
use super::verdict::{self, Ended};
use crate::held_locks::NeverReleased;
use crate::model::{Explored, YIELDED};
use crate::report::Report;
use crate::words::{ordinal, plural, spell};

/// loom's message for a model in which every thread waits.
const DEADLOCK: &str = "deadlock; threads =";

/// loom's message for an interleaving that is too long.
const TOO_LONG: &str = "Model exceeded maximum number of branches";

/// Where the book explains interleavings.
const INTERLEAVINGS_PAGE: &str = "futures-lost-wakeups.html#a-lost-wake-up";

/// Where the book shows loom, and how to wake with no lock held.
pub(crate) const LOOM_PAGE: &str = "futures-lost-wakeups.html#model-checking-with-loom";

/// `tried` is how many interleavings have begun.
pub(super) fn verdict(run: &Run, explored: Explored, tried: usize) -> Result<(), Box<Report>> {
    let at_a_lock = match explored {
        Explored::All => return verdict::of(run, Ended::Finished),
        Explored::Failed { at_a_lock } => at_a_lock,
        Explored::Lost => None,
    };
    let (message, check_failed) = {
        let evidence = run.evidence();
        let last = evidence.panics.last().map(|last| last.message.clone());
        (last, evidence.failed_check.is_some())
    };
    let message = match message {
        Some(message) => message,
        None if check_failed => String::new(),
        None if explored == Explored::Lost => return Err(Box::new(used_up_its_stack())),
        None => return Err(Box::new(gave_up(tried))),
    };
    let circumstances = run.evidence().circumstances.clone();
    if let Some(Circumstances { sentence, .. }) = &circumstances
        && message.starts_with(DEADLOCK)
        && at_a_lock == Some(NeverReleased::ForAWokenTask)
    {
        return Err(Box::new(of_a_reentrant_waker(sentence)));
    }
    match from_loom(&message, at_a_lock, tried) {
        Some(report) => Err(Box::new(report)),
        None => {
            let ended = Ended::Panicked(Box::new(message), run.timeline());
            verdict::of(run, ended).map_err(|mut report| {
                if circumstances.is_none() {
                    report.in_interleaving(&ordinal(tried));
                }
                report
            })
        }
    }
}

/// The report for a waker that needs a lock which is held while it is called. `action` is what it does. Its model has
/// one thread, so there are no interleavings to speak of.
fn of_a_reentrant_waker(action: &str) -> Report {
    let mut report = Report::new(
        "Hangs: the waker was called while a lock was held, and waits for that lock forever.",
    );
    report.seen.push(action.to_owned());
    report.usually(WOKEN_UNDER_A_LOCK).read(LOOM_PAGE)
}

const WOKEN_UNDER_A_LOCK: &str = "that a task is woken while the lock is held. It may run at once, and needs that lock. \
    Take the waker out, drop the guard, and wake then. In `if let Some(waker) = lock.lock().unwrap().take()` the guard \
    lives until the end of the block.";

/// The report for a lock that a thread waits for forever, in the interleaving that `one` names.
fn of_a_lock(reason: NeverReleased, one: &str) -> Report {
    let (seen, usually) = match reason {
        NeverReleased::ForAWokenTask => (
            "a waker is called while a lock is held, and waits for that lock forever.",
            WOKEN_UNDER_A_LOCK,
        ),
        NeverReleased::LockedTwice => (
            "a thread waits for a lock that it holds itself.",
            "that the lock is taken again, perhaps in another method, while its guard is alive. A guard lives until the end of \
             its block, and one in a `match` or `if let` until the end of that.",
        ),
        NeverReleased::InACircle => (
            "each of several threads waits for a lock that another of them holds.",
            "that the locks are taken in different orders. Take several locks in the same order everywhere.",
        ),
        NeverReleased::ByAnother => (
            "a thread waits for a lock whose holder waits for something else, or has ended.",
            "that a thread waits while it holds a lock, or that a guard was forgotten. Drop the guard, and wait then.",
        ),
    };
    Report::new(format!("Hangs: {one} {seen}"))
        .usually(usually)
        .read(LOOM_PAGE)
}

/// The report for a panic with `message`, if that is loom's way to end an interleaving, the last one that was `tried`.
fn from_loom(message: &str, at_a_lock: Option<NeverReleased>, tried: usize) -> Option<Report> {
    let nth = ordinal(tried);
    let one = format!("in one interleaving of the threads' steps, the {nth} that was tried,");
    let report = if message.starts_with(DEADLOCK)
        && let Some(reason) = at_a_lock
    {
        of_a_lock(reason, &one)
    } else if message.starts_with(DEADLOCK) {
        of_a_missing_wake_up(&one, tried).read(INTERLEAVINGS_PAGE)
    } else if message == YIELDED {
        Report::new(format!(
            "I{} a thread that should wait called `yield_now`.",
            &one[1..]
        ))
        .usually(
            "a loop that checks again and again. `yield_now` lets other threads run and returns at once: it keeps a \
             processor busy for as long as the wait takes. A thread that waits should sleep, in `park` or in \
             `Condvar::wait`, until another thread wakes it.",
        )
        .read(LOOM_PAGE)
    } else if message.starts_with(TOO_LONG) {
        Report::new(format!(
            "Hangs: {one} the threads take more steps than the search follows."
        ))
        .usually("a loop that checks again and again instead of waiting to be woken.")
        .read(INTERLEAVINGS_PAGE)
    } else {
        return None;
    };
    Some(report)
}

/// The report for an interleaving at whose end every thread waits. `one` names it; all that were `tried` before it came to
/// their end.
fn of_a_missing_wake_up(one: &str, tried: usize) -> Report {
    let mut report = Report::new(format!(
        "Hangs: {one} every thread waits and none is left to wake another."
    ));
    let lost = "a wake-up is lost: it came between a check and the wait that follows it, or before the change that it \
                announces. Check and store the waker, or check and sleep, under one lock. Change and take the wakers out \
                under one lock, and wake after the lock is released.";
    match tried - 1 {
        0 => report.usually(format!(
            "that no code wakes the waiting thread, or that {lost}"
        )),
        before => {
            let others = plural(before, "interleaving");
            report.seen.push(format!(
                "The {others} before it did not hang, so it depends on the order of the steps."
            ));
            report.usually(format!("that {lost}"))
        }
    }
}

/// The report of a model that has not taken a step for `real_time`. All its threads share one thread of the
/// operating system.
pub(super) fn endless_step(
    test: &str,
    real_time: Duration,
    _of_another_thread: Option<Doing>,
    _timeline: Timeline,
) -> Report {
    Report::new(format!(
        "Hangs: in `{test}`, which tries every interleaving of the threads' steps, no step was taken for {} of real \
         time.",
        spell(real_time)
    ))
    .in_real_time()
    .usually(
        "a wait that the search cannot see: a `Mutex`, a `Condvar` or `park` of the standard library. All threads \
         take turns on one, so none of them can run and end that wait. Take them from `crate::sync`. It can also be a \
         loop that never ends and uses none of them.",
    )
    .read(LOOM_PAGE)
}

/// The report of a search that ended without a panic's message. Nothing but a stack that is used up ends it so.
fn used_up_its_stack() -> Report {
    Report::new(
        "The stack of a thread overflowed. In a search through the interleavings of the threads' steps, each thread has \
         32 KB of stack.",
    )
    .usually("a recursion without an end, or a local variable that holds many bytes.")
    .read(LOOM_PAGE)
}

/// The report of a search that was given up.
fn gave_up(tried: usize) -> Report {
    Report::new(format!(
        "Hangs: after {tried} interleavings of the threads' steps there were still more to try."
    ))
    .in_real_time()
    .usually("that your answer takes many more steps than it needs.")
    .read(INTERLEAVINGS_PAGE)
}
