use std::time::Duration;

use fastrand::Rng;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::Backoff;

/// Why an attempt failed, and whether another one may succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure<E> {
    /// The same attempt fails again, or must not be repeated.
    Permanent(E),
    /// Another attempt may succeed, but not before the pause that the server asks for.
    Transient {
        /// What happened.
        error: E,
        /// The pause that the server asks for.
        retry_after: Option<Duration>,
    },
}

/// Why there is no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RetryError<E> {
    /// An attempt failed in a way that is not tried again.
    #[error("the attempt failed for good")]
    Permanent(E),
    /// The last attempt that was allowed failed.
    #[error("all attempts failed")]
    Exhausted(E),
    /// There is no time for another attempt, or an attempt was not over at the deadline.
    #[error("the deadline has passed")]
    Deadline(Option<E>),
}

/// How often [`retry`] tries, and how long it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many attempts there are, the first one included.
    pub attempts: u32,
    /// The pauses between them.
    pub backoff: Backoff,
}

/// Awaits `attempt` until it succeeds, fails for good, the attempts are used up, or `deadline` has passed.
///
/// Between two attempts it waits for a pause with full jitter, or as long as the server asks for if that is longer. If the
/// deadline would pass during the pause, it does not wait at all.
///
/// # Errors
///
/// See [`RetryError`].
///
/// # Cancel safety
///
/// Dropping the future drops the attempt that is in progress.
pub async fn retry<T, E>(
    policy: RetryPolicy,
    deadline: Instant,
    rng: &mut Rng,
    mut attempt: impl AsyncFnMut() -> Result<T, Failure<E>>,
) -> Result<T, RetryError<E>> {
    let mut last = None;
    for retry in 0.. {
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
        if retry + 1 >= policy.attempts {
            return Err(RetryError::Exhausted(error));
        }
        let pause = policy.backoff.full_jitter(retry, rng);
        let pause = pause.max(retry_after.unwrap_or_default());
        last = Some(error);
        match Instant::now().checked_add(pause) {
            Some(at) if at < deadline => sleep_until(at).await,
            _ => break,
        }
    }
    Err(RetryError::Deadline(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    const POLICY: RetryPolicy = RetryPolicy {
        attempts: 4,
        backoff: Backoff {
            base: Duration::from_millis(100),
            cap: Duration::from_secs(1),
        },
    };

    fn transient(retry_after: Option<u64>) -> Result<(), Failure<&'static str>> {
        Err(Failure::Transient {
            error: "503",
            retry_after: retry_after.map(Duration::from_secs),
        })
    }

    async fn run(
        deadline: Duration,
        attempt: impl AsyncFnMut() -> Result<(), Failure<&'static str>>,
    ) -> (Result<(), RetryError<&'static str>>, Duration) {
        let start = Instant::now();
        let rng = &mut Rng::with_seed(1);
        let result = retry(POLICY, start + deadline, rng, attempt).await;
        (result, start.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_after_the_last_attempt() {
        let mut attempts = 0;
        let (result, _) = run(Duration::from_secs(60), async || {
            attempts += 1;
            transient(None)
        })
        .await;
        assert_eq!(result, Err(RetryError::Exhausted("503")));
        assert_eq!(attempts, 4);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_as_long_as_the_server_asks() {
        let mut answers = [transient(Some(7)), Ok(())].into_iter();
        let (result, took) = run(Duration::from_secs(60), async || {
            answers.next().unwrap_or(Ok(()))
        })
        .await;
        assert_eq!(result, Ok(()));
        assert_eq!(took, Duration::from_secs(7));
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_wait_for_a_pause_beyond_the_deadline() {
        let (result, took) = run(Duration::from_secs(5), async || transient(Some(5))).await;
        assert_eq!(result, Err(RetryError::Deadline(Some("503"))));
        assert_eq!(took, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn ends_an_attempt_at_the_deadline() {
        let (result, took) = run(Duration::from_secs(5), async || pending().await).await;
        assert_eq!(result, Err(RetryError::Deadline(None)));
        assert_eq!(took, Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn a_permanent_failure_is_not_tried_again() {
        let (result, took) = run(Duration::from_secs(5), async || {
            Err(Failure::Permanent("404"))
        })
        .await;
        assert_eq!(result, Err(RetryError::Permanent("404")));
        assert_eq!(took, Duration::ZERO);
    }
}
