//! A wait that is too long for an instant is cut to thirty years, although the deadline may be later. Caught by `retry::an_endless_wait_does_not_overflow`, which says "returned nothing".

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
        let begins = Instant::now() + wait.min(Duration::from_secs(30 * 365 * 24 * 60 * 60));
        if begins >= deadline {
            break;
        }
        sleep_until(begins).await;
    }
    Err(RetryError::Deadline(last))
}
