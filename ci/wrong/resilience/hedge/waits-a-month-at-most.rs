//! The second request is sent after a month, however long the delay is. Caught by `hedge::a_request_may_take_any_time`, which says "a long delay is cut".

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    let first = match select(
        first,
        Box::pin(sleep(delay.min(Duration::from_secs(30 * 24 * 60 * 60)))),
    )
    .await
    {
        Either::Left((Ok(value), _)) => return Ok(value),
        Either::Left((Err(_), _)) => None,
        Either::Right(((), first)) => Some(first),
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
