//! What the runtime of one run does, as seen from its hooks and from the root future.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

use tokio::time::Instant;

use super::threads::Doing;

/// Virtual time after which an answer that still waits will wait forever. No exercise takes a minute.
///
/// An hour and ten minutes, in whole slots of tokio's timer wheel (16 times 64^3 ms): the clock jumps
/// straight to such an instant. On its way to another one it would stop where the wheel's levels meet, and
/// an idle run would look as if something happened in it now and then.
pub(super) const FAR: Duration = Duration::from_millis(16 * 64 * 64 * 64);

/// The same for a run in which something takes days: 13 months, in whole slots of another level of the wheel.
const VERY_FAR: Duration = Duration::from_millis(32 * 64 * 64 * 64 * 64 * 64);

/// The same for a run of tests, each of whose many waits may have a limit of days: 100 years, in whole turns of the wheel.
const TOO_FAR_FOR_TESTS: Duration = Duration::from_millis(46 * 64 * 64 * 64 * 64 * 64 * 64);

/// A run whose clock advances this often is in an endless loop. The graders need a thousand.
const TOO_MANY_PARKS: u64 = 10_000;

/// The same for a run of tests, which may try hundreds of cases.
const TOO_MANY_PARKS_FOR_TESTS: u64 = 200_000;

/// An answer that is polled more often than this without an idle moment is in an endless loop. The graders need a few
/// thousand polls.
pub(super) const TOO_MANY_POLLS: u64 = 200_000;

/// The same for polls that use up tokio's budget, each of which takes as long as many others.
pub(super) const TOO_MANY_FULL_POLLS: u64 = 20_000;

/// The signs of life of one run.
#[derive(Debug, Default)]
pub(super) struct Activity {
    /// How often the runtime became idle or stopped being idle.
    turns: AtomicU64,
    /// How often the runtime became idle.
    parks: AtomicU64,
    parked: AtomicBool,
    /// How often a poll of the answer began or ended: odd during a poll.
    polls: AtomicU64,
    /// The same when the runtime became idle for the last time.
    polls_before_park: AtomicU64,
    blocked: AtomicBool,
    wake_root_after_idling: AtomicBool,
    in_steps: AtomicBool,
    takes_days: AtomicBool,
    runs_tests: AtomicBool,
    /// For how long one poll of the answer has blocked the thread at most, in milliseconds.
    longest_block: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The virtual instants at which the runtime was idle for the first and for the last time.
    first_park: Option<Instant>,
    last_park: Option<Instant>,
    /// At how many instants the runtime was idle.
    instants: u64,
    root: Option<Waker>,
    stop: Option<Stop>,
    blocked_doing: Option<Doing>,
}

/// Why a run ends before its answer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// A check failed, perhaps where its unwinding is swallowed.
    CheckFailed,
    /// Nothing has happened for this long.
    Idle(Duration),
    /// Timers go on and on; the clock has advanced by this much.
    Endless(Duration),
    /// There were so many polls, and virtual time stands still.
    TooManyPolls,
    /// Polls went on for the whole limit in real time, and virtual time stands still.
    Spinning,
    /// One poll of the answer took this long, and has returned.
    LongPoll(Duration),
    /// Spawned tasks keep the runtime busy, and virtual time stands still.
    BusyTasks(Duration),
    /// The runtime waits for a thread that does not return.
    WaitingForThread(Duration),
    /// It makes progress, but takes this much real time. What took most of that, if it is known.
    Slow(Duration, Option<Slowness>),
}

/// What a slow run spends real time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slowness {
    /// The thread that runs the answer does this, and the runtime does not wait.
    Thread(Doing),
    /// The runtime waits for blocking jobs.
    Jobs,
}

impl Activity {
    /// Called when the runtime becomes idle, before the clock advances. Returns at how many instants that has
    /// happened, if this is the first time at this one. (A runtime may park twice before the clock advances.)
    pub(super) fn park(&self) -> Option<u64> {
        self.turns.fetch_add(1, Relaxed);
        self.parked.store(true, Relaxed);
        let parks = self.parks.fetch_add(1, Relaxed) + 1;
        self.polls_before_park.store(self.polls(), Relaxed);
        let now = Instant::now();
        let mut state = self.state();
        let first = *state.first_park.get_or_insert(now);
        let is_new = state.last_park.replace(now) != Some(now);
        state.instants += u64::from(is_new);
        let instants = state.instants;
        drop(state);
        let most = if self.runs_tests.load(Relaxed) {
            TOO_MANY_PARKS_FOR_TESTS
        } else {
            TOO_MANY_PARKS
        };
        if parks == most {
            self.stop(Stop::Endless(now - first));
        }
        is_new.then_some(instants)
    }

    pub(super) fn unpark(&self) {
        self.turns.fetch_add(1, Relaxed);
        self.parked.store(false, Relaxed);
        if self.wake_root_after_idling.load(Relaxed) {
            self.wake_root();
        }
    }

