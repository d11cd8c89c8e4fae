//! The time is rounded down to whole seconds. Caught by `without_futurelock::a_quick_query_needs_no_report`, which says "rounded down to whole seconds".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    match timeout(Duration::from_secs(slow_after.as_secs()), &mut query).await {
        Ok(output) => output,
        Err(_) => tokio::join!(query, report).0,
    }
}
