//! The polls of the answer, and the waker that it is polled with.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::task::{Poll, Wake, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use tokio::task::coop::has_budget_remaining;
use tokio::time::Instant;

/// The waker was called during a poll of the answer, on its thread.
const IN_POLL: u8 = 1;

/// It was called on that thread between two polls of the answer.
const BETWEEN: u8 = 2;

/// It was called on another thread.
const ELSEWHERE: u8 = 4;

/// What the polls of an answer have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pattern {
    /// At how many instants it was polled.
    pub(super) instants: u64,
    /// The first of these instants and the last.
    times: Option<(Instant, Instant)>,
    /// The time between the last two of them.
    pub(super) step: Duration,
    /// How often in a row that time was the same.
    pub(super) same_steps: u64,
    /// How many polls in a row called the answer's waker.
    pub(super) woke_itself: u64,
    /// How many polls in a row used up tokio's budget.
    pub(super) used_up_budget: u64,
    /// After how many polls in a row the answer was woken by something else on its thread, and by nothing else.
    pub(super) woken_between: u64,
}

/// The polls of one answer so far.
#[derive(Debug, Default)]
pub(super) struct AnswerPolls {
    pattern: Pattern,
    waker: Option<Arc<AnswerWaker>>,
}

/// Records where it is called, and calls the runtime's waker.
#[derive(Debug)]
struct AnswerWaker {
    outer: Waker,
    thread: ThreadId,
    in_poll: AtomicBool,
    /// Where it was called since the last poll began.
    called: AtomicU8,
}

impl AnswerPolls {
    /// A poll begins. Returns the waker for it, which stays the same as long as the runtime's does.
    pub(super) fn begins(&mut self, outer: &Waker) -> Waker {
        let called = self.waker.as_ref().map_or(0, |waker| waker.begin());
        self.pattern.begins(called, Instant::now());
        if !matches!(&self.waker, Some(waker) if waker.outer.will_wake(outer)) {
            self.waker = None;
        }
        let waker = self.waker.get_or_insert_with(|| AnswerWaker::new(outer));
        Waker::from(Arc::clone(waker))
    }

    /// A poll has returned or panicked.
    pub(super) fn ends<T>(&mut self, result: Option<&Poll<T>>) {
        if let Some(waker) = &self.waker {
            waker.in_poll.store(false, Relaxed);
        }
        let pending = matches!(result, Some(Poll::Pending));
        in_a_row(
            &mut self.pattern.used_up_budget,
            pending && !has_budget_remaining(),
        );
    }

    pub(super) fn pattern(&self) -> Pattern {
        self.pattern
    }

    /// Whether anything holds a clone of the waker.
    pub(super) fn waker_is_stored(&self) -> bool {
        let waker = self.waker.as_ref();
        waker.is_some_and(|waker| Arc::strong_count(waker) > 1)
    }
}

impl Pattern {
    fn begins(&mut self, called: u8, now: Instant) {
        in_a_row(&mut self.woke_itself, called == IN_POLL);
        in_a_row(&mut self.woken_between, called == BETWEEN);
        let (first, last) = *self.times.get_or_insert((now, now));
        if self.instants == 0 {
            self.instants = 1;
        } else if now != last {
            let step = now - last;
            self.same_steps = if step == self.step {
                self.same_steps + 1
            } else {
                1
            };
            (self.instants, self.step) = (self.instants + 1, step);
        }
        self.times = Some((first, now));
    }

    /// When the answer was polled last, counted from its first poll.
    pub(super) fn last(&self) -> Duration {
        self.times
            .map_or(Duration::ZERO, |(first, last)| last - first)
    }
}

impl AnswerWaker {
    fn new(outer: &Waker) -> Arc<Self> {
        Arc::new(Self {
            outer: outer.clone(),
            thread: thread::current().id(),
            in_poll: AtomicBool::new(true),
            called: AtomicU8::new(0),
        })
    }

    /// A poll begins. Returns where the waker was called since the last one began.
    fn begin(&self) -> u8 {
        self.in_poll.store(true, Relaxed);
        self.called.swap(0, Relaxed)
    }
}

impl Wake for AnswerWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let place = if thread::current().id() != self.thread {
            ELSEWHERE
        } else if self.in_poll.load(Relaxed) {
            IN_POLL
        } else {
            BETWEEN
        };
        self.called.fetch_or(place, Relaxed);
        self.outer.wake_by_ref();
    }
}

fn in_a_row(count: &mut u64, again: bool) {
    *count = if again { *count + 1 } else { 0 };
}
