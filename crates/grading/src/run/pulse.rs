//! Signs of life: what the runtime of one run does, as seen from its hooks and from the root.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

/// A run whose clock moves this often goes round in circles. The graders need a thousand.
const TOO_MANY_PARKS: u64 = 10_000;

/// The pulse of one run.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    /// How often everything became idle, or ceased to be.
    turns: AtomicU64,
    /// How often everything became idle.
    parks: AtomicU64,
    parked: AtomicBool,
    /// How often a poll of the answer began or ended: odd while one runs.
    polls: AtomicU64,
    held: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The virtual instants at which everything was idle for the first and for the last time.
    first_park: Option<Instant>,
    last_park: Option<Instant>,
    root: Option<Waker>,
    stop: Option<Stop>,
}

/// Why a run ends before its answer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A check missed, perhaps where nobody is told.
    Missed,
    /// Nothing happened any more, for this long.
    Idle(Duration),
    /// Timers go on and on; the clock has moved on by this much.
    Endless(Duration),
    /// Polls go on and on, and time stands still.
    Spinning(Duration),
    /// Everything waits for a thread that does not return.
    Blocked(Duration),
    /// It gets on, but for so much real time that nobody waits for the end.
    Slow(Duration),
}

impl Pulse {
    /// Called when everything is idle, before the clock moves. How often that was the case.
    pub(super) fn park(&self) -> u64 {
        self.turns.fetch_add(1, Relaxed);
        self.parked.store(true, Relaxed);
        let parks = self.parks.fetch_add(1, Relaxed) + 1;
        let now = Instant::now();
        let mut state = self.state();
        let first = *state.first_park.get_or_insert(now);
        state.last_park = Some(now);
        drop(state);
        if parks == TOO_MANY_PARKS {
            self.stop(Stop::Endless(now - first));
        }
        parks
    }

    pub(super) fn unpark(&self) {
        self.turns.fetch_add(1, Relaxed);
        self.parked.store(false, Relaxed);
    }

    /// Called in every poll of the root, with the waker that causes the next one.
    ///
    /// That is no turn: an answer that yields for ever is polled all the time and gets nowhere.
    pub(super) fn root_polled(&self, waker: &Waker) {
        let mut state = self.state();
        match &mut state.root {
            Some(root) => root.clone_from(waker),
            root => *root = Some(waker.clone()),
        }
    }

    pub(super) fn poll_begins(&self) {
        self.polls.fetch_add(1, Relaxed);
    }

    pub(super) fn poll_ends(&self) {
        self.polls.fetch_add(1, Relaxed);
    }

    /// How often a poll of the answer began or ended: odd while one runs.
    pub(super) fn polls(&self) -> u64 {
        self.polls.load(Relaxed)
    }

    /// Remembers that a poll holds the thread for longer than anything an answer has to compute.
    pub(super) fn hold(&self) {
        self.held.store(true, Relaxed);
    }

    pub(super) fn was_held(&self) -> bool {
        self.held.load(Relaxed)
    }

    /// Takes the way to the runtime out of the pulse, which the runtime's hooks hold.
    pub(super) fn forget_root(&self) {
        self.state().root = None;
    }

    /// Ends the run at its next turn. The first reason counts.
    pub(super) fn stop(&self, stop: Stop) {
        let mut state = self.state();
        state.stop.get_or_insert(stop);
        let root = state.root.clone();
        drop(state);
        if let Some(root) = root {
            root.wake();
        }
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        self.state().stop
    }

    pub(super) fn turns(&self) -> u64 {
        self.turns.load(Relaxed)
    }

    /// The reason to stop a run whose turns do not get it further.
    pub(super) fn why_stalled(&self, real_time: Duration) -> Stop {
        if self.parked.load(Relaxed) {
            Stop::Blocked(real_time)
        } else {
            Stop::Spinning(real_time)
        }
    }

    /// The reason to stop a run at `far`, the instant that only an answer without an end gets to.
    ///
    /// If something has happened in the second half of that time, it will go on happening.
    pub(super) fn at_the_far_end(&self, far: Duration) -> Stop {
        let quiet = self.state().last_park.map_or(far, |park| park.elapsed());
        if quiet > far / 2 {
            Stop::Idle(quiet)
        } else {
            Stop::Endless(far)
        }
    }

    /// Every change is one assignment, so a poisoned lock tells nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
