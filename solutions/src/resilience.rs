//! Resilience: pauses with full jitter, retries until a deadline, a circuit breaker with one probe, and hedged requests.
//!
//! What is remembered for later calls is changed when something has ended, and never before: whatever is dropped on the way
//! leaves no trace.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::future::{Either, select};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// The pauses between the attempts of one request: exponential backoff with full jitter.
pub struct Backoff<R> {
    base: Duration,
    cap: Duration,
    /// Of the next pause.
    ceiling: Duration,
    random: R,
}

impl<R: FnMut(u64) -> u64> Backoff<R> {
    /// Creates the pauses of a request. `random(most)` returns a number from 0 to `most`, both included.
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        Self {
            base,
            cap,
            ceiling: base.min(cap),
            random,
        }
    }

    /// Waits for the next pause.
    ///
    /// # Cancel safety
    ///
    /// A pause that is dropped before it has ended does not count.
    pub async fn pause(&mut self) {
        let most = u64::try_from(self.ceiling.as_millis()).unwrap_or(u64::MAX);
        sleep(Duration::from_millis((self.random)(most))).await;
        self.ceiling = self.ceiling.saturating_mul(2).min(self.cap);
    }

    /// The next pause is a first one again.
    pub fn reset(&mut self) {
        self.ceiling = self.base.min(self.cap);
    }
}

/// Why an attempt has failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<E> {
    /// Another attempt would fail as well, or must not be made.
    Permanent(E),
    /// Another attempt may succeed.
    Transient {
        /// What happened.
        error: E,
        /// How long the server asks to wait (`Retry-After`), if it does. It may be `Duration::MAX`.
        retry_after: Option<Duration>,
    },
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RetryError<E> {
    /// An attempt has failed permanently.
    Permanent(E),
    /// As many attempts as are allowed have failed.
    Exhausted(E),
    /// The deadline does not allow another attempt, or has ended one.
    Deadline(Option<E>),
}

/// Makes attempts, one after the other, until one succeeds, and returns its value.
///
/// # Errors
///
/// See [`RetryError`].
///
/// # Cancel safety
///
/// Dropping the future drops the attempt in progress, and no other one is made.
pub async fn retry<T, E>(
    attempts: NonZeroU32,
    deadline: Instant,
    mut pause: impl FnMut(u32) -> Duration,
    mut attempt: impl AsyncFnMut() -> Result<T, Failure<E>>,
) -> Result<T, RetryError<E>> {
    let mut last = None;
    for number in 1.. {
        if Instant::now() >= deadline {
            break;
        }
        let Ok(result) = timeout_at(deadline, attempt()).await else {
            break;
        };
        let (error, retry_after) = match result {
            Ok(value) => return Ok(value),
            Err(Failure::Permanent(error)) => return Err(RetryError::Permanent(error)),
            Err(Failure::Transient { error, retry_after }) => (error, retry_after),
        };
        if number == attempts.get() {
            return Err(RetryError::Exhausted(error));
        }
        last = Some(error);
        let wait = pause(number).max(retry_after.unwrap_or_default());
        match Instant::now().checked_add(wait) {
            Some(begins) if begins < deadline => sleep_until(begins).await,
            _ => break,
        }
    }
    Err(RetryError::Deadline(last))
}

/// What a [`CircuitBreaker`] does with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Makes it.
    Closed,
    /// Refuses it.
    Open,
    /// Makes it as the probe, or refuses it because there is a probe already.
    HalfOpen,
}

/// Why a call has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError<E> {
    /// The breaker has refused the call.
    Refused,
    /// The operation has returned this error.
    Failed(E),
}

/// Stops calling an upstream that fails, and finds out with one call at a time whether it works again.
pub struct CircuitBreaker {
    failures: NonZeroU32,
    pause: Duration,
    circuit: Mutex<Circuit>,
}

struct Circuit {
    phase: Phase,
    /// How often the phase has changed. It tells a call whether its result still counts.
    changes: u64,
}

enum Phase {
    Closed { failures_in_a_row: u32 },
    Open { until: Instant },
    Probing,
}

