//! Every limit is reported as the total. Caught by `fetch::each_call_has_a_limit`, which says "whatever limit was up".

async fn within<T>(
    time: Duration,
    _limit: Limit,
    call: impl Future<Output = io::Result<T>>,
) -> Result<T, FetchError> {
    match timeout(time, call).await {
        Ok(result) => result.map_err(FetchError::Io),
        Err(_elapsed) => Err(FetchError::TimedOut(Limit::Total)),
    }
}
