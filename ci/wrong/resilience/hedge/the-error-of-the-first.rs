//! The error of the first request is returned. Caught by `hedge::returns_the_last_error`, which says "the error of the first request is returned".

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    let first = match select(first, Box::pin(sleep(delay))).await {
        Either::Left((Ok(value), _)) => return Ok(value),
        Either::Left((Err(error), _)) => return request().await.or(Err(error)),
        Either::Right(((), first)) => first,
    };
    let second = Box::pin(request());
    match select(first, second).await {
        Either::Left((Ok(value), _)) | Either::Right((Ok(value), _)) => Ok(value),
        Either::Left((Err(error), second)) => second.await.or(Err(error)),
        Either::Right((Err(_), first)) => first.await,
    }
}
