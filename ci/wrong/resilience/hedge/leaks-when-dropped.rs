//! A request that is in progress is leaked when the future is dropped. Caught by `hedge::dropping_it_drops_both_requests`, which says "was leaked".

use std::mem::ManuallyDrop;

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut first = ManuallyDrop::new(Box::pin(request()));
    let ended = match select(first.as_mut(), Box::pin(sleep(delay))).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(((), _)) => None,
    };
    let first = ManuallyDrop::into_inner(first);
    let first = match ended {
        Some(Ok(value)) => return Ok(value),
        Some(Err(_)) => None,
        None => Some(first),
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
