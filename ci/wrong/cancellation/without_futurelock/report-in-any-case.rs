//! The report is run after the time limit, needed or not. Caught by `without_futurelock::a_quick_query_needs_no_report`, which says "in any case".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let report = async {
        sleep(slow_after).await;
        report.await;
    };
    let (output, ()) = tokio::join!(query, report);
    output
}
