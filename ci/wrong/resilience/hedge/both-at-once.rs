//! Both requests are sent at once. Caught by `hedge::the_first_success_wins`, which says "both requests are sent at once".

pub async fn hedge<T, E, F>(_delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let (first, second) = (Box::pin(request()), Box::pin(request()));
    let (failed, other) = match select(first, second).await {
        Either::Left((result, second)) => (result, second),
        Either::Right((result, first)) => (result, first),
    };
    match failed {
        Ok(value) => Ok(value),
        Err(_) => other.await,
    }
}
