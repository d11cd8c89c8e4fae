//! The query is not polled before the time is up. Caught by `without_futurelock::a_quick_query_needs_no_report`, which says "is not polled before".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    sleep(slow_after).await;
    tokio::join!(query, report).0
}
