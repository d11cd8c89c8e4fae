//! A failure before the delay is returned. Caught by `hedge::one_failure_does_not_fail_both`, which says "ends the call".

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    let first = match select(first, Box::pin(sleep(delay))).await {
        Either::Left((result, _)) => return result,
        Either::Right(((), first)) => first,
    };
    let second = Box::pin(request());
    let (failed, other) = match select(first, second).await {
        Either::Left((result, second)) => (result, second),
        Either::Right((result, first)) => (result, first),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(_) => other.await,
    }
}
