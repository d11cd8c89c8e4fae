//! The report is dropped after an hour. Caught by `without_futurelock::a_long_wait_before_the_report_is_no_exception`, which says "report ends at".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = sleep(slow_after) => {}
    }
    // `query` may hold the resource that `report` needs, or be next in its queue, so it has to be polled as well.
    let (output, _) = tokio::join!(query, timeout(Duration::from_secs(3600), report));
    output
}
