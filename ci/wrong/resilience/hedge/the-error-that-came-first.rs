//! The error that came first is returned. Caught by `hedge::returns_the_last_error`, which says "the error that came first".

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
    let (failed, other) = match select(first, second).await {
        Either::Left((result, second)) => (result, second),
        Either::Right((result, first)) => (result, first),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(error) => other.await.or(Err(error)),
    }
}
