//! The report is dropped after a minute. Caught by `without_futurelock::a_long_wait_before_the_report_is_no_exception`, which says "report ends".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    match timeout(slow_after, &mut query).await {
        Ok(output) => output,
        Err(_) => {
            tokio::join!(
                query,
                timeout(slow_after.max(Duration::from_secs(60)), report)
            )
            .0
        }
    }
}
