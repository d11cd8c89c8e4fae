//! Production: a supervisor that gives up, a readiness gate, a drain with a deadline, and configuration that reloads.
//!
//! Whatever waits here looks at the state in each poll. A wake-up says that something has changed, and not what is so now.

use std::any::Any;
use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::sync::atomic::{AtomicU64, Ordering::SeqCst};
use crate::sync::{Mutex, MutexGuard};

/// When a task is restarted, and when it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartPolicy {
    /// The pause after a first failure.
    pub base: Duration,
    /// The longest pause. It may be shorter than `base`.
    pub cap: Duration,
    /// A run that has lasted for this long or longer was healthy.
    pub healthy: Duration,
    /// This many failures within `window` are too many.
    pub max_failures: NonZeroU32,
    /// How long a failure counts. It is never zero.
    pub window: Duration,
}

/// How a run has failed.
#[derive(Debug)]
pub enum RunFailure<E> {
    /// It has returned this error.
    Error(E),
    /// It has panicked with this payload.
    Panic(Box<dyn Any + Send>),
}

/// Why there are no more runs.
#[derive(Debug)]
pub enum Outcome<E> {
    /// A run has returned `Ok(())`.
    Finished,
    /// The shutdown has begun.
    Cancelled,
    /// Too many runs have failed. This is the failure of the last one.
    GaveUp(RunFailure<E>),
}

/// Runs a background task, and starts it again when it fails, until it finishes, the service shuts down, or it has failed too
/// often.
///
/// # Cancel safety
///
/// Dropping the future drops the run in progress, and no other run begins.
pub async fn supervise<E, F>(
    policy: RestartPolicy,
    shutdown: CancellationToken,
    mut start: impl FnMut() -> F,
) -> Outcome<E>
where
    E: Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
{
    let mut history = History::new(policy);
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        let Some(result) = shutdown.run_until_cancelled(run_once(start())).await else {
            break;
        };
        let Err(failure) = result else {
            return Outcome::Finished;
        };
        let Some(pause) = history.pause_after(began, Instant::now()) else {
            return Outcome::GaveUp(failure);
        };
        shutdown.run_until_cancelled(sleep(pause)).await;
    }
    Outcome::Cancelled
}

/// Awaits one run, and turns its panic into a failure.
async fn run_once<E>(run: impl Future<Output = Result<(), E>>) -> Result<(), RunFailure<E>> {
    match AssertUnwindSafe(run).catch_unwind().await {
        Ok(result) => result.map_err(RunFailure::Error),
        Err(payload) => Err(RunFailure::Panic(payload)),
    }
}

/// What the supervisor remembers of the runs that have failed.
struct History {
    policy: RestartPolicy,
    next_pause: Duration,
    /// When the runs failed whose failures count.
    failures: VecDeque<Instant>,
}

impl History {
    fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            next_pause: policy.base.min(policy.cap),
            failures: VecDeque::new(),
        }
    }

    /// The pause after a run that has failed now, or `None` if that was one failure too many.
    fn pause_after(&mut self, began: Instant, now: Instant) -> Option<Duration> {
        let RestartPolicy {
            base,
            cap,
            healthy,
            max_failures,
            window,
        } = self.policy;
        self.failures.push_back(now);
        self.failures.retain(|at| now - *at < window);
        if self.failures.len() >= max_failures.get() as usize {
            return None;
        }
        if now - began >= healthy {
            self.next_pause = base.min(cap);
        }
        let pause = self.next_pause;
        self.next_pause = pause.saturating_mul(2).min(cap);
        Some(pause)
    }
}

/// What a readiness probe is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// All components are ready, and the service is not shutting down.
    Ready,
    /// At least one component is not ready.
    NotReady {
        /// The components that are not ready, in the order in which [`Readiness::new`] got them.
        missing: Vec<String>,
    },
    /// The service is shutting down.
    ShuttingDown,
}

/// The error of a wait that can no longer succeed: the service is shutting down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShuttingDown;

/// Says whether a service is ready: when all its components are, and until it shuts down.
///
/// Clones belong to the same service.
#[derive(Clone)]
pub struct Readiness {
    service: Arc<watch::Sender<Service>>,
}

