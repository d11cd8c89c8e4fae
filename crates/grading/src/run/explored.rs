//! What the search through all orders of a model comes to.

use super::{Ended, Run, verdict};
use crate::dropping::ordinal;
use crate::report::Report;

/// What loom says of a model in which every thread waits.
const DEADLOCK: &str = "deadlock; threads =";

/// What loom says of an order that is too long.
const TOO_LONG: &str = "Model exceeded maximum number of branches";

/// Where the book explains interleavings.
const PAGE: &str = "futures-interleavings.html#every-interleaving";

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Explored {
    /// All orders were tried, and came to their ends.
    All,
    /// One did not.
    Failed,
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
    let report = if message.starts_with(DEADLOCK) {
        Report::new(format!(
            "Hangs: in one order of the threads' steps, the {} that was tried, every thread waits and nobody is left \
             to wake one.",
            ordinal(tried)
        ))
        .usually(
            "that a wake-up is lost: it came after somebody had looked, and before their waker was \
             left. Look and leave the waker under one lock, and wake when it is free again.",
        )
        .read(PAGE)
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
