//! Stops a run whose answer does not return control of the thread.
//!
//! Nothing on the run's own thread can do that, because the runtime is inside a poll that never returns. So
//! a second thread looks at the run's activity again and again. It counts the time in which the answer computed or
//! slept, and not the time in which it waited for a processor. A late look counts for little, unless the answer has
//! slept since the look before: a process that was suspended loses looks as well. So no right answer is blamed for a
//! busy machine. Three things may go on for too long:
//!
//! - One poll of the answer takes a twentieth of the limit. That is not a hang, but it is recorded.
//! - The answer is polled again and again for a fifth of the limit, and the runtime was never idle.
//! - Nothing changes for the whole limit.
//!
//! In the last two cases the run is asked to stop. If its runtime still makes turns (the answer yields all
//! the time, or waits for a thread), the root is polled and the test fails like any other. If it does not,
//! the run cannot be stopped: the report goes to the real standard error, past libtest's capture, and the
//! process ends with code 101.
//!
//! A run that makes progress is asked to stop after three times the limit: it blocks the thread again and
//! again, or it has resumed the clock.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
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

/// A run that makes progress may take this many limits. Most take milliseconds.
const LIMITS: u32 = 3;

/// Within this time a runtime that makes turns has certainly polled its root.
const GRACE: Duration = Duration::from_secs(1);

/// Makes the report of a run that cannot be stopped, from the test's name, the limit, what the thread that runs the
/// answer does, if that is known, and the timeline.
pub(super) type HangReport = fn(&str, Duration, Option<Doing>, Timeline) -> Report;

/// Watches a run until it is dropped.
pub(super) struct Watchdog {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    pub(super) fn start(run: &Arc<Run>, report: HangReport) -> Self {
        let limit = limit();
        let (stop, stopped) = mpsc::channel::<()>();
        let run = Arc::clone(run);
        let (mut meter, processor) = (Meter::of_this_thread(), Processor::of_this_thread());
        let watch = move || {
            let looks = std::iter::from_fn(|| {
                let began = Instant::now();
                let waited = stopped.recv_timeout(PAUSE);
                let counts = meter.counts(began.elapsed(), 2 * PAUSE);
                (waited == Err(RecvTimeoutError::Timeout)).then_some(counts)
            });
            watch(&run, limit, report, &processor, looks);
        };
        let thread = std::thread::Builder::new()
            .name(WATCHDOG.to_owned())
            .spawn(watch)
            .expect("the system should have room for one more thread");
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The watchdog ends the process or returns; its result does not matter.
            let _ = thread.join();
        }
    }
}

/// `looks` has an item for each look at the run, until the run is over: the time that the look counts for.
fn watch(
    run: &Run,
    limit: Duration,
    report: HangReport,
    processor: &Processor,
    looks: impl Iterator<Item = Duration>,
) {
    let activity = &run.activity;
    let too_long_a_poll = (limit / 20).max(SHORTEST_BLOCKING);
    let grace = GRACE.max(limit / 5);
    let (mut turns, mut polls) = (activity.turns(), activity.polls());
    let (mut stalled, mut blocked, mut polled) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let (mut watched, mut parked) = (Duration::ZERO, Duration::ZERO);
    let began = processor.time();
    let (mut stalled_at, mut in_polls) = (None, Duration::ZERO);
    // For how long the poll that blocks had blocked when that was seen, and for how long its thread had computed.
    let mut block = (Duration::ZERO, None);
    for look in looks {
        watched += look;
        if activity.is_parked() {
            parked += look;
        }
        let (turns_before, polls_before) = (turns, polls);
        (turns, polls) = (activity.turns(), activity.polls());
        let same_turn = turns == turns_before;
        let same_poll = polls == polls_before && polls % 2 == 1;
        stalled = if same_turn {
            stalled + look
        } else {
            Duration::ZERO
        };
        blocked = if same_poll {
            blocked + look
        } else {
            Duration::ZERO
        };
        if !same_turn {
            in_polls = Duration::ZERO;
        } else if polls % 2 == 1 {
            in_polls += look;
        }
        if !same_turn {
            polled = Duration::ZERO;
        } else if polls != polls_before {
            polled += look;
        }
        if blocked == look {
            block = (look, processor.time());
        }
        activity.blocked_for(blocked, too_long_a_poll, || {
            let (first_look, computed) = block;
            Doing::of(since(computed, processor)?, blocked - first_look)
        });
        if polled >= limit / 5 {
            activity.stop(Stop::Spinning(limit / 5));
        }
        if stalled >= limit {
            activity.stop(activity.why_stalled(limit, in_polls, blocked));
            stalled_at = stalled_at.or_else(|| processor.time());
        }
        if watched >= limit.saturating_mul(LIMITS) {
            let slowness = slowness(watched, parked, since(began, processor));
            activity.stop(Stop::Slow(limit.saturating_mul(LIMITS), slowness));
        }
        if stalled >= limit + grace {
            let computed = since(stalled_at, processor);
            let doing = computed.and_then(|computed| Doing::of(computed, grace));
            let report = report(&run.test.path, limit, doing, run.timeline());
            run.end_process(match run.if_blocked() {
                Some(failure) => report.because_of(&failure),
                None => report,
            });
        }
    }
}

/// For how long the thread has computed since it had computed for `before`.
fn since(before: Option<Duration>, processor: &Processor) -> Option<Duration> {
    Some(processor.time()?.saturating_sub(before?))
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

    use std::time::Duration;

    use timeline::Timeline;

    use super::{Doing, LIMIT, PAUSE, Processor, Run, Slowness, Stop, slowness};
    use crate::clock::ms;
    use crate::report::Report;

    fn report(test: &str, _: Duration, _: Option<Doing>, _: Timeline) -> Report {
        Report::new(test)
    }

    fn watch(run: &Run, looks: impl Iterator<Item = Duration>) {
        super::watch(run, LIMIT, report, &Processor::of_this_thread(), looks);
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
        let computes = repeat_n(PAUSE, 30).inspect(|_| {
            let until = processor.time().map(|time| time + PAUSE);
            while processor.time() < until {
                std::hint::spin_loop();
            }
        });
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
    fn polls_without_an_idle_moment_are_stopped_after_a_fifth_of_the_limit() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        let looks = |count| {
            repeat_n(PAUSE, count).inspect(|_| {
                run.activity.poll_begins();
                run.activity.poll_ends();
            })
        };
        watch(&run, looks(99));
        assert_eq!(run.activity.stopped(), None);
        watch(&run, looks(100));
        assert_eq!(run.activity.stopped(), Some(Stop::Spinning(ms(1000))));
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
        assert_eq!(run.activity.stopped(), Some(Stop::Spinning(LIMIT)));
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
}
