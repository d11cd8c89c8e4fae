//! Resilience: pauses with full jitter, retries until a deadline, a circuit breaker with one probe, and hedged requests.
//!
//! Durations are whole milliseconds, which is what tokio's timer counts in, and at most a thousand years: an instant so far
//! ahead still exists. No function here spawns a task.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;

/// The pauses between the attempts of one request: exponential backoff with full jitter.
///
/// Each pause takes a random time from zero to its *ceiling*. The ceiling of the first pause is `base`. It doubles with each
/// pause that has ended, and is never more than `cap`.
pub struct Backoff<R> {
    // Replace this field with yours.
    _random: std::marker::PhantomData<R>,
}

impl<R: FnMut(u64) -> u64> Backoff<R> {
    /// Creates the pauses of a request. `random(most)` returns a number from 0 to `most`, both included.
    ///
    /// `base` may be zero, and it may be longer than `cap`: then each ceiling is `cap`.
    pub fn new(base: Duration, cap: Duration, random: R) -> Self {
        todo!()
    }

    /// Waits for the next pause.
    ///
    /// - At its first poll it calls `random` once, with its ceiling in milliseconds, and then waits for as many
    ///   milliseconds as that returns.
    /// - However many pauses have ended, no computation overflows: a ceiling that has reached `cap` stays there.
    ///
    /// # Cancel safety
    ///
    /// A pause that is dropped before it has ended does not count: the next pause has the same ceiling, and draws a new
    /// number.
    pub async fn pause(&mut self) {
        todo!()
    }

    /// The next pause is a first one again, as after a success.
    pub fn reset(&mut self) {
        todo!()
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
    /// An attempt has failed permanently, with this error.
    Permanent(E),
    /// As many attempts as are allowed have failed. This is the error of the last one.
    Exhausted(E),
    /// The deadline does not allow another attempt, or has ended one. This is the error of the last attempt that has failed.
    Deadline(Option<E>),
}

/// Makes attempts, one after the other, until one succeeds, and returns its value.
///
/// - It makes at most `attempts` attempts: `attempt()` is called for each, and its future awaited. The first one begins at the first
///   poll.
/// - An attempt begins before `deadline`, or not at all. If `deadline` has passed at the first poll, or is that instant, no
///   attempt is made.
/// - After the nth failure that is transient, if another attempt is allowed, `pause(n)` is called once. It returns how long to
///   wait, and may return `Duration::MAX`. If the server asks for a longer wait, that is the wait, however long it is.
/// - The next attempt begins exactly when the wait is over. If that would not be before `deadline`, it does not wait, and
///   returns at once.
/// - An attempt that is not ready at `deadline` is dropped. One that is ready exactly then counts.
///
/// # Errors
///
/// - [`RetryError::Permanent`] in the poll in which an attempt fails permanently.
/// - [`RetryError::Exhausted`] in the poll in which the last allowed attempt fails. It does not wait after that.
/// - [`RetryError::Deadline`] if an attempt is dropped at `deadline`, if the next one would not begin before it, or if none was made.
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
    todo!()
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
///
/// - *Closed*: all calls are made. A failure counts, and a success sets the count to zero. The breaker opens when the count
///   reaches `failures`.
/// - *Open*: all calls are refused, until `pause` has passed since it opened.
/// - *Half-open*, from exactly that instant on: the next call that begins is the *probe*. While the probe is in progress, all
///   others are refused. If it succeeds, the breaker is closed, and its count is zero. If it fails, the breaker is open again, for
///   the whole `pause` from then on.
///
/// A call begins with its first poll. An operation *fails* if it returns an error or panics. The result of a call counts only
/// if the breaker has not changed its state since the call began. A call that began before the breaker opened changes nothing
/// after that, whether it fails or succeeds, even if the breaker has been closed again.
pub struct CircuitBreaker {
    // Replace this field with yours.
    _pause: std::marker::PhantomData<Duration>,
}

impl CircuitBreaker {
    /// Creates a breaker that is closed.
    pub fn new(failures: NonZeroU32, pause: Duration) -> Self {
        todo!()
    }

    /// Awaits `operation` if the state allows it.
    ///
    /// The state changes in the poll in which `operation` is ready, also if the future of `call` is not dropped yet.
    ///
    /// # Errors
    ///
    /// - [`CallError::Refused`] at the first poll, if the call is refused. Then `operation` is not polled.
    /// - [`CallError::Failed`] with the error of `operation`.
    ///
    /// # Panics
    ///
    /// If `operation` panics, with the same payload.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `operation`, which has then neither failed nor succeeded. If it was the probe, its place is
    /// free: the breaker stays half-open, and the next call that begins is the probe. A future that is dropped before its first poll has
    /// no effect.
    pub async fn call<T, E>(
        &self,
        operation: impl Future<Output = Result<T, E>>,
    ) -> Result<T, CallError<E>> {
        todo!()
    }

    /// The state at this instant.
    pub fn state(&self) -> State {
        todo!()
    }
}

/// Sends a request, and a second one if the first one is slow or fails. Returns the first value.
///
/// - `request` is called at the first poll, and its future is awaited. If it has not succeeded after `delay`, `request` is
///   called once more, and both futures are awaited.
/// - If the first request fails before `delay` has passed, the second one is sent at that instant.
/// - A request that succeeds exactly when `delay` is over is in time: no second one is sent. `delay` may be `Duration::MAX`.
/// - The first success is returned in the poll in which it is ready. If both succeed in the same poll, it is that of the
///   first request.
/// - When one of two requests has failed, the other one goes on.
/// - A request is dropped when it has ended or has lost: when this function has returned, none is left, also if its future is not dropped yet.
///
/// # Errors
///
/// If both requests have failed, the error of the one that failed last. If they fail in the same poll, it is that of the second
/// request.
///
/// # Cancel safety
///
/// Dropping the future drops the requests.
pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    todo!()
}
