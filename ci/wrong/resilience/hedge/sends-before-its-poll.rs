//! The first request is sent when `hedge` is called. Caught by `hedge::the_first_success_wins`, which says "sent when `hedge` is called".

pub fn hedge<T, E, F>(
    delay: Duration,
    mut request: impl FnMut() -> F,
) -> impl Future<Output = Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    let first = Box::pin(request());
    async move {
        let first = match select(first, Box::pin(sleep(delay))).await {
            Either::Left((Ok(value), _)) => return Ok(value),
            Either::Left((Err(_), _)) => return request().await,
            Either::Right(((), first)) => first,
        };
        let (failed, other) = match select(first, Box::pin(request())).await {
            Either::Left((result, second)) => (result, second),
            Either::Right((result, first)) => (result, first),
        };
        match failed {
            Ok(value) => Ok(value),
            Err(_) => other.await,
        }
    }
}
