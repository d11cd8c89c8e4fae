//! The second result is looked at when the first request has ended. Caught by `hedge::the_first_success_wins`, which says "only when the first request has ended".

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
        Either::Left((Ok(value), _)) => Ok(value),
        Either::Left((Err(_), second)) => second.await,
        Either::Right((result, first)) => first.await.or(result),
    }
}
