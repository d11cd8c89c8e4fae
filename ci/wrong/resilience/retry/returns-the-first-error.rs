//! The first error is returned. Caught by `retry::ends_after_so_many_attempts`, which says "the first error is returned".

pub async fn retry<T, E>(
    attempts: NonZeroU32,
    deadline: Instant,
    mut pause: impl FnMut(u32) -> Duration,
    mut attempt: impl AsyncFnMut() -> Result<T, Failure<E>>,
) -> Result<T, RetryError<E>> {
    let mut first = None;
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
        let error = first.take().unwrap_or(error);
        if number == attempts.get() {
            return Err(RetryError::Exhausted(error));
        }
        first = Some(error);
        let wait = pause(number).max(retry_after.unwrap_or_default());
        match Instant::now().checked_add(wait) {
            Some(begins) if begins < deadline => sleep_until(begins).await,
            _ => break,
        }
    }
    Err(RetryError::Deadline(first))
}
