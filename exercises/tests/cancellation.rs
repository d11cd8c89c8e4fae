//! Grades the chapter `cancellation`: one module for each exercise, one test for each promise of its contract.
//!
//! Whatever an answer waits for here is really pending, for a fake that answers at once has no cancellation points. Each
//! exercise has a test that drops the answer wherever it waits, and looks for what is missing.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grading::{Clock, Failure, Gauge, Tasks, check, drop_at_every_await, grade, ms, times};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[path = "cancellation/LineReader.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod LineReader;
#[path = "cancellation/attend.rs"]
mod attend;
#[path = "cancellation/fetch_with_note.rs"]
mod fetch_with_note;
#[path = "cancellation/forward.rs"]
mod forward;
#[path = "cancellation/reading_room.rs"]
mod reading_room;
#[path = "cancellation/shielded.rs"]
mod shielded;

const HALF_A_LINE: &str = "cancellation-pitfalls.html#half-a-line";
const NOT_SENT: &str = "cancellation-pitfalls.html#a-message-that-was-not-sent";
const PLACE_FIRST: &str = "cancellation-safe.html#a-place-first-then-the-message";
const STARVES: &str = "cancellation-select-pitfalls.html#the-lower-branch-starves";
const ANEW: &str = "cancellation-select.html#the-same-walk-begun-again";
const DEADLINE: &str = "cancellation-select.html#a-deadline-for-all-rounds";
const PATIENCE: &str = "cancellation-select-pitfalls.html#a-patience-that-begins-anew";
const ROUND: &str = "cancellation-select.html#one-round";
const FUTURELOCK: &str = "cancellation-futurelock.html#the-rope";
const WAYS_OUT: &str = "cancellation-futurelock.html#three-ways-out";
const TREE: &str = "cancellation-trees.html#a-tree-of-tokens";
const GRACEFUL: &str = "cancellation-trees.html#ask-wait-drop";
const ABORT: &str = "cancellation-trees.html#what-abort-cannot-stop";
const SHIELD: &str = "cancellation-trees.html#shield-what-must-not-stop-half-way";

/// What happened, and when, in the order in which it happened. Clones are the same list.
#[derive(Clone)]
struct Log {
    clock: Clock,
    entries: Arc<Mutex<Vec<(String, Duration)>>>,
}

impl Log {
    fn start() -> Self {
        Self {
            clock: Clock::start(),
            entries: Arc::default(),
        }
    }

    fn note(&self, what: impl Into<String>) {
        let at = self.clock.elapsed();
        self.entries.lock().unwrap().push((what.into(), at));
    }

    fn all(&self) -> Vec<(String, Duration)> {
        self.entries.lock().unwrap().clone()
    }

    /// When `what` was noted, each time.
    fn times_of(&self, what: &str) -> Vec<Duration> {
        let entries = self.entries.lock().unwrap();
        let found = entries.iter().filter(|(entry, _)| entry == what);
        found.map(|(_, at)| *at).collect()
    }

    fn count(&self, what: &str) -> usize {
        self.times_of(what).len()
    }

    /// `[ring 1 at 5 ms, ring 2 at 15 ms]`
    fn told(&self) -> String {
        let entries = self.all();
        let told = entries
            .iter()
            .map(|(what, at)| format!("{what} at {}", in_ms(*at)));
        format!("[{}]", told.collect::<Vec<_>>().join(", "))
    }
}

/// `40 ms`
fn in_ms(time: Duration) -> String {
    format!("{} ms", time.as_secs_f64() * 1e3)
}

fn check_instant(seen: Duration, expected: Duration, what: &str, usually: &str, page: &str) {
    check(seen == expected, || {
        Failure::new(format!(
            "{what} at {}; it was at {}.",
            in_ms(expected),
            in_ms(seen)
        ))
        .usually(usually)
        .read(page)
    });
}

async fn check_nothing_left(tasks: Tasks, inside: &Gauge, when: &str) {
    let left = tasks.left_behind().await;
    let running = inside.now();
    check((left, running) == (0, 0), || {
        Failure::new(format!(
            "{when} everything should be gone; left: {left} tasks, and {running} futures that are not dropped."
        ))
        .usually("that something was spawned whose handle is dropped: that detaches a task and does not stop it.")
        .read(ABORT)
    });
}
