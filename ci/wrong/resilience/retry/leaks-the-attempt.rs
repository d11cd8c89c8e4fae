//! An attempt that is cut short is not dropped. Caught by `retry::ends_at_the_deadline`, which says "the attempt is not dropped".

use std::mem::ManuallyDrop;

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
        let mut calling = ManuallyDrop::new(Box::pin(attempt()));
        let Ok(result) = timeout_at(deadline, calling.as_mut()).await else {
            break;
        };
        drop(ManuallyDrop::into_inner(calling));
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
