//! Stops a run whose answer does not return control of the thread.
//!
//! Nothing on the run's own thread can do that, because the runtime is inside a poll that never returns. So
//! a second thread looks at the activity of each run again and again. It counts the time in which the answer computed or
//! slept, and not the time in which it waited for a processor. A late look counts for little, unless the answer has
//! slept since the look before: a process that was suspended loses looks as well. So no right answer is blamed for a
//! busy machine. Two things may go on for too long:
//!
//! - One poll of the answer takes a twentieth of the limit, or a fifth if the thread computes. That is not a hang, but it
//!   is recorded.
//! - The runtime makes no turn for the whole limit. (Most busy loops are found before that, by the number of polls.)
//!
//! In the second case the run is asked to stop. If its runtime still makes turns (the answer yields all
//! the time, or waits for a thread), the root is polled and the test fails like any other. If it does not,
//! the run cannot be stopped: the report goes to the real standard error, past libtest's capture, and the
//! process ends with code 101.
//!
//! A run that makes progress is asked to stop after three times the limit: it blocks the thread again and
//! again, or it has resumed the clock.

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use timeline::Timeline;

use super::activity::{Slowness, Stop};
use super::state::Run;
use super::threads::{Doing, Meter, Processor, WATCHDOG};
use crate::report::Report;

const VARIABLE: &str = "GRADING_POLL_LIMIT";
const LIMIT: Duration = Duration::from_secs(5);

/// The pause between two looks. A look counts for no more than twice this, unless the answer is known to have slept.
const PAUSE: Duration = Duration::from_millis(10);

/// A poll that takes less than this is never too long, however short the limit is.
const SHORTEST_BLOCKING: Duration = Duration::from_millis(250);

/// How much longer a poll may compute than sleep. How long a call sleeps is the same on every machine, but how long a loop
/// over some thousand items computes is not.
const COMPUTING: u32 = 4;

/// A run that makes progress may take this many limits. Most take milliseconds.
const LIMITS: u32 = 3;

/// Within this time a runtime that makes turns has certainly polled its root.
const GRACE: Duration = Duration::from_secs(1);

/// Makes the report of a run that cannot be stopped, from the test's name, the limit, what the thread that runs the
/// answer does, if that is known, and the timeline.
pub(super) type HangReport = fn(&str, Duration, Option<Doing>, Timeline) -> Report;

static WATCHED: Watched = Watched {
    state: Mutex::new(State {
        watches: BTreeMap::new(),
        next_id: 0,
        started: false,
        waiting: false,
    }),
    added: Condvar::new(),
};

/// The runs that one thread watches. It lives as long as the process, because most runs take less time than the start
/// of a thread.
struct Watched {
    state: Mutex<State>,
    added: Condvar,
}

struct State {
    watches: BTreeMap<u64, Watch>,
    next_id: u64,
    started: bool,
    /// Whether the thread waits until there is something to watch.
    waiting: bool,
}

/// Watches a run until it is dropped.
pub(super) struct Watchdog {
    id: u64,
}

impl Watchdog {
    /// For a run on the calling thread.
    pub(super) fn start(run: &Arc<Run>, report: HangReport) -> Self {
        let watch = Watch::new(run, limit(), report);
        Self {
            id: WATCHED.add(watch),
        }
    }
}

impl Drop for Watchdog {
    /// Waits for a look that is in progress, after which there is none.
    fn drop(&mut self) {
        drop(WATCHED.remove(self.id));
    }
}

impl Watched {
    fn add(&'static self, watch: Watch) -> u64 {
        let mut state = self.state();
        if !state.started {
            std::thread::Builder::new()
                .name(WATCHDOG.to_owned())
                .spawn(|| self.look_on())
                .expect("the system should have room for one more thread");
            state.started = true;
        }
        let id = state.next_id;
        state.next_id += 1;
        state.watches.insert(id, watch);
        if state.waiting {
            self.added.notify_one();
        }
        id
    }

    fn remove(&self, id: u64) -> Option<Watch> {
        self.state().watches.remove(&id)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "it watches real time, on a thread of its own"
    )]
    fn look_on(&self) {
        loop {
            std::thread::sleep(PAUSE);
            let mut state = self.state();
            while state.watches.is_empty() {
                state.waiting = true;
                let woken = self.added.wait(state);
                state = woken.unwrap_or_else(PoisonError::into_inner);
                state.waiting = false;
            }
            state.watches.values_mut().for_each(Watch::look_now);
        }
    }

    /// Every change is one insertion or removal, so a poisoned lock does not matter.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the looks at one run have seen.
struct Watch {
    run: Arc<Run>,
    limit: Duration,
    report: HangReport,
    meter: Meter,
    processor: Processor,
    last_look: Instant,
    turns: u64,
    polls: u64,
    /// For how long the runtime has made no turn.
    stalled: Duration,
    /// For how long the thread had computed when the run was asked to stop because of that.
    stalled_at: Option<Duration>,
    /// For how long one poll has lasted.
    blocked: Duration,
    /// For how long that poll had lasted when it was first seen, and for how long its thread had computed.
    block_seen: (Duration, Option<Duration>),
    /// For how much of the time without a turn the answer was in a poll.
    in_polls: Duration,
    watched: Duration,
    /// For how much of that time the runtime was parked.
    parked: Duration,
    /// For how long the thread had computed at the first look.
    computed_before: Option<Duration>,
}

