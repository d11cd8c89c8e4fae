//! One run of an answer, from a fresh runtime to a verdict.
//!
//! The answer runs inside a root future that catches its panics and can be told to stop. What must
//! not be lost when an answer swallows it (a miss, a panic) is remembered in the [`Run`], which the
//! thread knows while the run lasts.

#[cfg(feature = "loom")]
mod explored;
pub(crate) mod hang;
mod long_poll;
mod panics;
mod place;
mod pulse;
mod verdict;
mod watchdog;

use std::any::Any;
use std::cell::RefCell;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
#[cfg(feature = "loom")]
use std::sync::mpsc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use timeline::{Recorder, Timeline};
use tokio::runtime::{Builder, Runtime};

use crate::failure::Failure;
use crate::report::Report;
#[cfg(feature = "loom")]
pub(crate) use explored::{Explored, TOOL, YIELDED};
use panics::Panicked;
use place::Place;
use pulse::{Pulse, Stop};
use watchdog::Watchdog;

/// Virtual time after which an answer that still waits will wait for ever. No exercise takes a minute.
///
/// An hour and ten minutes, in whole slots of tokio's timer wheel (16 times 64^3 ms): the clock jumps
/// straight to such an instant. On its way to an odd one it would stop where the wheel's levels meet,
/// and an idle run would look like one in which now and then something happens.
const FAR: Duration = Duration::from_millis(16 * 64 * 64 * 64);

/// An answer that never ends has moved the clock this often by now: its beginning is worth a look.
const FIRST_STEPS: u64 = 12;

/// What a test process that failed ends with, libtest's too.
const FAILED: i32 = 101;

thread_local! {
    static CURRENT: RefCell<Option<Arc<Run>>> = const { RefCell::new(None) };
}

/// What is known about one run. Threads of `spawn_blocking` know their run, too.
#[derive(Debug)]
pub(crate) struct Run {
    place: Place,
    recorder: Recorder,
    pulse: Arc<Pulse>,
    seen: Mutex<Seen>,
}

/// What an answer cannot make unseen.
#[derive(Debug, Default)]
struct Seen {
    panics: Vec<Panicked>,
    miss: Option<Missed>,
    /// The longest that one poll of the answer held the thread.
    held: Duration,
    first_steps: Option<Timeline>,
    scene: Option<Scene>,
}

/// The first miss of a run.
#[derive(Debug)]
struct Missed {
    miss: Failure,
    timeline: Timeline,
    panics_before: usize,
}

/// What was done to the future under test, for the first line of a report, and the timeline up to it.
#[derive(Debug, Clone)]
pub(crate) struct Scene {
    pub(crate) said: String,
    pub(crate) timeline: Timeline,
}

/// A test, or what else a run is about.
pub(crate) type Body<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// How the root future ended.
enum Ended {
    Finished,
    /// As it should, but a poll held the thread for long.
    Held(Timeline),
    Panicked(Box<dyn Any + Send>, Timeline),
    Stopped(Stop, Timeline),
}

impl Run {
    /// `closure`: the type name of the test's closure. `grader`: the source file of the test.
    pub(crate) fn new(closure: &str, grader: &'static str) -> Arc<Self> {
        Arc::new(Self {
            place: Place::new(closure, grader),
            recorder: Recorder::new(),
            pulse: Arc::default(),
            seen: Mutex::default(),
        })
    }

    /// The run that this thread works for.
    pub(crate) fn current() -> Option<Arc<Self>> {
        CURRENT
            .try_with(|run| run.try_borrow().ok()?.clone())
            .ok()?
    }

    /// Runs `body` to its end, whatever that is.
    ///
    /// It is boxed, so that the runtime is compiled once and not for every test of a grader: that is what a
    /// learner waits for after each save.
    pub(crate) fn play(self: &Arc<Self>, body: Body<'_>) -> Result<(), Box<Report>> {
        panics::remember_inside_runs();
        let _watchdog = Watchdog::start(self, hang::no_return);
        let _inside = Inside::enter(self);
        let runtime = self.runtime();
        let ended = runtime.block_on(self.root(body));
        self.pulse.forget_root();
        // A blocking job that never ends must not hold up the report. Tasks are dropped here.
        runtime.shutdown_background();
        verdict::of(self, ended)
    }

    /// Has the orders of a model tried, on a thread of their own. `orders` sends how that ended; if it ends without
    /// a word, loom has given up. `tried` gives how many have begun.
    #[cfg(feature = "loom")]
    pub(crate) fn explore(
        self: &Arc<Self>,
        orders: impl FnOnce(mpsc::Sender<Explored>) + Send + 'static,
        tried: impl Fn() -> usize,
    ) -> Result<(), Box<Report>> {
        panics::remember_inside_runs();
        let _watchdog = Watchdog::start(self, explored::no_return);
        let (ended, end) = mpsc::channel();
        let run = Arc::clone(self);
        std::thread::spawn(move || {
            let _inside = Inside::enter(&run);
            orders(ended);
        });
        explored::verdict(
            self,
            end.recv().unwrap_or(Explored::Failed { at_a_lock: false }),
            tried(),
        )
    }

