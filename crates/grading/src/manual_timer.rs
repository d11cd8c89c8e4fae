//! A clock that wakes people, and is set by hand.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

/// A clock on which alarms can be set. Its hands move only when somebody moves them.
///
/// It is what a timer is made over where there is no tokio. Clones are the same clock.
///
/// ```
/// use grading::{ManualTimer, TestWaker, ms};
///
/// let (clock, bell) = (ManualTimer::new(), TestWaker::new());
/// let alarm = clock.wake_at(ms(30), bell.waker());
/// let dropped = clock.wake_at(ms(20), bell.waker());
/// drop(dropped);
/// clock.advance(ms(29));
/// assert_eq!((bell.wake_count(), clock.deadlines()), (0, vec![ms(30)]));
/// clock.advance(ms(1));
/// assert_eq!((bell.wake_count(), clock.deadlines()), (1, vec![]));
/// # drop(alarm);
/// ```
#[derive(Debug, Clone, Default)]
pub struct ManualTimer {
    state: Arc<Mutex<State>>,
}

/// An alarm that has been set. Dropped before its time, it does not ring.
#[derive(Debug)]
#[must_use = "an alarm that is dropped does not ring"]
pub struct TimerEntry {
    clock: ManualTimer,
    number: u64,
}

#[derive(Debug, Default)]
struct State {
    now: Duration,
    set_so_far: u64,
    /// In the order of their time.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    at: Duration,
    number: u64,
    waker: Waker,
}

impl ManualTimer {
    /// A clock that shows zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it shows.
    pub fn now(&self) -> Duration {
        self.state().now
    }

    /// Sets an alarm: `waker` is woken once, when the clock shows `at`. If it does already, that is now.
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
            clock: self.clone(),
            number,
        }
    }

    /// When the alarms will ring that are set now, the next one first.
    pub fn deadlines(&self) -> Vec<Duration> {
        self.state().waiting.iter().map(|alarm| alarm.at).collect()
    }

    /// Moves the hands on by `time`, and rings what is due, in the order of its time.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.now += time;
        let due = state.waiting.partition_point(|alarm| alarm.at <= state.now);
        let later = state.waiting.split_off(due);
        let due = mem::replace(&mut state.waiting, later);
        // Whoever is woken may look at the clock.
        drop(state);
        due.into_iter().for_each(|alarm| alarm.waker.wake());
    }

    /// No stranger's code runs while it is held, so a poisoned lock tells nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TimerEntry {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        let mine = state.waiting.iter().position(|w| w.number == self.number);
        let mine = mine.map(|mine| state.waiting.remove(mine));
        drop(state);
        // A waker's destructor is a stranger's code.
        drop(mine);
    }
}
