//! The report is awaited in the handler, while the query is not polled. Caught by `without_futurelock::does_not_hang_when_the_lock_is_given_to_the_query`, which says "a futurelock".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! {
        biased;
        output = &mut query => output,
        () = sleep(slow_after) => {
            report.await;
            query.await
        }
    }
}
