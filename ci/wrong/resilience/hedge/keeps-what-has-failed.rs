//! A request that has failed is dropped at the end only. Caught by `hedge::one_failure_does_not_fail_both`, which says "is still in a variable while the other one is awaited".

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut first = Box::pin(request());
    match tokio::time::timeout(delay, &mut first).await {
        Ok(Ok(value)) => return Ok(value),
        Ok(Err(_)) => return request().await,
        Err(_) => {}
    }
    let mut second = Box::pin(request());
    let (failed, is_first) = match select(&mut first, &mut second).await {
        Either::Left((result, _)) => (result, true),
        Either::Right((result, _)) => (result, false),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(_) if is_first => second.await,
        Err(_) => first.await,
    }
}
