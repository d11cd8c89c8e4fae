//! Grades the chapter `streams`: one module for each exercise, one test for each promise of its contract.
//!
//! Time is virtual, so what should happen at an instant is compared exactly.

use std::collections::VecDeque;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::stream::BoxStream;
use futures::{Stream, StreamExt};
use grading::{
    Case, Clock, Failure, Gauge, Tasks, TestWaker, check, drop_at_every_await, explained, grade,
    grade_cases, in_ms, list, ms, plural, times, were,
};
use tokio::time::{Sleep, sleep, timeout};

#[path = "streams/UntilError.rs"]
#[expect(non_snake_case, reason = "named after the exercise, which is a type")]
mod UntilError;
#[path = "streams/batch_lines.rs"]
mod batch_lines;
#[path = "streams/merge_sorted.rs"]
mod merge_sorted;
#[path = "streams/paginate.rs"]
mod paginate;
#[path = "streams/rate_limited.rs"]
mod rate_limited;

const ON_DEMAND: &str = "streams.html#a-stream-requests-a-page-when-an-item-is-needed";
const ERRORS: &str = "streams.html#errors-are-items";
const AFTER_THE_END: &str = "streams-pitfalls.html#polling-a-stream-after-its-end";
const CANCEL_SAFE: &str = "streams-pitfalls.html#next-is-cancel-safe-and-what-it-polls-may-not-be";
const SORTED: &str = "streams-merging.html#a-sorted-merge-waits-for-every-input";
const RUNS_AHEAD: &str = "streams-backpressure.html#a-task-and-a-bounded-channel-run-ahead";
const NOTHING_RUNS: &str =
    "streams-backpressure.html#a-stream-does-nothing-while-the-body-of-the-loop-runs";
const RATES: &str = "streams-backpressure.html#rates-and-chunks";
const CATCHES_UP: &str = "streams-pitfalls.html#a-rate-that-catches-up";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";
const POLL_NEXT: &str = "futures-streams.html#poll_next";
const STALE: &str = "futures-pitfalls.html#a-stale-waker";

/// Longer than anything here takes.
const LONG: Duration = ms(600_000);

/// An input for an answer: a stream that is ready at given instants, and remembers what was done to it.
struct Input<T> {
    items: VecDeque<(Duration, T)>,
    end: Duration,
    clock: Clock,
    /// Whether a time is counted from the start, as for messages that arrive by themselves. Otherwise it is counted from
    /// the first poll for the item, as for a request.
    arrives: bool,
    wait: Option<Pin<Box<Sleep>>>,
    ended: bool,
    seen: Seen,
}

/// What was done to an [`Input`]. Clones share it.
#[derive(Debug, Clone, Default)]
struct Seen(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    polls: usize,
    taken: usize,
    polls_after_the_end: usize,
    dropped: bool,
}

impl Seen {
    /// No code panics while it holds the lock, so poison does not matter.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn polls(&self) -> usize {
        self.counts().polls
    }

    fn taken(&self) -> usize {
        self.counts().taken
    }

    fn dropped(&self) -> bool {
        self.counts().dropped
    }

    /// An input that has ended must be left alone.
    fn check_not_polled_after_its_end(&self, name: &str) {
        let polls = self.counts().polls_after_the_end;
        check(polls == 0, || {
            Failure::new(format!(
                "`{name}` has returned `None`, and should not be polled again; it was polled {} more.",
                times(polls)
            ))
            .usually(
                "that a stream which is not fused is polled in a loop. `.fuse()` remembers that it has ended.",
            )
            .read(AFTER_THE_END)
        });
    }
}

impl<T: Send + Unpin + 'static> Input<T> {
    fn new(items: Vec<(Duration, T)>, end: Duration, arrives: bool) -> Self {
        Self {
            items: items.into(),
            end,
            clock: Clock::start(),
            arrives,
            wait: None,
            ended: false,
            seen: Seen::default(),
        }
    }

    /// Each item, and the end, is ready so long after the first poll for it.
    fn requested(items: Vec<(Duration, T)>, end: Duration) -> (BoxStream<'static, T>, Seen) {
        let input = Self::new(items, end, false);
        let seen = input.seen.clone();
        (input.boxed(), seen)
    }

    /// Each item, and the end, is ready so long after the start.
    fn arriving(items: Vec<(Duration, T)>, end: Duration) -> (BoxStream<'static, T>, Seen) {
        let input = Self::new(items, end, true);
        let seen = input.seen.clone();
        (input.boxed(), seen)
    }

    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.wait.is_none() {
            let time = self.items.front().map_or(self.end, |(time, _)| *time);
            let passed = if self.arrives {
                self.clock.elapsed()
            } else {
                Duration::ZERO
            };
            let left = time.saturating_sub(passed);
            if left.is_zero() {
                return Poll::Ready(());
            }
            self.wait = Some(Box::pin(sleep(left)));
        }
        if let Some(wait) = &mut self.wait {
            ready!(wait.as_mut().poll(cx));
        }
        self.wait = None;
        Poll::Ready(())
    }
}

