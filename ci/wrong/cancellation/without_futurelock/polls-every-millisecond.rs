//! Until `slow_after` is over, it looks at the query every millisecond. Caught by `without_futurelock::waits_without_polling`, which says "looks whether something has changed".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    let start = tokio::time::Instant::now();
    loop {
        tokio::select! { biased; output = &mut query => return output, () = sleep(Duration::from_millis(1)) => {} }
        if start.elapsed() >= slow_after {
            break;
        }
    }
    let (output, ()) = tokio::join!(query, report);
    output
}
