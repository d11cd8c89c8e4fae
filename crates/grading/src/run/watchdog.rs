//! Ends a run whose answer does not give the thread back.
//!
//! Nothing on the run's own thread can do that: the runtime is inside a poll that never returns. So a
//! second thread looks at the run's pulse, twenty times in the time limit. It counts looks at an
//! unchanged pulse, not time: a process that was suspended, or a machine that is busy elsewhere, loses
//! looks as well, and an innocent answer is not blamed.
//!
//! A run whose pulse stands still is asked to stop. If its runtime still turns (the answer yields all
//! the time, or waits for a thread), the root is polled and the test fails like any other. If it does
//! not answer, nothing can be saved: the report goes to the real standard error, past libtest's
//! capture, and the process ends with code 101.

use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::{Run, hang};

const VARIABLE: &str = "GRADING_POLL_LIMIT";
const LIMIT: Duration = Duration::from_secs(5);
const LOOKS: u32 = 20;

/// The time in which a runtime that turns has surely polled its root.
const GRACE: Duration = Duration::from_secs(1);

/// What a test process that failed ends with, libtest's too.
const FAILED: i32 = 101;

/// Watches a run until it is dropped.
pub(super) struct Watchdog {
    calls_off: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    pub(super) fn start(run: &Arc<Run>) -> Self {
        let limit = limit();
        let (calls_off, called_off) = mpsc::channel::<()>();
        let run = Arc::clone(run);
        let watch = move || {
            let looks = std::iter::from_fn(|| {
                let waited = called_off.recv_timeout(limit / LOOKS);
                (waited == Err(RecvTimeoutError::Timeout)).then_some(())
            });
            watch(&run, limit, looks);
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

/// One item of `looks` for each look at the pulse, until the run is over.
fn watch(run: &Run, limit: Duration, looks: impl Iterator<Item = ()>) {
    let pause = limit / LOOKS;
    let grace = GRACE.max(limit / 5).as_nanos().div_ceil(pause.as_nanos());
    let mut last = run.pulse.turns();
    let mut unchanged: u128 = 0;
    for () in looks {
        let turns = run.pulse.turns();
        unchanged = if turns == last { unchanged + 1 } else { 0 };
        last = turns;
        if unchanged == u128::from(LOOKS) {
            run.pulse.stop(run.pulse.why_stalled(limit));
        }
        if unchanged == u128::from(LOOKS) + grace {
            end_process(run, limit);
        }
    }
}

/// Prints the report and ends the process. Of several runs that hang the first one has the last word.
fn end_process(run: &Run, limit: Duration) -> ! {
    static LAST_WORD: Mutex<()> = Mutex::new(());
    let _last_word = LAST_WORD.lock().unwrap_or_else(PoisonError::into_inner);
    let report = hang::no_return(&run.place.test, limit, run.timeline());
    // Not eprint!: libtest would capture it, and this process has no chance to show it later. If the
    // standard error is closed, the exit code still tells.
    let _ = std::io::stderr().write_all(report.to_string().as_bytes());
    std::process::exit(FAILED);
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
