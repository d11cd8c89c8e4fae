//! Grades the chapter `cancellation`: one module for each exercise, one test for each promise of its
//! contract.
//!
//! What an answer awaits here is really pending: a fake that is ready at once has no cancellation points. Each
//! exercise has a test that drops the answer's future at every `.await` and checks that nothing is lost.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grading::{
    Clock, Counted, Failure, Gauge, Tasks, check, drop_at_every_await, grade, grade_cases, in_ms,
    ms, plural, times,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[path = "cancellation/LineReader.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod LineReader;
#[path = "cancellation/forward.rs"]
mod forward;
#[path = "cancellation/graceful_shutdown.rs"]
mod graceful_shutdown;
#[path = "cancellation/shielded.rs"]
mod shielded;
#[path = "cancellation/without_futurelock.rs"]
mod without_futurelock;
#[path = "cancellation/work_with_deadline.rs"]
mod work_with_deadline;

/// Longer than any time limit that an answer may have, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

const PARTIAL_LINE: &str = "cancellation-pitfalls.html#a-partial-line-is-lost";
const DROPPED_SEND: &str = "cancellation-pitfalls.html#a-dropped-send-loses-its-message";
const RESERVE: &str = "cancellation-cancel-safety.html#reserve-then-send";
const BRANCHES: &str = "cancellation-select.html#branches-patterns-and-handlers";
const START_OVER: &str =
    "cancellation-select.html#a-future-recreated-in-every-iteration-starts-over";
const DEADLINE: &str = "cancellation-select.html#a-deadline-for-the-whole-loop";
const BIASED: &str = "cancellation-select.html#biased-which-branch-goes-first";
const NEW_TIMEOUT: &str =
    "cancellation-select-loops.html#a-timeout-recreated-in-every-iteration-never-fires";
const STARVATION: &str =
    "cancellation-select-loops.html#starvation-biased-with-a-busy-branch-first";
const NO_MATCH: &str =
    "cancellation-select-pitfalls.html#a-pattern-that-does-not-match-disables-its-branch";
const FUTURELOCK: &str = "cancellation-futurelock.html#a-lock-given-to-a-future-that-is-not-polled";
const FUTURELOCK_CURES: &str = "cancellation-futurelock.html#three-ways-out";
const TREE: &str = "cancellation-token.html#child-tokens-and-trees-of-tasks";
const GRACEFUL: &str = "cancellation-token.html#graceful-shutdown-ask-wait-drop";
const ABORT: &str = "cancellation-token.html#what-abort-cannot-stop";
const SHIELD: &str = "cancellation-shield.html#shielding-spawn-the-work-and-await-its-handle";

/// What happened and when, in order. Clones share the list.
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

    fn record(&self, event: impl Into<String>) {
        let at = self.clock.elapsed();
        self.entries.lock().unwrap().push((event.into(), at));
    }

    fn entries(&self) -> Vec<(String, Duration)> {
        self.entries.lock().unwrap().clone()
    }

    /// When `event` was recorded, each time.
    fn times_of(&self, event: &str) -> Vec<Duration> {
        let entries = self.entries.lock().unwrap();
        let found = entries.iter().filter(|(entry, _)| entry == event);
        found.map(|(_, at)| *at).collect()
    }

    fn count(&self, event: &str) -> usize {
        self.times_of(event).len()
    }

    fn describe(&self) -> String {
        describe(&self.entries())
    }
}

/// `[message 1 at 5 ms, message 2 at 15 ms]`
fn describe(entries: &[(String, Duration)]) -> String {
    let entries = entries
        .iter()
        .map(|(event, at)| format!("{event} at {}", in_ms(*at)));
    format!("[{}]", entries.collect::<Vec<_>>().join(", "))
}

/// As the timer does, to whole milliseconds.
fn rounded_up(time: Duration) -> Duration {
    ms(u64::try_from(time.as_nanos().div_ceil(1_000_000)).expect("a short time"))
}

/// Polls `answer` until it is ready. If it is polled a thousand times at one instant, the test fails with the failure
/// that `spins` makes of that instant.
async fn without_spinning<F: Future>(answer: F, spins: impl Fn(Duration) -> Failure) -> F::Output {
    let (clock, mut answer) = (Clock::start(), std::pin::pin!(answer));
    let (mut instant, mut polls) = (Duration::ZERO, 0);
    std::future::poll_fn(|cx| {
        let now = clock.elapsed();
        polls = if now == instant { polls + 1 } else { 1 };
        instant = now;
        check(polls < 1000, || spins(now));
        answer.as_mut().poll(cx)
    })
    .await
}

/// `claim` is a sentence that ends before "at 40 ms".
fn check_instant(seen: Duration, expected: Duration, claim: &str, usually: &str, page: &str) {
    check(seen == expected, || {
        Failure::new(format!(
            "{claim} at {}; it was at {}.",
            in_ms(expected),
            in_ms(seen)
        ))
        .usually(usually)
        .read(page)
    });
}

/// `when` begins the sentence, as in "When the future is dropped,".
async fn check_nothing_left(tasks: Tasks, alive: &Gauge, when: &str) {
    let left = tasks.left_behind().await;
    let futures = alive.now();
    check((left, futures) == (0, 0), || {
        let report = Failure::new(format!(
            "{when} all of its work should be gone. Left are {}, and {} not been dropped.",
            plural(left, "task"),
            if futures == 1 {
                "1 future that has".to_owned()
            } else {
                format!("{futures} futures that have")
            }
        ));
        if left > 0 {
            report.usually(
                "that a spawned task is still running. Dropping its handle detaches the task, and does not stop it.",
            )
        } else {
            report.usually("that a future was leaked.")
        }
        .read(ABORT)
    });
}