impl<T: Send + Unpin + 'static> Stream for Input<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        this.seen.counts().polls += 1;
        if this.ended {
            this.seen.counts().polls_after_the_end += 1;
            return Poll::Ready(None);
        }
        ready!(this.poll_wait(cx));
        let item = this.items.pop_front();
        match &item {
            Some(_) => this.seen.counts().taken += 1,
            None => this.ended = true,
        }
        Poll::Ready(item.map(|(_, item)| item))
    }

    /// How many items are left. At `(0, Some(0))` the stream may not have returned `None` yet.
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.items.len(), Some(self.items.len()))
    }
}

impl<T> Drop for Input<T> {
    fn drop(&mut self) {
        self.seen.counts().dropped = true;
    }
}

/// What a stream has returned, and when. The pauses are those of the consumer after each item; then there are none. If there
/// are more than `most` items, the rest is left.
async fn drain<T>(
    stream: &mut BoxStream<'static, T>,
    most: usize,
    pauses: &[Duration],
) -> Vec<(Duration, T)> {
    let clock = Clock::start();
    let (mut returned, mut pauses) = (Vec::new(), pauses.iter());
    while returned.len() <= most
        && let Some(item) = stream.next().await
    {
        returned.push((clock.elapsed(), item));
        if let Some(pause) = pauses.next().filter(|pause| !pause.is_zero()) {
            sleep(*pause).await;
        }
    }
    returned
}

/// A stream that has ended returns `None` again, at once.
async fn check_stays_ended<T: Debug>(stream: &mut BoxStream<'static, T>) {
    for _ in 0..3 {
        let after = TestWaker::new().poll(Pin::new(&mut stream.next()));
        check(after.is_ready(), || {
            Failure::new("The stream has returned `None`, and should do so whenever it is polled again; it is pending.")
                .read(AFTER_THE_END)
        });
        let Poll::Ready(after) = after else { return };
        check(after.is_none(), || {
            Failure::new(format!(
                "The stream has returned `None`, and should do so whenever it is polled again; it returned {after:?}."
            ))
            .usually("that the stream is not fused. Add `.fuse()`, or keep in its state that it has ended.")
            .read(AFTER_THE_END)
        });
    }
}

/// As [`drain`], but the future of `next` is dropped and made again: before its first poll, while it waits, when it was woken,
/// after `patience`, and to be polled by another task. All items have to be returned within `limit`.
async fn drain_impatiently<T>(
    case: &Case,
    stream: &mut BoxStream<'static, T>,
    patience: Duration,
    limit: Duration,
) -> Vec<(Duration, T)> {
    let (clock, mut returned) = (Clock::start(), Vec::new());
    while clock.elapsed() <= limit {
        if case.below(2) == 1 {
            // A poll by another task, which leaves the stream to this one.
            match TestWaker::new().poll(Pin::new(&mut stream.next())) {
                Poll::Ready(Some(item)) => returned.push((clock.elapsed(), item)),
                Poll::Ready(None) => return returned,
                Poll::Pending => {}
            }
        }
        match timeout(patience, case.drop_somewhere(stream.next())).await {
            Ok(Some(Some(item))) => returned.push((clock.elapsed(), item)),
            Ok(Some(None)) => return returned,
            Ok(None) | Err(_) => {}
        }
    }
    let failure = || {
        Failure::new(format!(
            "`next` was dropped and called again, after {} at the latest. The stream should go on where it was, and end \
             within {}. It has returned {}, and not ended.",
            in_ms(patience),
            in_ms(limit),
            plural(returned.len(), "item")
        ))
        .usually("that what was in progress is started again by each call of `next`. Keep it in the stream.")
        .read(CANCEL_SAFE)
    };
    check(false, failure);
    returned
}

/// `1 item has`, `3 items have`
fn have(count: usize, noun: &str) -> String {
    format!(
        "{} {}",
        plural(count, noun),
        if count == 1 { "has" } else { "have" }
    )
}

/// `[a at 20 ms, b at 60 ms]`
fn shown<T>(entries: &[(Duration, T)], name: impl Fn(&T) -> String) -> String {
    if entries.is_empty() {
        return "nothing".to_owned();
    }
    list(
        entries
            .iter()
            .map(|(at, entry)| format!("{} at {}", name(entry), in_ms(*at))),
    )
}