impl Watch {
    fn new(run: &Arc<Run>, limit: Duration, report: HangReport) -> Self {
        Self {
            run: Arc::clone(run),
            limit,
            report,
            meter: Meter::of_this_thread(),
            processor: Processor::of_this_thread(),
            last_look: Instant::now(),
            turns: run.activity.turns(),
            polls: run.activity.polls(),
            stalled: Duration::ZERO,
            stalled_at: None,
            blocked: Duration::ZERO,
            block_seen: (Duration::ZERO, None),
            in_polls: Duration::ZERO,
            watched: Duration::ZERO,
            parked: Duration::ZERO,
            computed_before: None,
        }
    }

    /// Most runs are over before there is a first look, and cost none.
    fn look_now(&mut self) {
        let time = self.last_look.elapsed();
        if time >= PAUSE {
            self.last_look = Instant::now();
            let counts = self.meter.counts(time, 2 * PAUSE);
            self.look(counts);
        }
    }

    /// Looks at the run, and acts on what it sees. The look counts for `time`.
    fn look(&mut self, time: Duration) {
        let activity = &self.run.activity;
        let (turns_before, polls_before) = (self.turns, self.polls);
        (self.turns, self.polls) = (activity.turns(), activity.polls());
        let same_turn = self.turns == turns_before;
        let is_in_poll = self.polls % 2 == 1;
        let same_poll = self.polls == polls_before && is_in_poll;
        let longer = |so_far: Duration, lasts| if lasts { so_far + time } else { Duration::ZERO };
        if self.watched.is_zero() {
            self.computed_before = self.processor.time();
        }
        self.watched += time;
        if activity.is_parked() {
            self.parked += time;
        }
        self.stalled = longer(self.stalled, same_turn);
        self.blocked = longer(self.blocked, same_poll);
        if self.blocked == time {
            self.block_seen = (time, self.processor.time());
        }
        if !same_turn {
            self.in_polls = Duration::ZERO;
        } else if is_in_poll {
            self.in_polls += time;
        }
        self.act();
    }

    fn act(&mut self) {
        let (activity, limit) = (&self.run.activity, self.limit);
        activity.blocked_for(self.blocked, || self.too_long());
        if self.stalled >= limit {
            activity.stop(activity.why_stalled(limit, self.in_polls, self.blocked));
            self.stalled_at = self.stalled_at.or_else(|| self.processor.time());
        }
        if self.watched >= limit.saturating_mul(LIMITS) {
            let computed = self.computed_since(self.computed_before);
            let slowness = slowness(self.watched, self.parked, computed);
            activity.stop(Stop::Slow(limit.saturating_mul(LIMITS), slowness));
        }
        let grace = GRACE.max(limit / 5);
        if self.stalled >= limit + grace {
            self.end_process(grace);
        }
    }

    /// Whether the poll has lasted too long, and what the thread does in it, if that is known.
    fn too_long(&self) -> Option<Option<Doing>> {
        let shortest = (self.limit / 20).max(SHORTEST_BLOCKING);
        if self.blocked < shortest {
            return None;
        }
        let (first_look, computed_before) = self.block_seen;
        let Some(computed) = self.computed_since(computed_before) else {
            return Some(None);
        };
        let doing = Doing::of(computed, self.blocked - first_look);
        let limit = match doing {
            Some(Doing::Sleeping) => shortest,
            Some(Doing::Computing) | None => shortest * COMPUTING,
        };
        (self.blocked >= limit).then_some(doing)
    }

    fn end_process(&self, grace: Duration) -> ! {
        let run = &self.run;
        let computed = self.computed_since(self.stalled_at);
        let doing = computed.and_then(|computed| Doing::of(computed, grace));
        let report = (self.report)(&run.test.path, self.limit, doing, run.timeline());
        run.end_process(match run.if_blocked() {
            Some(failure) => report.because_of(&failure),
            None => report,
        })
    }

    /// For how long the thread has computed since it had computed for `before`.
    fn computed_since(&self, before: Option<Duration>) -> Option<Duration> {
        Some(self.processor.time()?.saturating_sub(before?))
    }
}

/// What a run spent most of its time on, of which the runtime was parked for a part.
fn slowness(time: Duration, parked: Duration, computed: Option<Duration>) -> Option<Slowness> {
    if parked * 5 >= time * 4 {
        Some(Slowness::Jobs)
    } else if parked * 5 <= time {
        Doing::of(computed?, time).map(Slowness::Thread)
    } else {
        None
    }
}

