//! One run of an answer, from a fresh runtime to a verdict.
//!
//! The answer runs inside a root future that catches its panics and can be told to stop. What happens on the
//! way is recorded in the [`Run`], and the verdict is derived from that.

mod activity;
mod answer_polls;
mod blocking;
mod clues;
#[cfg(feature = "loom")]
mod explored;
pub(crate) mod hang;
mod known_panics;
mod panic_hook;
mod panicked;
mod state;
mod test_name;
mod threads;
mod verdict;
mod waits;
mod watchdog;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
#[cfg(feature = "loom")]
use std::sync::mpsc;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::runtime::Builder;

use self::activity::{Stop, TOO_MANY_FULL_POLLS};
use self::answer_polls::AnswerPolls;
use self::clues::Clues;
use self::verdict::Ended;
use self::watchdog::Watchdog;
#[cfg(feature = "loom")]
use crate::model::Explored;
use crate::report::Report;

#[cfg(feature = "loom")]
pub(crate) use explored::LOOM_PAGE;
pub(crate) use state::{Circumstances, Inside, Run};
pub(crate) use threads::Sleeper;

/// An answer that never ends has been idle at so many instants by now. Its timeline so far is worth a look.
const FIRST_INSTANTS: u64 = 7;

/// A test, or the part of one that a run is about.
pub(crate) type Body<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// Fails the test if its run ended with a report.
pub(crate) fn pass(verdict: Result<(), Box<Report>>) {
    if let Err(report) = verdict {
        report.fail();
    }
}

impl Run {
    /// Runs `body` to its end, however it ends.
    ///
    /// The body is boxed, so that the runtime is compiled once instead of for every test of a grader: that
    /// is what a learner waits for after each save.
    pub(crate) fn play(self: &Arc<Self>, body: Body<'_>) -> Result<(), Box<Report>> {
        self.play_on(&mut self.runtime(), body)
    }

    /// Like [`play`](Self::play), on a runtime that polls the root between any two polls of tasks, if it was woken.
    pub(crate) fn play_in_steps(self: &Arc<Self>, body: Body<'_>) -> Result<(), Box<Report>> {
        self.activity.set_in_steps();
        self.play_on(self.runtime().event_interval(1), body)
    }

    fn play_on(self: &Arc<Self>, runtime: &mut Builder, body: Body<'_>) -> Result<(), Box<Report>> {
        panic_hook::install();
        let _watchdog = Watchdog::start(self, hang::endless_poll);
        let _inside = Inside::enter(self);
        let runtime = runtime
            .build()
            .expect("a current-thread runtime without I/O needs nothing from the system");
        let ended = runtime.block_on(self.root(body));
        self.activity.forget_root();
        // A blocking job that never ends must not hold up the report. Tasks are dropped here.
        runtime.shutdown_background();
        verdict::of(self, ended)
    }

    /// Has the interleavings of a model tried, on a thread of their own. `search` sends how that ended, unless it is lost.
    /// `tried` tells how many interleavings have begun.
    #[cfg(feature = "loom")]
    pub(crate) fn explore(
        self: &Arc<Self>,
        search: impl FnOnce(mpsc::Sender<Explored>) + Send + 'static,
        tried: impl Fn() -> usize,
    ) -> Result<(), Box<Report>> {
        panic_hook::install();
        let _watchdog = Watchdog::start(self, explored::endless_step);
        let (ended, end) = mpsc::channel();
        let run = Arc::clone(self);
        std::thread::spawn(move || {
            let _inside = Inside::enter(&run);
            search(ended);
        });
        explored::verdict(self, end.recv().unwrap_or(Explored::Lost), tried())
    }

    /// Called when another interleaving begins. Returns whether it should be tried.
    #[cfg(feature = "loom")]
    pub(crate) fn next_interleaving(&self) -> bool {
        self.activity.unpark();
        self.activity.stopped().is_none()
    }

    fn runtime(self: &Arc<Self>) -> Builder {
        // The recorder's clock holds the runtime's handle, so the runtime's hooks must not hold the run.
        let (parking, unparking) = (Arc::clone(&self.activity), Arc::clone(&self.activity));
        let run = Arc::downgrade(self);
        let mut runtime = Builder::new_current_thread();
        runtime
            .enable_time()
            .start_paused(true)
            .on_thread_park(move || {
                if parking.park() == Some(FIRST_INSTANTS) {
                    state::keep_beginning();
                }
            })
            .on_thread_unpark(move || unparking.unpark())
            .on_thread_start(move || state::set_current(run.upgrade()))
            .on_thread_stop(|| state::set_current(None));
        runtime
    }

    /// Whether the root is to be polled when the runtime stops being idle, whatever was woken.
    pub(crate) fn wake_root_after_idling(&self, wake: bool) {
        self.activity.wake_root_after_idling(wake);
    }

    /// Lets the run take days of virtual time.
    pub(crate) fn set_takes_days(&self) {
        self.activity.set_takes_days();
    }

    /// Lets the run take as long as tests do that give each of their waits a limit of days.
    pub(crate) fn set_runs_tests(&self) {
        self.activity.set_runs_tests();
    }

    async fn root(&self, mut body: Body<'_>) -> Ended {
        let _recording = self.recorder.install();
        // Outside the cooperative budget: a timer that has used up its budget would wake the root, and the
        // answer would see polls that it did not ask for.
        let started = tokio::time::Instant::now();
        let at = |limit| tokio::task::unconstrained(tokio::time::sleep_until(started + limit));
        let mut limit = self.activity.limit();
        let mut far = pin!(at(limit));
        let mut polls = AnswerPolls::default();
        let ended = std::future::poll_fn(|cx| {
            self.activity.root_polled(cx.waker());
            if far.as_mut().poll(cx).is_ready() {
                self.activity.stop(self.activity.why_far());
            }
            let polled = self.poll_answer(body.as_mut(), &mut polls, cx);
            if limit != self.activity.limit() {
                limit = self.activity.limit();
                far.set(at(limit));
                // It is not ready: this sets its timer.
                let _ = far.as_mut().poll(cx);
            }
            polled
        })
        .await;
        // Its destructors may panic, but all that the verdict needs is known by now.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(body)));
        ended
    }

    fn poll_answer(
        &self,
        answer: Pin<&mut (dyn Future<Output = ()> + '_)>,
        polls: &mut AnswerPolls,
        cx: &mut Context<'_>,
    ) -> Poll<Ended> {
        if let Some(stop) = self.activity.stopped() {
            let clues = Box::new(Clues::gathered(self, stop, polls));
            return Poll::Ready(Ended::Stopped(clues));
        }
        let began = Instant::now();
        let waker = polls.begins(cx.waker());
        self.activity.poll_begins();
        let polled = catch_unwind(AssertUnwindSafe(|| {
            answer.poll(&mut Context::from_waker(&waker))
        }));
        self.activity.poll_ends();
        polls.ends(polled.as_ref().ok());
        if polls.pattern().used_up_budget == TOO_MANY_FULL_POLLS {
            self.activity.stop(Stop::TooManyPolls);
        }
        self.record_poll(began.elapsed());
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) if self.activity.was_blocked() => {
                Poll::Ready(Ended::Blocking(self.timeline()))
            }
            Ok(Poll::Ready(())) => Poll::Ready(Ended::Finished),
            Err(payload) => Poll::Ready(Ended::Panicked(payload, self.timeline())),
        }
    }
}
