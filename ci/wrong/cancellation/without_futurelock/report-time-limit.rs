//! The report gets a second at most. Caught by `without_futurelock::both_run_concurrently`, which says "dropped before it is ready".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! { biased; output = &mut query => return output, () = sleep(slow_after) => {} }
    let (output, _) = tokio::join!(query, timeout(Duration::from_secs(1), report));
    output
}
