//! The time is rounded down to whole milliseconds. Caught by `without_futurelock::both_run_concurrently`, which says "Expected:".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! { biased; output = &mut query => return output, () = sleep(Duration::from_millis(slow_after.as_millis() as u64)) => {} }
    let (output, ()) = tokio::join!(query, report);
    output
}
