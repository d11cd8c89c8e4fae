//! With a `slow_after` of zero there is no report. Caught by `without_futurelock::both_run_concurrently`, which says "Expected:".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    if slow_after.is_zero() {
        return query.await;
    }
    let mut query = pin!(query);
    tokio::select! { biased; output = &mut query => return output, () = sleep(slow_after) => {} }
    let (output, ()) = tokio::join!(query, report);
    output
}
