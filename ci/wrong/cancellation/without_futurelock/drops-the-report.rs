//! The report is dropped as soon as the query is ready. Caught by `without_futurelock::waits_for_both_when_the_query_has_the_connection`, which says "`report` is dropped when `query` is ready".

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
    let mut report = pin!(report);
    tokio::select! {
        biased;
        output = &mut query => output,
        () = &mut report => query.await,
    }
}
