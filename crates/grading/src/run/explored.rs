//! What the search through all orders of a model comes to.

use std::time::Duration;

use timeline::Timeline;

use super::{Ended, Run, verdict};
use crate::clock::spell;
use crate::dropping::ordinal;
use crate::report::Report;

/// What loom says of a model in which every thread waits.
const DEADLOCK: &str = "deadlock; threads =";

/// What loom says of an order that is too long.
const TOO_LONG: &str = "Model exceeded maximum number of branches";

/// What a thread of a model says that goes round and round of its own will.
pub(crate) const YIELDED: &str = "a thread that should wait has yielded";

/// Where the book explains interleavings.
const PAGE: &str = "futures-lost-wakeups.html#a-lost-wake-up";

/// Where it shows how to wake with no lock held.
pub(crate) const TOOL: &str = "futures-lost-wakeups.html#model-checking-with-loom";

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explored {
    /// All orders were tried, and came to their ends.
    All,
    /// One did not. Whether a thread still waits for a lock there.
    Failed { at_a_lock: bool },
}

/// `tried`: how many orders have begun.
pub(super) fn verdict(run: &Run, explored: Explored, tried: usize) -> Result<(), Box<Report>> {
    if explored == Explored::All {
        return verdict::of(run, Ended::Finished);
    }
    let last = run.seen().panics.last().map(|last| last.message.clone());
    let message = match last {
        Some(message) => message,
        None if run.seen().miss.is_none() => return Err(Box::new(stopped(tried))),
        None => String::new(),
    };
    let at_a_lock = explored == Explored::Failed { at_a_lock: true };
    let report = if message.starts_with(DEADLOCK) && at_a_lock {
        Report::new(format!(
            "Hangs: in one order of the threads' steps, the {} that was tried, a thread waits for a lock that nobody \
             will give back.",
            ordinal(tried)
        ))
        .usually(
            "that somebody is woken while the lock is held: whoever wakes up may look at once, and wants that lock. \
             Take the waker out, drop the guard, and wake then. In `if let Some(waker) = lock.lock().unwrap().take()` \
             the guard lives to the end of the block. Or two threads take two locks in different orders.",
        )
        .read(TOOL)
    } else if message.starts_with(DEADLOCK) {
        Report::new(format!(
            "Hangs: in one order of the threads' steps, the {} that was tried, every thread waits and nobody is left \
             to wake one.",
            ordinal(tried)
        ))
        .usually(
            "that a wake-up is lost: it came after somebody had looked, and before their waker was \
             left; or the wakers were taken out before the change. Look and leave the waker under one lock, change and \
             take the wakers out under one lock, and wake when it is free again.",
        )
        .read(PAGE)
    } else if message == YIELDED {
        Report::new(format!(
            "In one order of the threads' steps, the {} that was tried, a thread that should wait called `yield_now`.",
            ordinal(tried)
        ))
        .usually(
            "a loop that asks again and again. `yield_now` lets others go first and comes back at once: it keeps a \
             processor busy for as long as the wait takes. A thread that waits sleeps, in `park` or in \
             `Condvar::wait`, until somebody wakes it.",
        )
        .read(TOOL)
    } else if message.starts_with(TOO_LONG) {
        Report::new(format!(
            "Hangs: in one order of the threads' steps, the {} that was tried, a thread goes round and round.",
            ordinal(tried)
        ))
        .usually("a loop that asks again and again instead of waiting to be woken.")
        .read(PAGE)
    } else {
        let ended = Ended::Panicked(Box::new(message), run.timeline());
        return verdict::of(run, ended).map_err(|mut report| {
            report.in_order(&ordinal(tried));
            report
        });
    };
    Err(Box::new(report))
}

/// The report of a model that has not taken a step for `real_time`. All its threads are on one thread of the system.
pub(super) fn no_return(test: &str, real_time: Duration, _timeline: Timeline) -> Report {
    Report::new(format!(
        "Hangs: in `{test}`, where every order of the threads' steps is tried, no step was taken for {} of real time.",
        spell(real_time)
    ))
    .usually(
        "a wait that the search does not see: a `Mutex`, a `Condvar` or `park` of the standard library. All threads \
         take turns on one, so nobody can come and end it. Take them from `crate::sync`. Or it is a loop that never \
         ends and takes none of them.",
    )
    .read(TOOL)
}

/// The report of a search that was given up.
fn stopped(tried: usize) -> Report {
    Report::new(format!(
        "Hangs: after {tried} orders of the threads' steps there were still more to try."
    ))
    .usually(
        "that your answer takes far more steps than it needs, asking again and again instead of waiting to \
         be woken.",
    )
    .read(PAGE)
}
