//! Ends a run whose answer does not give the thread back.
//!
//! Nothing on the run's own thread can do that: the runtime is inside a poll that never returns. So a
//! second thread looks at the run's pulse, again and again, and counts looks, not time: a process that
//! was suspended, or a machine that is busy elsewhere, loses looks as well, and an innocent answer is
//! not blamed. Three things may stand still for too long:
//!
//! - One poll of the answer goes on for a twentieth of the limit. That is no hang, but it is noted.
//! - The answer is polled again and again for a fifth of the limit, and the runtime was never idle.
//! - Nothing changes for the whole limit.
//!
//! In the last two the run is asked to stop. If its runtime still turns (the answer yields all
//! the time, or waits for a thread), the root is polled and the test fails like any other. If it does
//! not answer, nothing can be saved: the report goes to the real standard error, past libtest's
//! capture, and the process ends with code 101.
//!
//! A run that gets on is asked to stop as well, when three times the limit is over: it blocks the
//! thread again and again, or has made the clock a real one.

use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use timeline::Timeline;

use super::Run;
use super::pulse::Stop;
use crate::report::Report;

const VARIABLE: &str = "GRADING_POLL_LIMIT";
const LIMIT: Duration = Duration::from_secs(5);

/// A look counts for no more than twice the pause before it.
const PAUSE: Duration = Duration::from_millis(10);

/// No poll is too long below this, however short the limit is.
const SHORTEST_HOLD: Duration = Duration::from_millis(250);

/// So many limits are enough for any run that gets on. Most take milliseconds.
const LIMITS: u32 = 3;

/// The time in which a runtime that turns has surely polled its root.
const GRACE: Duration = Duration::from_secs(1);

/// Makes a report of a test's name, the limit and the timeline.
pub(super) type LastWord = fn(&str, Duration, Timeline) -> Report;

/// Watches a run until it is dropped.
pub(super) struct Watchdog {
    calls_off: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// `no_return` makes the report of a run that cannot be saved.
    pub(super) fn start(run: &Arc<Run>, no_return: LastWord) -> Self {
        let limit = limit();
        let (calls_off, called_off) = mpsc::channel::<()>();
        let run = Arc::clone(run);
        let watch = move || {
            let looks = std::iter::from_fn(|| {
                let began = Instant::now();
                let waited = called_off.recv_timeout(PAUSE);
                let counts = began.elapsed().min(2 * PAUSE);
                (waited == Err(RecvTimeoutError::Timeout)).then_some(counts)
            });
            watch(&run, limit, no_return, looks);
        };
        let thread = std::thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(watch)
            .expect("the system should have room for one more thread");
        Self {
            calls_off: Some(calls_off),
            thread: Some(thread),
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.calls_off.take());
        if let Some(thread) = self.thread.take() {
            // It ends the process or returns; it has nothing to say here.
            let _ = thread.join();
        }
    }
}

/// One item of `looks` for each look at the pulse, until the run is over: the time it counts for.
fn watch(run: &Run, limit: Duration, no_return: LastWord, looks: impl Iterator<Item = Duration>) {
    let pulse = &run.pulse;
    let too_long_a_poll = (limit / 20).max(SHORTEST_HOLD);
    let grace = GRACE.max(limit / 5);
    let (mut turns, mut polls) = (pulse.turns(), pulse.polls());
    let (mut stalled, mut held, mut polled) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
    let mut watched = Duration::ZERO;
    for look in looks {
        watched += look;
        let (turns_before, polls_before) = (turns, polls);
        (turns, polls) = (pulse.turns(), pulse.polls());
        let same_turn = turns == turns_before;
        let same_poll = polls == polls_before && polls % 2 == 1;
        stalled = if same_turn {
            stalled + look
        } else {
            Duration::ZERO
        };
        held = if same_poll {
            held + look
        } else {
            Duration::ZERO
        };
        if !same_turn {
            polled = Duration::ZERO;
        } else if polls != polls_before {
            polled += look;
        }
        if held >= too_long_a_poll {
            pulse.hold();
        }
        if polled >= limit / 5 {
            pulse.stop(Stop::Spinning(limit / 5));
        }
        if stalled >= limit {
            pulse.stop(pulse.why_stalled(limit));
        }
        if watched >= limit.saturating_mul(LIMITS) {
            pulse.stop(Stop::Slow(limit.saturating_mul(LIMITS)));
        }
        if stalled >= limit + grace {
            run.end_process(&no_return(&run.place.test, limit, run.timeline()));
        }
    }
}

/// The limit in real time, from the environment if it is set there.
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

    use super::{LIMIT, PAUSE, Run, Stop, watch};
    use crate::clock::ms;
    use crate::run::hang::no_return;

    #[test]
    fn a_poll_holds_the_thread_when_it_is_seen_for_250_ms() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        run.pulse.poll_begins();
        watch(&run, LIMIT, no_return, repeat_n(PAUSE, 24));
        assert!(!run.pulse.was_held());
        watch(&run, LIMIT, no_return, repeat_n(PAUSE, 25));
        assert!(run.pulse.was_held());
        assert_eq!(run.pulse.stopped(), None);
    }

    #[test]
    fn time_between_polls_holds_nothing() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        watch(&run, LIMIT, no_return, repeat_n(PAUSE, 100));
        assert!(!run.pulse.was_held());
    }

    #[test]
    fn polls_without_an_idle_moment_are_stopped_after_a_fifth_of_the_limit() {
        let run = Run::new("gather::a::b", "exercises/tests/gather.rs");
        let looks = |count| {
            repeat_n(PAUSE, count).inspect(|_| {
                run.pulse.poll_begins();
                run.pulse.poll_ends();
            })
        };
        watch(&run, LIMIT, no_return, looks(99));
        assert_eq!(run.pulse.stopped(), None);
        watch(&run, LIMIT, no_return, looks(100));
        assert_eq!(run.pulse.stopped(), Some(Stop::Spinning(ms(1000))));
        assert!(!run.pulse.was_held());
    }
}
