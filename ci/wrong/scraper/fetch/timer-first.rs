//! The timer is polled before the call. Caught by `fetch::each_call_has_a_limit`, which says "the timer is looked at before the call".

async fn within<T>(
    time: Duration,
    limit: Limit,
    call: impl Future<Output = io::Result<T>>,
) -> Result<T, FetchError> {
    let timer = pin!(async move {
        // A timer is pending at its first poll.
        tokio::task::yield_now().await;
        tokio::time::sleep(time).await;
    });
    tokio::select! {
        biased;
        () = timer => Err(FetchError::TimedOut(limit)),
        result = call => result.map_err(FetchError::Io),
    }
}