impl CircuitBreaker {
    /// Creates a breaker that is closed.
    pub fn new(failures: NonZeroU32, pause: Duration) -> Self {
        let phase = Phase::Closed {
            failures_in_a_row: 0,
        };
        Self {
            failures,
            pause,
            circuit: Mutex::new(Circuit { phase, changes: 0 }),
        }
    }

    /// Awaits `operation` if the state allows it.
    ///
    /// # Errors
    ///
    /// [`CallError::Refused`] if the call is refused, or [`CallError::Failed`] with the error of `operation`.
    ///
    /// # Panics
    ///
    /// If `operation` panics, with the same payload.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `operation`, which has then neither failed nor succeeded.
    pub async fn call<T, E>(
        &self,
        operation: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        let admission = self.admit().ok_or(CallError::Refused)?;
        match AssertUnwindSafe(operation).catch_unwind().await {
            Ok(result) => {
                admission.finish(result.is_err());
                result.map_err(CallError::Failed)
            }
            Err(payload) => {
                admission.finish(true);
                resume_unwind(payload)
            }
        }
    }

    /// The state at this instant.
    pub fn state(&self) -> State {
        match self.circuit().phase {
            Phase::Closed { .. } => State::Closed,
            Phase::Open { until } if Instant::now() < until => State::Open,
            Phase::Open { .. } | Phase::Probing => State::HalfOpen,
        }
    }

    fn admit(&self) -> Option<Admission<'_>> {
        let mut circuit = self.circuit();
        match circuit.phase {
            Phase::Closed { .. } => {}
            Phase::Open { until } if Instant::now() >= until => circuit.change(Phase::Probing),
            Phase::Open { .. } | Phase::Probing => return None,
        }
        Some(Admission {
            breaker: self,
            changes: circuit.changes,
        })
    }

    fn circuit(&self) -> MutexGuard<'_, Circuit> {
        self.circuit.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Circuit {
    fn change(&mut self, phase: Phase) {
        self.phase = phase;
        self.changes += 1;
    }
}

/// A call that was admitted. If it is dropped before it has finished, it frees the place of the probe.
struct Admission<'a> {
    breaker: &'a CircuitBreaker,
    changes: u64,
}

impl Admission<'_> {
    fn finish(self, has_failed: bool) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes != self.changes {
            return;
        }
        let failures = match circuit.phase {
            Phase::Closed { failures_in_a_row } => failures_in_a_row + 1,
            _ => self.breaker.failures.get(),
        };
        if has_failed && failures == self.breaker.failures.get() {
            let until = Instant::now() + self.breaker.pause;
            circuit.change(Phase::Open { until });
        } else if has_failed {
            circuit.phase = Phase::Closed {
                failures_in_a_row: failures,
            };
        } else {
            let is_probe = matches!(circuit.phase, Phase::Probing);
            circuit.phase = Phase::Closed {
                failures_in_a_row: 0,
            };
            circuit.changes += u64::from(is_probe);
        }
    }
}

impl Drop for Admission<'_> {
    fn drop(&mut self) {
        let mut circuit = self.breaker.circuit();
        if circuit.changes == self.changes && matches!(circuit.phase, Phase::Probing) {
            let until = Instant::now();
            circuit.change(Phase::Open { until });
        }
    }
}

/// Sends a request, and a second one if the first one is slow or fails. Returns the first value.
///
/// # Errors
///
/// If both requests have failed, the error of the one that failed last.
///
/// # Cancel safety
///
/// Dropping the future drops the requests.
pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    let first = match select(first, Box::pin(sleep(delay))).await {
        Either::Left((Ok(value), _)) => return Ok(value),
        Either::Left((Err(_), _)) => None,
        Either::Right(((), first)) => Some(first),
    };
    let second = Box::pin(request());
    let Some(first) = first else {
        return second.await;
    };
    let (failed, other) = match select(first, second).await {
        Either::Left((result, second)) => (result, second),
        Either::Right((result, first)) => (result, first),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(_) => other.await,
    }
}