struct Service {
    components: Vec<Component>,
    is_shutting_down: bool,
}

struct Component {
    name: String,
    guards: usize,
}

/// A component is ready as long as this exists.
pub struct ReadyGuard {
    service: Arc<watch::Sender<Service>>,
    component: usize,
}

impl Readiness {
    /// Creates the gate of a service with these components, none of which is ready.
    pub fn new(components: &[&str]) -> Self {
        let mut service = Service {
            components: Vec::new(),
            is_shutting_down: false,
        };
        for name in components {
            if service.position(name).is_none() {
                service.components.push(Component {
                    name: (*name).to_owned(),
                    guards: 0,
                });
            }
        }
        Self {
            service: Arc::new(watch::Sender::new(service)),
        }
    }

    /// Reports that a component is ready, as long as the guard exists. Returns `None` if there is no component with this name.
    pub fn report(&self, component: &str) -> Option<ReadyGuard> {
        let component = self.service.borrow().position(component)?;
        self.service
            .send_modify(|service| service.components[component].guards += 1);
        Some(ReadyGuard {
            service: Arc::clone(&self.service),
            component,
        })
    }

    /// The status at this instant.
    pub fn status(&self) -> Status {
        self.service.borrow().status()
    }

    /// Begins the shutdown.
    pub fn shut_down(&self) {
        self.service
            .send_modify(|service| service.is_shutting_down = true);
    }

    /// Waits until the service is ready.
    ///
    /// # Errors
    ///
    /// [`ShuttingDown`] if the service is shutting down.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect on other waiters.
    pub async fn wait_ready(&self) -> Result<(), ShuttingDown> {
        let mut changes = self.service.subscribe();
        loop {
            match changes.borrow_and_update().status() {
                Status::Ready => return Ok(()),
                Status::ShuttingDown => return Err(ShuttingDown),
                Status::NotReady { .. } => {}
            }
            if changes.changed().await.is_err() {
                return Err(ShuttingDown);
            }
        }
    }
}

impl Service {
    fn position(&self, name: &str) -> Option<usize> {
        self.components
            .iter()
            .position(|component| component.name == name)
    }

    fn status(&self) -> Status {
        if self.is_shutting_down {
            return Status::ShuttingDown;
        }
        let missing = self
            .components
            .iter()
            .filter(|component| component.guards == 0);
        let missing: Vec<_> = missing.map(|component| component.name.clone()).collect();
        if missing.is_empty() {
            Status::Ready
        } else {
            Status::NotReady { missing }
        }
    }
}

impl Drop for ReadyGuard {
    fn drop(&mut self) {
        self.service
            .send_modify(|service| service.components[self.component].guards -= 1);
    }
}

/// How a drain has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// No request is in flight.
    Clean,
    /// The deadline was reached.
    DeadlineReached {
        /// The number of requests that are still in flight. It is never 0.
        abandoned: usize,
    },
    /// [`Drain::stop`] was called.
    Stopped {
        /// The number of requests that are still in flight. It is never 0.
        abandoned: usize,
    },
}

/// Counts the requests in flight, and waits for them when a service shuts down.
///
/// Clones are the same drain.
#[derive(Clone, Default)]
pub struct Drain {
    shared: Arc<Shared>,
}

/// A request that is in flight as long as this exists.
pub struct RequestGuard {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    requests: Mutex<Requests>,
    changed: Notify,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Requests {
    in_flight: usize,
    is_draining: bool,
    is_stopped: bool,
}

impl Drain {
    /// Creates a drain that has not begun. No request is in flight.
    pub fn new() -> Self {
        Self::default()
    }

    /// Admits a request, or returns `None` if the drain has begun.
    pub fn admit(&self) -> Option<RequestGuard> {
        let mut requests = self.shared.requests();
        if requests.is_draining {
            return None;
        }
        requests.in_flight += 1;
        Some(RequestGuard {
            shared: Arc::clone(&self.shared),
        })
    }

    /// The number of requests in flight.
    pub fn in_flight(&self) -> usize {
        self.shared.requests().in_flight
    }

    /// Begins the drain, for good.
    pub fn begin(&self) {
        self.shared.change(|requests| requests.is_draining = true);
    }

