//! The result that comes first is returned, also an error. Caught by `hedge::one_failure_does_not_fail_both`, which says "the first result is returned".

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
    match select(first, second).await {
        Either::Left((result, _)) | Either::Right((result, _)) => result,
    }
}
