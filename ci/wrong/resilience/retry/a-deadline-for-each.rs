//! Each attempt has the whole time. Caught by `retry::ends_at_the_deadline`, which says "each attempt has the whole time".

use tokio::time::timeout;

pub async fn retry<T, E>(
    attempts: NonZeroU32,
    deadline: Instant,
    mut pause: impl FnMut(u32) -> Duration,
    mut attempt: impl AsyncFnMut() -> Result<T, Failure<E>>,
) -> Result<T, RetryError<E>> {
    let limit = deadline.saturating_duration_since(Instant::now());
    let mut last = None;
    for number in 1.. {
        let Ok(result) = timeout(limit, attempt()).await else {
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
        sleep(wait).await;
    }
    Err(RetryError::Deadline(last))
}
