//! Calls and the tasks that they spawn, run one step at a time.
//!
//! The runtime polls its root future between any two polls of tasks (its event interval is 1), if the root was
//! woken. So a root that wakes itself sees every step. But it must not wake itself when no task is ready, because
//! the paused clock advances only when the runtime is idle. A sentinel task tells when that is: it is woken, and if
//! it is polled before any other task, the queue of ready tasks was empty.
//!
//! The order of polls is the one of a runtime with the usual event interval: the calls are polled when no task is
//! ready, or after 61 tasks. There is one exception. A task that calls `yield_now` is queued again at once, not
//! when the queue is empty.

use std::any::Any;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker};

use tokio::runtime::Handle;

use crate::run::{Body, Run};

/// After this many tasks a runtime with the usual event interval polls its root.
const EVENT_INTERVAL: usize = 61;

/// What happened, or happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// This call was woken, or has not been polled yet, and is polled next.
    Due { call: usize },
    /// This call was polled.
    Polled { call: usize, ready: bool },
    /// A spawned task was polled.
    TaskPolled,
    /// No task was ready and no call was woken, until the clock advanced.
    Idle,
}

/// Calls in progress. Each is polled when it was woken, in the order of the wake-ups.
pub(super) struct Steps<'a> {
    run: &'a Run,
    calls: Vec<Call<'a>>,
    woken: Arc<WokenCalls>,
    sentinel: Sentinel,
    phase: Phase,
}

struct Call<'a> {
    /// `None` when it is ready or was dropped.
    future: Option<Body<'a>>,
    waker: Arc<CallWaker>,
    /// How often it was pending.
    waits: usize,
}

/// What the next poll of the root does.
#[derive(Debug, Clone, Copy)]
enum Phase {
    PickCall,
    PollCall { call: usize },
    LetTaskRun { polled: usize },
    TaskHasRun { polled: usize },
    BecomeIdle,
    WasIdle,
}

impl<'a> Steps<'a> {
    pub(super) fn new(run: &'a Run, calls: Vec<Body<'a>>, sentinel: Sentinel) -> Self {
        let woken = Arc::new(WokenCalls {
            queue: Mutex::new((0..calls.len()).collect()),
            root: Mutex::new(Waker::noop().clone()),
        });
        let calls = calls.into_iter().enumerate().map(|(call, future)| Call {
            future: Some(future),
            waker: Arc::new(CallWaker {
                call,
                woken: AtomicBool::new(true),
                calls: Arc::clone(&woken),
            }),
            waits: 0,
        });
        let calls: Vec<Call<'_>> = calls.collect();
        run.set_calls(calls.iter().map(|call| {
            let waker: Weak<CallWaker> = Arc::downgrade(&call.waker);
            let shared: Weak<dyn Any + Send + Sync> = waker;
            shared
        }));
        Self {
            run,
            calls,
            woken,
            sentinel,
            phase: Phase::PickCall,
        }
    }

    /// Goes one step further. `None` if no call is in progress.
    pub(super) async fn next(&mut self) -> Option<Step> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Drops this call. Returns whether it was in progress.
    pub(super) fn cancel(&mut self, call: usize) -> bool {
        self.run.call_ended(call);
        self.calls[call].future.take().is_some()
    }

    /// How often this call was pending.
    pub(super) fn waits(&self, call: usize) -> usize {
        self.calls[call].waits
    }

    /// Whether this call was woken and not polled since then.
    pub(super) fn is_woken(&self, call: usize) -> bool {
        self.calls[call].waker.woken.load(Relaxed)
    }

