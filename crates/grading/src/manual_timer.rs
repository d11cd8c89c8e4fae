//! A timer whose clock is advanced by hand.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

/// A clock that calls wakers at set times. It advances only through [`advance`](Self::advance).
///
/// Timers can be built on it where there is no tokio. Clones are the same clock.
///
/// ```
/// use grading::{ManualTimer, TestWaker, ms};
///
/// let (timer, waker) = (ManualTimer::new(), TestWaker::new());
/// let entry = timer.wake_at(ms(30), waker.waker());
/// let dropped = timer.wake_at(ms(20), waker.waker());
/// drop(dropped);
/// timer.advance(ms(29));
/// assert_eq!((waker.wake_count(), timer.deadlines()), (0, vec![ms(30)]));
/// timer.advance(ms(1));
/// assert_eq!((waker.wake_count(), timer.deadlines()), (1, vec![]));
/// # drop(entry);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ManualTimer {
    state: Arc<Mutex<State>>,
}

/// A wake-up that has been set. Dropping it before its time cancels it.
#[derive(Debug)]
#[must_use = "a dropped entry wakes no task"]
pub struct TimerEntry {
    timer: ManualTimer,
    number: u64,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    set_so_far: u64,
    /// In the order of their deadlines.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    at: Duration,
    number: u64,
    waker: Waker,
}

impl ManualTimer {
    /// A timer at time zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// The time that its clock shows.
    pub fn now(&self) -> Duration {
        self.state().now
    }

    /// Calls `waker` once, when the clock reaches `at`: at once, if it is that late already.
    pub fn wake_at(&self, at: Duration, waker: Waker) -> TimerEntry {
        let mut state = self.state();
        state.set_so_far += 1;
        let number = state.set_so_far;
        if at <= state.now {
            drop(state);
            waker.wake();
        } else {
            let place = state.waiting.partition_point(|other| other.at <= at);
            state.waiting.insert(place, Waiting { at, number, waker });
            drop(state);
        }
        TimerEntry {
            timer: self.clone(),
            number,
        }
    }

    /// The deadlines of the entries that are set, the next one first.
    pub fn deadlines(&self) -> Vec<Duration> {
        self.state().waiting.iter().map(|entry| entry.at).collect()
    }

    /// Advances the clock by `time`, and calls the wakers that are due, in the order of their deadlines.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.now += time;
        let due = state.waiting.partition_point(|entry| entry.at <= state.now);
        let later = state.waiting.split_off(due);
        let due = mem::replace(&mut state.waiting, later);
        // A waker may use the timer.
        drop(state);
        due.into_iter().for_each(|entry| entry.waker.wake());
    }

    /// No foreign code runs while it is held, so poison does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TimerEntry {
    fn drop(&mut self) {
        let mut state = self.timer.state();
        let mine = state.waiting.iter().position(|w| w.number == self.number);
        let mine = mine.map(|mine| state.waiting.remove(mine));
        drop(state);
        // A waker's destructor is foreign code.
        drop(mine);
    }
}
