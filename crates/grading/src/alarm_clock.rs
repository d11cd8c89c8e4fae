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
/// use grading::{AlarmClock, Bell, ms};
///
/// let (clock, bell) = (AlarmClock::new(), Bell::new());
/// let alarm = clock.ring_at(ms(30), bell.waker());
/// let dropped = clock.ring_at(ms(20), bell.waker());
/// drop(dropped);
/// clock.advance(ms(29));
/// assert_eq!((bell.rings(), clock.alarms()), (0, vec![ms(30)]));
/// clock.advance(ms(1));
/// assert_eq!((bell.rings(), clock.alarms()), (1, vec![]));
/// # drop(alarm);
/// ```
#[derive(Debug, Clone, Default)]
pub struct AlarmClock {
    works: Arc<Mutex<Works>>,
}

/// An alarm that has been set. Dropped before its time, it does not ring.
#[derive(Debug)]
#[must_use = "an alarm that is dropped does not ring"]
pub struct Alarm {
    clock: AlarmClock,
    number: u64,
}

#[derive(Debug, Default)]
struct Works {
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

impl AlarmClock {
    /// A clock that shows zero.
    pub fn new() -> Self {
        Self::default()
    }

    /// What it shows.
    pub fn now(&self) -> Duration {
        self.works().now
    }

    /// Sets an alarm: `waker` is woken once, when the clock shows `at`. If it does already, that is now.
    pub fn ring_at(&self, at: Duration, waker: Waker) -> Alarm {
        let mut works = self.works();
        works.set_so_far += 1;
        let number = works.set_so_far;
        if at <= works.now {
            drop(works);
            waker.wake();
        } else {
            let place = works.waiting.partition_point(|other| other.at <= at);
            works.waiting.insert(place, Waiting { at, number, waker });
            drop(works);
        }
        Alarm {
            clock: self.clone(),
            number,
        }
    }

    /// When the alarms will ring that are set now, the next one first.
    pub fn alarms(&self) -> Vec<Duration> {
        self.works().waiting.iter().map(|alarm| alarm.at).collect()
    }

    /// Moves the hands on by `time`, and rings what is due, in the order of its time.
    pub fn advance(&self, time: Duration) {
        let mut works = self.works();
        works.now += time;
        let due = works.waiting.partition_point(|alarm| alarm.at <= works.now);
        let later = works.waiting.split_off(due);
        let due = mem::replace(&mut works.waiting, later);
        // Whoever is woken may look at the clock.
        drop(works);
        due.into_iter().for_each(|alarm| alarm.waker.wake());
    }

    /// No stranger's code runs while it is held, so a poisoned lock tells nothing.
    fn works(&self) -> MutexGuard<'_, Works> {
        self.works.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        let mut works = self.clock.works();
        let mine = works.waiting.iter().position(|w| w.number == self.number);
        let mine = mine.map(|mine| works.waiting.remove(mine));
        drop(works);
        // A waker's destructor is a stranger's code.
        drop(mine);
    }
}