    pub(super) fn count(&self) -> usize {
        self.calls.len()
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Step>> {
        lock(&self.woken.root).clone_from(cx.waker());
        while self.calls.iter().any(|call| call.future.is_some()) {
            match self.phase {
                Phase::PickCall => {
                    let next = lock(&self.woken.queue).pop_front();
                    let Some(call) = next else {
                        self.phase = Phase::LetTaskRun { polled: 0 };
                        continue;
                    };
                    if self.calls[call].future.is_some() {
                        self.phase = Phase::PollCall { call };
                        return Poll::Ready(Some(Step::Due { call }));
                    }
                }
                Phase::PollCall { call } => {
                    self.phase = Phase::PickCall;
                    if let Some(ready) = self.calls[call].poll() {
                        if ready {
                            self.run.call_ended(call);
                        }
                        return Poll::Ready(Some(Step::Polled { call, ready }));
                    }
                }
                Phase::LetTaskRun { polled } => {
                    self.sentinel.wake();
                    self.phase = Phase::TaskHasRun { polled };
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Phase::TaskHasRun { polled } => match self.sentinel.ran() {
                    Ran::Task => {
                        let polled = polled + 1;
                        self.phase = if polled == EVENT_INTERVAL {
                            Phase::PickCall
                        } else {
                            Phase::LetTaskRun { polled }
                        };
                        return Poll::Ready(Some(Step::TaskPolled));
                    }
                    Ran::LastOfTasks => self.phase = Phase::LetTaskRun { polled },
                    Ran::Nothing if !lock(&self.woken.queue).is_empty() => {
                        self.phase = Phase::PickCall;
                    }
                    // Threads of blocking jobs queue the tasks that they wake elsewhere.
                    Ran::Nothing if Handle::current().metrics().global_queue_depth() > 0 => {
                        self.phase = Phase::LetTaskRun { polled };
                    }
                    Ran::Nothing => self.phase = Phase::BecomeIdle,
                },
                Phase::BecomeIdle => {
                    self.phase = Phase::WasIdle;
                    self.run.wake_root_after_idling(true);
                    return Poll::Pending;
                }
                Phase::WasIdle => {
                    self.phase = Phase::PickCall;
                    self.run.wake_root_after_idling(false);
                    return Poll::Ready(Some(Step::Idle));
                }
            }
        }
        Poll::Ready(None)
    }
}

impl Call<'_> {
    /// Polls it, and returns whether it is ready. `None` if it is not in progress.
    fn poll(&mut self) -> Option<bool> {
        let future = self.future.as_mut()?;
        self.waker.woken.store(false, Relaxed);
        let waker = Waker::from(Arc::clone(&self.waker));
        let ready = future
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready();
        if ready {
            self.future = None;
        } else {
            self.waits += 1;
        }
        Some(ready)
    }
}

/// The calls that were woken, in order, and the waker of the root that polls them.
struct WokenCalls {
    queue: Mutex<VecDeque<usize>>,
    root: Mutex<Waker>,
}

struct CallWaker {
    call: usize,
    woken: AtomicBool,
    calls: Arc<WokenCalls>,
}

impl Wake for CallWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.woken.swap(true, Relaxed) {
            lock(&self.calls.queue).push_back(self.call);
            let root = lock(&self.calls.root).clone();
            root.wake();
        }
    }
}

/// A task that tells which tasks were polled. It is alive until the runtime shuts down.
pub(super) struct Sentinel {
    task: Arc<SentinelTask>,
    /// Whether it is in the queue of ready tasks.
    queued: bool,
    /// Whether no task was polled since it was queued.
    alone: bool,
}

#[derive(Default)]
struct SentinelTask {
    polled: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

/// What the runtime polled between two polls of its root.
enum Ran {
    Task,
    /// The sentinel, and tasks before it.
    LastOfTasks,
    /// The sentinel, and nothing else: no task was ready.
    Nothing,
}

impl Sentinel {
    /// Spawns the task and waits until it has been polled once. It should be alive before tasks are counted.
    pub(super) async fn spawn() -> Self {
        let task = Arc::<SentinelTask>::default();
        let spawned = Arc::clone(&task);
        tokio::spawn(poll_fn(move |cx| {
            *lock(&spawned.waker) = Some(cx.waker().clone());
            spawned.polled.store(true, Relaxed);
            Poll::<()>::Pending
        }));
        while !task.polled.swap(false, Relaxed) {
            tokio::task::yield_now().await;
        }
        Self {
            task,
            queued: false,
            alone: false,
        }
    }

