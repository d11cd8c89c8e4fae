//! A query that takes more than a minute gets no report. Caught by `without_futurelock::a_long_wait_before_the_report_is_no_exception`, which says "report starts".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    if slow_after > Duration::from_secs(60) {
        return query.await;
    }
    let mut query = pin!(query);
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = sleep(slow_after) => {}
    }
    let (output, ()) = tokio::join!(query, report);
    output
}
