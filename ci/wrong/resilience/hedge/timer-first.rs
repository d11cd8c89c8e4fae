//! The timer is polled before the request. Caught by `hedge::ties_are_decided`, which says "the timer is polled before".

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    let first = match select(Box::pin(sleep(delay)), first).await {
        Either::Right((Ok(value), _)) => return Ok(value),
        Either::Right((Err(_), _)) => None,
        Either::Left(((), first)) => Some(first),
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