/// The limit in real time, which the environment may set.
fn limit() -> Duration {
    let Ok(seconds) = std::env::var(VARIABLE) else {
        return LIMIT;
    };
    match seconds.parse().map(Duration::try_from_secs_f64) {
        Ok(Ok(limit)) if limit >= Duration::from_millis(100) => limit,
        _ => panic!("{VARIABLE} should be a number of seconds, 0.1 or more; it is {seconds:?}."),
    }
}

#[cfg(test)]
mod tests {
    use std::iter::repeat_n;
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use timeline::Timeline;

    use super::super::activity::TOO_MANY_POLLS;
    use super::{
        Doing, LIMIT, PAUSE, Processor, Run, Slowness, Stop, WATCHED, Watch, Watchdog, slowness,
    };
    use crate::clock::ms;
    use crate::report::Report;

    fn report(test: &str, _: Duration, _: Option<Doing>, _: Timeline) -> Report {
        Report::new(test)
    }

    /// A watch that has had these looks.
    fn watch(run: &Arc<Run>, looks: impl Iterator<Item = Duration>) {
        let mut watch = Watch::new(run, LIMIT, report);
        looks.for_each(|look| watch.look(look));
    }

    #[test]
    fn a_poll_blocks_the_thread_when_it_is_seen_for_250_ms() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        watch(&run, repeat_n(PAUSE, 24));
        assert!(!run.activity.was_blocked());
        watch(&run, repeat_n(PAUSE, 25));
        assert!(run.activity.was_blocked());
        assert_eq!(run.activity.stopped(), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_poll_that_computes_is_told_from_one_that_sleeps() {
        let processor = Processor::of_this_thread();
        let computes = repeat_n(PAUSE, 100).inspect(|_| {
            let until = processor.time().map(|time| time + PAUSE);
            while processor.time() < until {
                std::hint::spin_loop();
            }
        });
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        watch(&run, computes.clone().take(99));
        assert!(!run.activity.was_blocked());
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        watch(&run, computes);
        assert_eq!(run.activity.blocked_doing(), Some(Doing::Computing));
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        watch(&run, repeat_n(PAUSE, 30));
        assert_eq!(run.activity.blocked_doing(), Some(Doing::Sleeping));
    }

    #[test]
    fn time_between_polls_is_not_blocking() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        watch(&run, repeat_n(PAUSE, 100));
        assert!(!run.activity.was_blocked());
    }

    #[test]
    fn a_runtime_that_is_busy_without_polls_of_the_answer_polls_tasks_or_is_in_one_poll() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        watch(&run, repeat_n(PAUSE, 500));
        assert_eq!(run.activity.stopped(), Some(Stop::BusyTasks(LIMIT)));
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        watch(&run, repeat_n(PAUSE, 500));
        assert_eq!(run.activity.stopped(), Some(Stop::LongPoll(LIMIT)));
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.activity.poll_begins();
        let in_long_polls = (1..=500).map(|look| {
            if look % 100 == 0 {
                run.activity.poll_ends();
                run.activity.poll_begins();
            }
            PAUSE
        });
        watch(&run, in_long_polls);
        assert_eq!(run.activity.stopped(), Some(Stop::Spinning));
    }

    #[test]
    fn too_many_polls_without_an_idle_moment_are_stopped_by_their_number() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        let poll = |count| {
            for _ in 0..count {
                run.activity.poll_begins();
                run.activity.poll_ends();
            }
        };
        poll(TOO_MANY_POLLS);
        assert_eq!(run.activity.stopped(), None);
        poll(1);
        assert_eq!(run.activity.stopped(), Some(Stop::TooManyPolls));
    }

    #[test]
    fn a_slow_run_is_explained_by_what_took_most_of_its_time() {
        let time = ms(1000);
        let computed = |time| slowness(ms(1000), ms(0), Some(time));
        assert_eq!(computed(ms(900)), Some(Slowness::Thread(Doing::Computing)));
        assert_eq!(computed(ms(9)), Some(Slowness::Thread(Doing::Sleeping)));
        assert_eq!(computed(ms(500)), None);
        assert_eq!(slowness(time, ms(900), Some(ms(9))), Some(Slowness::Jobs));
        assert_eq!(slowness(time, ms(500), Some(ms(9))), None);
        assert_eq!(slowness(time, ms(0), None), None);
    }

    #[test]
    fn a_run_is_watched_until_it_is_over() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        let watchdog = Watchdog::start(&run, report);
        let id = watchdog.id;
        assert!(WATCHED.state().watches.contains_key(&id));
        drop(watchdog);
        assert!(!WATCHED.state().watches.contains_key(&id));
    }

    #[test]
    fn several_runs_are_watched_at_once() {
        let runs = [1, 2].map(|_| Run::new("gather::a::b", "exercises/tests/gather.rs"));
        let _watchdogs = runs.each_ref().map(|run| Watchdog::start(run, report));
        for run in &runs {
            run.activity.poll_begins();
        }
        let began = Instant::now();
        while runs
            .iter()
            .any(|run| run.activity.longest_block().is_zero())
        {
            assert!(began.elapsed() < Duration::from_secs(60));
        }
    }
}