    fn wake(&mut self) {
        if self.queued {
            return;
        }
        (self.queued, self.alone) = (true, true);
        if let Some(waker) = &*lock(&self.task.waker) {
            waker.wake_by_ref();
        }
    }

    fn ran(&mut self) -> Ran {
        if !self.task.polled.swap(false, Relaxed) {
            self.alone = false;
            return Ran::Task;
        }
        self.queued = false;
        if self.alone {
            Ran::Nothing
        } else {
            Ran::LastOfTasks
        }
    }
}

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use tokio::sync::mpsc;
    use tokio::task::JoinSet;
    use tokio::time::sleep;

    use super::{Body, Run, Sentinel, Step, Steps, lock};
    use crate::clock::{Clock, ms};

    /// Who was polled when.
    #[derive(Clone)]
    struct Log {
        lines: Arc<Mutex<Vec<(Duration, String)>>>,
        clock: Clock,
    }

    impl Log {
        fn new() -> Self {
            Self {
                lines: Arc::default(),
                clock: Clock::start(),
            }
        }

        fn line(&self, line: impl Into<String>) {
            lock(&self.lines).push((self.clock.elapsed(), line.into()));
        }
    }

    /// Tasks that spawn tasks, wait for timers and for each other; more are ready than are polled in a row.
    async fn busy(log: &Log) {
        let (to_answer, mut messages) = mpsc::channel(2);
        let mut tasks = JoinSet::new();
        for number in 0..100 {
            let (log, to_answer) = (log.clone(), to_answer.clone());
            tasks.spawn(async move {
                log.line(format!("task {number} starts"));
                sleep(ms(number % 7)).await;
                let nested = tokio::spawn({
                    let log = log.clone();
                    async move {
                        sleep(ms(number % 3)).await;
                        log.line(format!("in task {number}"));
                    }
                });
                let _ = to_answer.send(number).await;
                log.line(format!("task {number} has sent"));
                let _ = nested.await;
                log.line(format!("task {number} ends"));
            });
        }
        drop(to_answer);
        tokio::task::yield_now().await;
        log.line("the answer has yielded");
        while let Some(number) = messages.recv().await {
            log.line(format!("the answer has received {number}"));
            if number % 10 == 0 {
                sleep(ms(1)).await;
            }
        }
        tasks.join_all().await;
        log.line("the answer ends");
    }

    fn lines_of(play: impl AsyncFn(&Run, Body<'_>), in_steps: bool) -> Vec<(Duration, String)> {
        let run = Run::new("dropping::tests::busy::{{closure}}", file!());
        let mut lines = Vec::new();
        let body: Body<'_> = Box::pin(async {
            let log = Log::new();
            play(&run, Box::pin(busy(&log))).await;
            lines = lock(&log.lines).clone();
        });
        let played = if in_steps {
            run.play_in_steps(body)
        } else {
            run.play(body)
        };
        assert!(played.is_ok());
        lines
    }

    #[test]
    fn everything_happens_in_the_order_and_at_the_times_of_a_plain_run() {
        let plain = lines_of(async |_, answer| answer.await, false);
        let steps = Mutex::new(Vec::new());
        let in_steps = async |run: &Run, answer: Body<'_>| {
            let mut calls = Steps::new(run, vec![answer], Sentinel::spawn().await);
            while let Some(step) = calls.next().await {
                lock(&steps).push(step);
            }
        };
        assert_eq!(lines_of(in_steps, true), plain);
        let count =
            |wanted: fn(&Step) -> bool| lock(&steps).iter().filter(|step| wanted(step)).count();
        assert!(count(|step| *step == Step::TaskPolled) >= 300);
        assert!(count(|step| *step == Step::Idle) >= 6);
    }
}