    /// Called when another order begins. Whether it is worth trying.
    #[cfg(feature = "loom")]
    pub(crate) fn goes_on(&self) -> bool {
        self.pulse.unpark();
        self.pulse.stopped().is_none()
    }

    /// Remembers a miss, and ends the run at the next chance. The first one counts.
    pub(crate) fn remember_miss(&self, miss: Failure) {
        let timeline = self.timeline();
        let mut seen = self.seen();
        let panics_before = seen.panics.len();
        seen.miss.get_or_insert(Missed {
            miss,
            timeline,
            panics_before,
        });
        drop(seen);
        self.pulse.stop(Stop::Missed);
    }

    /// From here on a report begins with `scene`.
    pub(crate) fn set_scene(&self, scene: Scene) {
        self.seen().scene = Some(scene);
    }

    pub(crate) fn timeline(&self) -> Timeline {
        self.recorder.timeline()
    }

    /// The timeline of the first steps: enough of an answer that never ends.
    pub(crate) fn beginning(&self) -> Timeline {
        let first_steps = self.seen().first_steps.take();
        first_steps.unwrap_or_else(|| self.timeline())
    }

    fn remember_panic(&self, panicked: Panicked) {
        self.seen().panics.push(panicked);
    }

    /// Prints the report of a run that cannot be saved, and ends the process. Of several such runs the first one has
    /// the last word.
    fn end_process(&self, report: &Report) -> ! {
        static LAST_WORD: Mutex<()> = Mutex::new(());
        let _last_word = LAST_WORD.lock().unwrap_or_else(PoisonError::into_inner);
        // Not eprint!: libtest would capture it, and this process has no chance to show it later. If the
        // standard error is closed, the exit code still tells.
        let _ = std::io::stderr().write_all(report.printed().as_bytes());
        std::process::exit(FAILED);
    }

    /// Everything in it is written in one step, so a poisoned lock tells nothing.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn runtime(self: &Arc<Self>) -> Runtime {
        // The runtime's handle is in the recorder's clock: what its hooks hold must not hold the run.
        let (parking, unparking) = (Arc::clone(&self.pulse), Arc::clone(&self.pulse));
        let run = Arc::downgrade(self);
        Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .on_thread_park(move || {
                if parking.park() == FIRST_STEPS {
                    keep_first_steps();
                }
            })
            .on_thread_unpark(move || unparking.unpark())
            .on_thread_start(move || CURRENT.set(run.upgrade()))
            .on_thread_stop(|| CURRENT.set(None))
            .build()
            .expect("a current-thread runtime without I/O needs nothing from the system")
    }

    async fn root(&self, mut body: Body<'_>) -> Ended {
        let _recording = self.recorder.install();
        // Out of the cooperative budget: a timer that has used up its turn would wake the root, and
        // the answer would see polls that nobody asked for.
        let mut far = pin!(tokio::task::unconstrained(tokio::time::sleep(FAR)));
        let ended = std::future::poll_fn(|cx| {
            self.pulse.root_polled(cx.waker());
            if far.as_mut().poll(cx).is_ready() {
                self.pulse.stop(self.pulse.at_the_far_end(FAR));
            }
            self.poll_answer(body.as_mut(), cx)
        })
        .await;
        // Its destructors may panic; what the run was about is known by now.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(body)));
        ended
    }

    fn poll_answer(
        &self,
        answer: Pin<&mut (dyn Future<Output = ()> + '_)>,
        cx: &mut Context<'_>,
    ) -> Poll<Ended> {
        if let Some(stop) = self.pulse.stopped() {
            return Poll::Ready(Ended::Stopped(stop, self.timeline()));
        }
        let began = Instant::now();
        self.pulse.poll_begins();
        let polled = catch_unwind(AssertUnwindSafe(|| answer.poll(cx)));
        self.pulse.poll_ends();
        self.held(began.elapsed());
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(())) if self.pulse.was_held() => {
                Poll::Ready(Ended::Held(self.timeline()))
            }
            Ok(Poll::Ready(())) => Poll::Ready(Ended::Finished),
            Err(payload) => Poll::Ready(Ended::Panicked(payload, self.timeline())),
        }
    }

    fn held(&self, time: Duration) {
        let mut seen = self.seen();
        seen.held = seen.held.max(time);
    }
}

/// Remembers how a run began. Called by the runtime, on the run's thread.
fn keep_first_steps() {
    if let Some(run) = Run::current() {
        let timeline = run.timeline();
        run.seen().first_steps = Some(timeline);
    }
}

/// While it lives, this thread works for a run.
struct Inside {
    before: Option<Arc<Run>>,
}

impl Inside {
    fn enter(run: &Arc<Run>) -> Self {
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