    pub(super) fn wake_root_after_idling(&self, wake: bool) {
        self.wake_root_after_idling.store(wake, Relaxed);
    }

    /// Called if the root polls several calls, in steps.
    pub(super) fn set_in_steps(&self) {
        self.in_steps.store(true, Relaxed);
    }

    pub(super) fn is_in_steps(&self) -> bool {
        self.in_steps.load(Relaxed)
    }

    /// Called if something in the run takes days of virtual time.
    pub(super) fn set_takes_days(&self) {
        self.takes_days.store(true, Relaxed);
    }

    /// Called if the run is one of a learner's tests.
    pub(super) fn set_runs_tests(&self) {
        self.runs_tests.store(true, Relaxed);
    }

    /// The virtual time after which the run is stopped.
    pub(super) fn limit(&self) -> Duration {
        if self.runs_tests.load(Relaxed) {
            TOO_FAR_FOR_TESTS
        } else if self.takes_days.load(Relaxed) {
            VERY_FAR
        } else {
            FAR
        }
    }

    pub(super) fn is_parked(&self) -> bool {
        self.parked.load(Relaxed)
    }

    /// Called in every poll of the root, with the waker that causes the next one.
    ///
    /// It does not count as a turn: an answer that yields forever is polled all the time and makes no
    /// progress.
    pub(super) fn root_polled(&self, waker: &Waker) {
        let mut state = self.state();
        match &mut state.root {
            Some(root) => root.clone_from(waker),
            root => *root = Some(waker.clone()),
        }
    }

    pub(super) fn poll_begins(&self) {
        let before = self.polls.fetch_add(1, Relaxed);
        if before - self.polls_before_park.load(Relaxed) >= 2 * TOO_MANY_POLLS {
            self.stop(Stop::TooManyPolls);
        }
    }

    pub(super) fn poll_ends(&self) {
        self.polls.fetch_add(1, Relaxed);
    }

    /// How often a poll of the answer began or ended: odd during a poll.
    pub(super) fn polls(&self) -> u64 {
        self.polls.load(Relaxed)
    }

    /// Records that a poll has blocked the thread for `time` so far. `too_long` tells whether that is longer than any
    /// computation of an answer takes, and what the thread does.
    pub(super) fn blocked_for(
        &self,
        time: Duration,
        too_long: impl FnOnce() -> Option<Option<Doing>>,
    ) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let longest_before = self.longest_block.fetch_max(millis, Relaxed);
        if let Some(doing) = too_long() {
            self.blocked.store(true, Relaxed);
            if millis > longest_before {
                self.state().blocked_doing = doing;
            }
        }
    }

    /// What the thread did in the poll that blocked it longest, if that is known.
    pub(super) fn blocked_doing(&self) -> Option<Doing> {
        self.state().blocked_doing
    }

    /// For how long one poll has blocked the thread at most, as far as it was seen.
    pub(super) fn longest_block(&self) -> Duration {
        Duration::from_millis(self.longest_block.load(Relaxed))
    }

    pub(super) fn was_blocked(&self) -> bool {
        self.blocked.load(Relaxed)
    }

    /// Drops the root's waker: it refers to the runtime, whose hooks hold this.
    pub(super) fn forget_root(&self) {
        self.state().root = None;
    }

    /// Ends the run at the next poll of its root. The first reason counts.
    pub(super) fn stop(&self, stop: Stop) {
        self.state().stop.get_or_insert(stop);
        self.wake_root();
    }

    fn wake_root(&self) {
        let root = self.state().root.clone();
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

    /// The reason to stop a run in which the runtime takes no turns. For `in_polls` of that time the answer was being
    /// polled, and for `in_one` it was the same poll.
    pub(super) fn why_stalled(
        &self,
        real_time: Duration,
        in_polls: Duration,
        in_one: Duration,
    ) -> Stop {
        if self.is_parked() {
            Stop::WaitingForThread(real_time)
        } else if in_one * 10 >= real_time * 9 {
            Stop::LongPoll(real_time)
        } else if in_polls * 5 >= real_time {
            Stop::Spinning
        } else {
            Stop::BusyTasks(real_time)
        }
    }

    /// The reason to stop a run at its [`limit`](Self::limit), which only an answer that never ends reaches.
    ///
    /// If something happened at the end of that time, it will go on happening.
    pub(super) fn why_far(&self) -> Stop {
        let limit = self.limit();
        let end = if limit == FAR { FAR / 2 } else { 24 * FAR };
        let quiet = self.state().last_park.map_or(limit, |park| park.elapsed());
        if quiet > end {
            Stop::Idle(quiet)
        } else {
            Stop::Endless(limit)
        }
    }

    /// Every change is one assignment, so a poisoned lock does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
