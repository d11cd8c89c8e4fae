//! The second request is polled first. Caught by `hedge::ties_are_decided`, which says "polled before the first one".

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
    let (failed, other) = match select(second, first).await {
        Either::Left((result, first)) => (result, first),
        Either::Right((result, second)) => (result, second),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(_) => other.await,
    }
}
