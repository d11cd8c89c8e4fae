//! The report starts together with the query. Caught by `without_futurelock::a_quick_query_needs_no_report`, which says "starts together with".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let report = async {
        report.await;
        sleep(slow_after).await;
    };
    let (output, ()) = tokio::join!(query, report);
    output
}
