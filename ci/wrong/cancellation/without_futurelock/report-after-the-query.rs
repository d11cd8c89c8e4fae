//! There is no futurelock, because the report waits for the query to end. Caught by `without_futurelock::waits_for_both_when_the_query_has_the_connection`, which says "starts only when `query` is ready".

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
    let output = query.await;
    report.await;
    output
}
