//! What is known about one run while it lasts.
//!
//! An answer can swallow a failed check or a panic. They are recorded here, where no answer can reach them.

use std::any::Any;
use std::cell::RefCell;
use std::io::Write;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use timeline::{Recorder, Timeline};

use super::activity::{Activity, Stop};
use super::panicked::Panicked;
use super::test_name::TestName;
use crate::drawn::Drawn;
use crate::failure::Failure;
use crate::report::Report;

/// The exit code of a test process that failed, as libtest's.
const FAILED: i32 = 101;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Run>>> = const { RefCell::new(None) };
}

/// One run of an answer. Threads of `spawn_blocking` know their run, too.
#[derive(Debug)]
pub(crate) struct Run {
    pub(super) test: TestName,
    pub(super) recorder: Recorder,
    pub(super) activity: Arc<Activity>,
    evidence: Mutex<Evidence>,
    /// What was drawn for it, if it is a run of a random case.
    drawn: Option<Drawn>,
    /// What the clones of each call's waker share, if it polls calls in steps. `None` for a call that has ended.
    calls: Mutex<Vec<Option<Weak<dyn Any + Send + Sync>>>>,
}

/// What the verdict is based on.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    pub(super) panics: Vec<Panicked>,
    pub(super) failed_check: Option<FailedCheck>,
    /// The longest time that one poll of the answer blocked the thread.
    pub(super) longest_poll: Duration,
    pub(super) beginning: Option<Timeline>,
    pub(super) circumstances: Option<Circumstances>,
    /// What is reported if a call or a thread never returns.
    pub(super) if_blocked: Option<Failure>,
    /// Whether threads of the system have had a part in it.
    pub(super) waits_for_threads: bool,
}

/// The first failed check of a run.
#[derive(Debug)]
pub(super) struct FailedCheck {
    pub(super) failure: Failure,
    pub(super) at: &'static Location<'static>,
    pub(super) timeline: Timeline,
    pub(super) panics_before: usize,
}

/// What the grader did to the future under test, as the first sentence of a report, and the timeline up to
/// that point.
#[derive(Debug, Clone)]
pub(crate) struct Circumstances {
    pub(crate) sentence: String,
    pub(crate) timeline: Timeline,
}

impl Run {
    /// `closure` is the type name of the test's closure, `grader` the source file of the test.
    pub(crate) fn new(closure: &str, grader: &'static str) -> Arc<Self> {
        Self::with(closure, grader, None)
    }

    /// As `new`, with what is drawn while it lasts.
    pub(crate) fn of_case(closure: &str, grader: &'static str, drawn: Drawn) -> Arc<Self> {
        Self::with(closure, grader, Some(drawn))
    }

    fn with(closure: &str, grader: &'static str, drawn: Option<Drawn>) -> Arc<Self> {
        Arc::new(Self {
            test: TestName::new(closure, grader),
            recorder: Recorder::new(),
            activity: Arc::default(),
            evidence: Mutex::default(),
            drawn,
            calls: Mutex::default(),
        })
    }

    /// The run that this thread works for.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT
            .try_with(|run| run.try_borrow().ok()?.clone())
            .ok()?
    }

    /// Records a failed check, and ends the run at the next opportunity. The first failure counts.
    pub(crate) fn record_failure(&self, failure: Failure, at: &'static Location<'static>) {
        let timeline = self.timeline();
        let mut evidence = self.evidence();
        let panics_before = evidence.panics.len();
        evidence.failed_check.get_or_insert(FailedCheck {
            failure,
            at,
            timeline,
            panics_before,
        });
        drop(evidence);
        self.activity.stop(Stop::CheckFailed);
    }

    /// From here on a report begins with `circumstances`.
    pub(crate) fn set_circumstances(&self, circumstances: Circumstances) {
        self.evidence().circumstances = Some(circumstances);
    }

    /// What is reported if the poll that runs now never returns.
    pub(crate) fn set_if_blocked(&self, failure: Option<Failure>) {
        self.evidence().if_blocked = failure;
    }

    pub(super) fn if_blocked(&self) -> Option<Failure> {
        self.evidence().if_blocked.clone()
    }

    /// From here on a report depends on how threads of the system are scheduled.
    pub(crate) fn set_waits_for_threads(&self) {
        self.evidence().waits_for_threads = true;
    }

    /// From here on it polls these calls in steps, each with a waker of its own. What polls them owns one of the clones.
    pub(crate) fn set_calls(&self, wakers: impl Iterator<Item = Weak<dyn Any + Send + Sync>>) {
        *self.calls() = wakers.map(Some).collect();
    }

    /// This call was dropped or is ready.
    pub(crate) fn call_ended(&self, call: usize) {
        self.calls()[call] = None;
    }

    /// For each call, whether its waker is stored. `None` for one that has ended.
    pub(super) fn stored_wakers(&self) -> Vec<Option<bool>> {
        let calls = self.calls();
        let stored = |waker: &Option<Weak<_>>| waker.as_ref().map(|waker| waker.strong_count() > 1);
        calls.iter().map(stored).collect()
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Option<Weak<dyn Any + Send + Sync>>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn timeline(&self) -> Timeline {
        self.recorder.timeline()
    }

    /// The timeline of the first steps, which show enough of an answer that never ends.
    pub(crate) fn beginning(&self) -> Timeline {
        let beginning = self.evidence().beginning.take();
        beginning.unwrap_or_else(|| self.timeline())
    }

    pub(super) fn record_panic(&self, panicked: Panicked) {
        self.evidence().panics.push(panicked);
    }

    pub(super) fn record_poll(&self, time: Duration) {
        let mut evidence = self.evidence();
        evidence.longest_poll = evidence.longest_poll.max(time);
    }

    /// Where the first panic was so far, and its message.
    pub(crate) fn first_panic(&self) -> Option<String> {
        Some(self.evidence().panics.first()?.sentence())
    }

    pub(super) fn take_evidence(&self) -> Evidence {
        std::mem::take(&mut *self.evidence())
    }

    /// Every change to it is complete in itself, so a poisoned lock does not matter.
    pub(super) fn evidence(&self) -> MutexGuard<'_, Evidence> {
        self.evidence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Prints the report of a run that cannot be stopped, and ends the process. If several runs do this at the
    /// same time, only the first one's report is printed.
    pub(super) fn end_process(&self, mut report: Report) -> ! {
        static ENDING: Mutex<()> = Mutex::new(());
        let _ending = ENDING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drawn) = &self.drawn {
            report.add_case(drawn.sentence(false));
        }
        let report = report.depends_on_threads(self.evidence().waits_for_threads);
        // Not eprint!: libtest would capture it, and this process has no chance to show it later. If standard
        // error is closed, the exit code still tells.
        let _ = std::io::stderr().write_all(report.printed().as_bytes());
        std::process::exit(FAILED);
    }
}

/// Keeps how the current run began. The runtime calls it on the run's thread.
pub(super) fn keep_beginning() {
    if let Some(run) = Run::current() {
        let timeline = run.timeline();
        run.evidence().beginning = Some(timeline);
    }
}

/// Makes `run`, or none, the one that this thread works for.
pub(super) fn set_current(run: Option<Arc<Run>>) {
    CURRENT.set(run);
}

/// While it lives, this thread works for a run.
pub(crate) struct Inside {
    before: Option<Arc<Run>>,
}

impl Inside {
    pub(crate) fn enter(run: &Arc<Run>) -> Self {
        Self {
            before: CURRENT.replace(Some(Arc::clone(run))),
        }
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}
