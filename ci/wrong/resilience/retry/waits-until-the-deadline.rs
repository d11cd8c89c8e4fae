//! It sleeps until the deadline before it returns. Caught by `retry::ends_at_the_deadline`, which says "waits until the deadline".

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
            _ => {
                sleep_until(deadline).await;
                break;
            }
        }
    }
    Err(RetryError::Deadline(last))
}