    /// Ends every call of [`drain`](Self::drain) at once.
    pub fn stop(&self) {
        self.shared.change(|requests| {
            requests.is_draining = true;
            requests.is_stopped = true;
        });
    }

    /// Waits until the drain has begun and no request is in flight.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect on other waiters.
    pub async fn drained(&self) {
        let is_drained = |requests: &Requests| requests.is_draining && requests.in_flight == 0;
        self.shared.wait_until(is_drained).await;
    }

    /// Begins the drain, and waits until no request is in flight, until `deadline`, or until [`stop`](Self::stop) is called.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future does not undo the begin.
    pub async fn drain(&self, deadline: Instant) -> Drained {
        self.begin();
        let is_over = |requests: &Requests| requests.in_flight == 0 || requests.is_stopped;
        // Why it has ended is in the state.
        let _ = timeout_at(deadline, self.shared.wait_until(is_over)).await;
        let requests = self.shared.requests();
        match requests.in_flight {
            0 => Drained::Clean,
            abandoned if requests.is_stopped => Drained::Stopped { abandoned },
            abandoned => Drained::DeadlineReached { abandoned },
        }
    }
}

impl Shared {
    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls `change`. If that changes anything, it wakes all waiters once the lock is released.
    fn change(&self, change: impl FnOnce(&mut Requests)) {
        let is_changed = {
            let mut requests = self.requests();
            let before = *requests;
            change(&mut requests);
            *requests != before
        };
        if is_changed {
            self.changed.notify_waiters();
        }
    }

    async fn wait_until(&self, is_over: impl Fn(&Requests) -> bool) {
        loop {
            // Made before the look at the state, it is woken by whatever changes after that.
            let changed = self.changed.notified();
            if is_over(&self.requests()) {
                return;
            }
            changed.await;
        }
    }
}

impl Drop for RequestGuard {
    fn drop(&mut self) {
        self.shared.change(|requests| requests.in_flight -= 1);
    }
}

/// A configuration that can be reloaded while it is used.
pub struct Reload<T, E, L> {
    load: L,
    config: watch::Sender<Arc<T>>,
    /// How many loads have begun.
    begun: AtomicU64,
    /// The last load that has ended. The lock is held while one is in progress.
    last: tokio::sync::Mutex<Option<Ended<T, E>>>,
}

struct Ended<T, E> {
    number: u64,
    result: Result<Arc<T>, E>,
}

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    /// Starts with this configuration, without a load.
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            config: watch::Sender::new(Arc::new(config)),
            begun: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        }
    }

    /// The current configuration.
    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.config.borrow())
    }

    /// Loads the configuration again, and returns it when it is the current one.
    ///
    /// # Errors
    ///
    /// If the load fails, all calls that it answers return its error.
    ///
    /// # Cancel safety
    ///
    /// If the call that runs a load is dropped, a call that waits begins the next one.
    pub async fn reload(&self) -> Result<Arc<T>, E> {
        let begun_before = self.begun.load(SeqCst);
        let mut last = self.last.lock().await;
        if let Some(ended) = last.as_ref()
            && ended.number > begun_before
        {
            return ended.result.clone();
        }
        let number = self.begun.fetch_add(1, SeqCst) + 1;
        let result = (self.load)().await.map(|config| self.replace(config));
        *last = Some(Ended {
            number,
            result: result.clone(),
        });
        result
    }

    /// Creates a watcher that has seen the current configuration.
    pub fn watch(&self) -> Watcher<T> {
        Watcher {
            config: self.config.subscribe(),
        }
    }

    /// Replaces the configuration if this is another one. Returns the current one.
    fn replace(&self, config: T) -> Arc<T> {
        self.config.send_if_modified(|current| {
            let is_another = **current != config;
            if is_another {
                *current = Arc::new(config);
            }
            is_another
        });
        self.current()
    }
}

/// Is told when the current configuration is replaced.
pub struct Watcher<T> {
    config: watch::Receiver<Arc<T>>,
}

impl<T> Watcher<T> {
    /// Waits until the configuration has been replaced since this watcher saw it, and returns the current one.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the watcher has seen nothing.
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.config.changed().await.ok()?;
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}
